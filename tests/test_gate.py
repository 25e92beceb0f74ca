import json
from pathlib import Path
from typing import Any, get_args

import pytest

import expectations
from expectations.docs import publish_data_docs, still
from expectations.gate import judge, load_suite, weigh
from paragraf.chat import PLAIN
from paragraf.errors import Damaged, NotValid
from paragraf.records import PARTS, Part, Record
from paragraf.validate import Drawn, Evidence, Feature, Frame, Suite, ValidateSettings
from paragraf.validate.corpus import corpus_rows
from paragraf.validate.frames import stacked
from paragraf.validate.parts import part_rows
from paragraf.validate.raw import raw_rows
from paragraf.verdict import NAMED_ROWS, Check
from tests.pages import Skeleton

SUITES: tuple[Suite, ...] = get_args(Suite)
LETTERS: dict[Suite, str] = {"raw": "R", "corpus": "C", "content": "T", "splits": "S", "chats": "D", "numbers": "N"}
FOLDER = Path(expectations.__file__).parent
SETTINGS = ValidateSettings(min_raw_rows=6, min_train_rows=4)
LIMITS = SETTINGS.parameters()
PESEL = "44051401359"
SUBJECTS = ["najem lokalu", "umowa o pracę", "spadek po matce", "rękojmia za wady", "urlop macierzyński", "służebność"]
EXPECTATION = {
    "type": "expect_column_values_to_be_between",
    "kwargs": {"column": "answer_chars", "min_value": 1},
    "severity": "critical",
    "meta": {"rule": "X01"},
    "description": "Every row answers something",
}
NUMBERS = {
    "rows_train": 6.0,
    "tokens_train": 9000.0,
    "dropped_share": 0.1,
    "changed_share": 0.2,
    "read_share": 1.0,
    "distinct_words": 0.5,
    "distinct_pairs": 0.9,
    "moving_type_token_ratio": 0.8,
    "question_likeness": 0.3,
    "question_likeness_to_all": 0.1,
    "area_largest_share": 0.3,
    "area_evenness": 0.9,
    "item_type_largest_share": 0.5,
    "task_largest_share": 0.9,
    "learned_share_mean": 0.6,
}
WORST = {
    "N01": ("rows_train", 3.0, "critical"),
    "N02": ("tokens_train", 4999.0, "warning"),
    "N03": ("dropped_share", 0.31, "warning"),
    "N04": ("changed_share", 0.51, "warning"),
    "N05": ("read_share", 0.94, "warning"),
    "N06": ("distinct_words", 0.24, "warning"),
    "N07": ("distinct_pairs", 0.49, "warning"),
    "N08": ("moving_type_token_ratio", 0.49, "warning"),
    "N09": ("question_likeness", 0.86, "warning"),
    "N10": ("question_likeness_to_all", 0.36, "warning"),
    "N11": ("area_largest_share", 0.51, "warning"),
    "N12": ("area_evenness", 0.59, "warning"),
    "N13": ("item_type_largest_share", 1.0, "info"),
    "N14": ("task_largest_share", 1.0, "info"),
    "N15": ("learned_share_mean", 0.14, "warning"),
}


def record(number: int, **held: Any) -> Record:
    subject = SUBJECTS[number % len(SUBJECTS)]
    return Record(
        **{
            "id": f"row-{number}",
            "question": f"Czy ustawa z roku {1900 + number} reguluje {subject} inaczej niż dawniej?",
            "answer": f"Tak, {subject} reguluje art. {number + 1} k.c., zmieniony po raz {number + 1}.",
            "area": f"dziedzina {number % 3}",
            "group": f"group-{number}",
        }
        | held
    )


def corpus(rows: int = 8) -> list[Record]:
    return [record(number) for number in range(rows)]


def parts(rows: int = 8) -> dict[Part, list[Record]]:
    held = corpus(rows)
    return dict(zip(PARTS, (held[:-2], held[-2:-1], held[-1:]), strict=True))


def raw_frame(rows: list[Record]) -> Frame:
    return raw_rows(rows).frame


def corpus_frame(rows: list[Record]) -> Frame:
    return corpus_rows(rows, 100).frame


def content_frame(rows: list[Record]) -> Frame:
    return corpus_rows(rows, 100).content


def splits_frame(held: dict[Part, list[Record]]) -> Frame:
    """Without any conversation counted, for no tokenizer is at hand."""
    return part_rows(held, no_tokenizer, PLAIN, SETTINGS.model_copy(update={"sample_rows": 0})).frame


def no_tokenizer() -> Any:
    raise AssertionError("nothing was to be counted")


def numbers_frame(**changed: Feature) -> Frame:
    return {"id": ["corpus"], **{name: [value] for name, value in (NUMBERS | changed).items()}}


def chats_frame(**changed: list[Feature]) -> Frame:
    names: list[Feature] = [f"row-{number}" for number in range(8)]
    return {"id": names, "tokens": [100] * 8, "learned_share": [0.5] * 8} | changed


def frame_of(suite: Suite) -> Frame:
    match suite:
        case "raw":
            return raw_frame(corpus())
        case "corpus":
            return corpus_frame(corpus())
        case "content":
            return content_frame(corpus())
        case "splits":
            return splits_frame(parts())
        case "chats":
            return chats_frame()
        case "numbers":
            return numbers_frame()


def failed(suite: Suite, frame: Frame) -> dict[str, Check]:
    return {check.rule: check for check in judge(suite, frame, LIMITS) if not check.passed}


def written(suite: Suite) -> list[dict[str, Any]]:
    expected: list[dict[str, Any]] = json.loads((FOLDER / f"{suite}.json").read_text("utf-8"))["expectations"]
    return expected


def suite_file(folder: Path, *items: dict[str, Any]) -> Path:
    path = folder / "suite.json"
    path.write_text(json.dumps({"name": "suite", "notes": "", "expectations": items}), "utf-8")
    return path


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_is_loaded_with_every_expectation_that_its_file_names(suite: Suite) -> None:
    loaded = load_suite(FOLDER / f"{suite}.json").expectations
    assert [(item.meta["rule"], item.severity.value, item.expectation_type) for item in loaded] == [
        (item["meta"]["rule"], item["severity"], item["type"]) for item in written(suite)
    ]


@pytest.mark.parametrize("suite", SUITES)
def test_every_expectation_has_a_description_a_severity_and_a_rule_of_its_suite(suite: Suite) -> None:
    items = written(suite)
    assert [item["meta"]["rule"] for item in items] == [f"{LETTERS[suite]}{at:02d}" for at in range(1, len(items) + 1)]
    assert all(item["description"] and item["severity"] in ("critical", "warning", "info") for item in items)


def test_every_threshold_of_the_suites_is_a_setting_and_every_setting_is_used() -> None:
    asked = {
        value["$PARAMETER"]
        for suite in SUITES
        for item in written(suite)
        for value in item["kwargs"].values()
        if isinstance(value, dict)
    }
    assert asked == set(LIMITS)


def test_there_is_no_suite_file_that_nobody_judges_by() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(SUITES)


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "critcal"},
        {"type": "expect_column_values_to_be_betwixt"},
        {"meta": {}},
        {"meta": {"rule": None}},
    ],
)
def test_an_expectation_that_would_be_passed_over_in_silence_is_damage(tmp_path: Path, change: dict[str, Any]) -> None:
    sound = EXPECTATION | {"meta": {"rule": "X02"}}
    with pytest.raises(Damaged, match=r"suite\.json: "):
        load_suite(suite_file(tmp_path, sound, EXPECTATION | change))


def test_a_lost_expectation_is_named(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"^suite\.json: X01 would be dropped; check the type and severity\.$"):
        load_suite(suite_file(tmp_path, EXPECTATION | {"severity": "critcal"}))


def test_a_rule_that_two_expectations_share_is_damage(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"every expectation needs a meta\.rule of its own"):
        load_suite(suite_file(tmp_path, EXPECTATION, EXPECTATION))


@pytest.mark.parametrize("kwargs", [{"column": "a", "min_valu": 1}, {"column": "a", "min_value": 1, "mostli": 0.1}])
def test_a_misspelt_limit_is_never_passed_over(tmp_path: Path, kwargs: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="extra fields not permitted"):
        load_suite(suite_file(tmp_path, EXPECTATION | {"kwargs": kwargs}))


@pytest.mark.parametrize("suite", SUITES)
def test_no_rows_at_all_fail_the_first_rule_critically(suite: Suite) -> None:
    for nothing in ({}, {name: [] for name in frame_of(suite)}):
        [check] = judge(suite, nothing, LIMITS)
        told = (check.suite, check.rule, check.severity, check.passed, check.observed)
        assert told == (suite, f"{LETTERS[suite]}01", "critical", False, "0 rows")


@pytest.mark.parametrize("suite", SUITES)
def test_sound_rows_pass_every_rule_and_the_checks_come_in_the_order_of_the_rules(suite: Suite) -> None:
    checks = judge(suite, frame_of(suite), LIMITS)
    assert [check.rule for check in checks if not check.passed] == []
    assert [check.rule for check in checks] == [item["meta"]["rule"] for item in written(suite)]
    assert all(check.suite == suite and check.failing == 0 and check.rows == [] for check in checks)


def columns_of(suite: Suite) -> dict[str, str]:
    """Columns that a suite judges, with the type of the last expectation on each."""
    return {item["kwargs"]["column"]: item["type"] for item in written(suite) if "column" in item["kwargs"]}


@pytest.mark.parametrize("suite", SUITES)
def test_a_column_that_is_missing_cannot_be_judged_and_is_no_failed_row(suite: Suite) -> None:
    frame = frame_of(suite)
    for column in columns_of(suite):
        without = {name: held for name, held in frame.items() if name != column}
        with pytest.raises(Damaged, match=rf"suite {suite} {LETTERS[suite]}\d\d: could not be judged: .*{column}"):
            judge(suite, without, LIMITS)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("gap", [None, float("nan")])
def test_a_value_that_is_missing_cannot_be_judged_and_is_not_passed_over(suite: Suite, gap: Feature) -> None:
    frame = frame_of(suite)
    judged = [column for column, kind in columns_of(suite).items() if kind != "expect_column_values_to_be_null"]
    assert judged
    for column in judged:
        with_gap = frame | {column: [gap, *frame[column][1:]]}
        with pytest.raises(Damaged, match=rf"suite {suite} {LETTERS[suite]}\d\d: could not be judged: .*{column}"):
            judge(suite, with_gap, LIMITS)


def test_a_column_of_another_type_cannot_be_judged() -> None:
    frame = raw_frame(corpus())
    frame["question_chars"][0] = "many"
    with pytest.raises(Damaged, match="suite raw R03: could not be judged"):
        judge("raw", frame, LIMITS)


def test_too_few_rows_of_a_source_fail_critically_with_the_number_found() -> None:
    check = failed("raw", raw_frame(corpus(5)))["R01"]
    assert (check.severity, check.observed, check.rows) == ("critical", "5", [])


@pytest.mark.parametrize(
    ("suite", "rule"), [("raw", "R02"), ("corpus", "C02"), ("content", "T01"), ("splits", "S02"), ("chats", "D01")]
)
def test_an_id_given_twice_fails_critically_and_is_named(suite: Suite, rule: str) -> None:
    frame = frame_of(suite)
    check = failed(suite, stacked([frame, {name: held[:1] for name, held in frame.items()}]))[rule]
    assert (check.severity, check.failing, set(check.rows)) == ("critical", 2, {"row-0"})
    assert check.observed == "2 of 9 rows fail"


def test_a_tenth_of_empty_questions_in_a_source_is_borne_and_more_is_not() -> None:
    rows = corpus(20)
    two, three = ([record(at, question="  ") for at in range(count)] + rows[count:] for count in (2, 3))
    assert "R03" not in failed("raw", raw_frame(two))
    assert failed("raw", raw_frame(three))["R03"].rows == ["row-0", "row-1", "row-2"]


def test_a_whole_document_as_an_answer_is_only_a_warning() -> None:
    check = failed("raw", raw_frame([*corpus(), record(9, answer="a" * 20_001)]))["R05"]
    assert (check.severity, check.rows) == ("warning", ["row-9"])


def test_rows_that_are_not_polish_fail_critically_and_are_named() -> None:
    foreign = record(
        50,
        question="What does the Polish civil code say about the liability of a person for somebody else?",
        answer="It says that whoever entrusts another person with an act is liable for the damage that they cause.",
    )
    check = failed("content", content_frame([*corpus(), foreign]))["T02"]
    assert (check.severity, check.rows, check.observed) == ("critical", ["row-50"], "1 of 9 rows fail")


def test_answers_without_a_provision_are_a_warning() -> None:
    bare = [record(at, answer="Tak, tak stanowią przepisy tej ustawy.") for at in range(4)]
    check = failed("content", content_frame(bare + corpus()[4:]))["T04"]
    assert (check.severity, check.rows) == ("warning", ["row-0", "row-1", "row-2", "row-3"])


def test_a_question_that_is_asked_too_often_is_a_warning() -> None:
    again = [record(at, question=record(0).question) for at in range(1, 5)]
    check = failed("corpus", corpus_frame([record(0), *again, *corpus()[5:]]))["C05"]
    assert (check.severity, check.rows) == ("warning", ["row-1", "row-2", "row-3", "row-4"])


def test_personal_data_is_a_warning_that_names_its_rows() -> None:
    told = record(9, answer="Proszę pisać do Jana Kowalskiego, e-mail jan.kowalski@example.pl, zgodnie z art. 1 k.c.")
    check = failed("content", content_frame([*corpus(), told]))["T03"]
    assert (check.severity, check.rows) == ("warning", ["row-9"])


def test_a_provision_that_does_not_exist_is_a_warning_that_names_its_rows() -> None:
    check = failed("content", content_frame([*corpus(), record(9, answer="Tak, art. 9999 k.c.")]))["T05"]
    assert (check.severity, check.rows) == ("warning", ["row-9"])


def test_an_answer_that_lost_its_polish_letters_is_named() -> None:
    without = "Pracodawca musi udzielic urlopu w tym roku, w ktorym pracownik nabyl do niego prawo. "
    lost = record(9, answer=without + "Podstawa prawna: art. 161 k.p.")
    check = failed("content", content_frame([*corpus(), lost, record(10, answer="Tak. Bez liter.")]))["T06"]
    assert check.rows == ["row-9"]


@pytest.mark.parametrize("rule", WORST)
def test_a_number_beyond_its_threshold_fails_with_its_value(rule: str) -> None:
    name, value, severity = WORST[rule]
    found = failed("numbers", numbers_frame(**{name: value}))
    assert list(found) == [rule]
    assert (found[rule].number, found[rule].severity, found[rule].observed) == (name, severity, f"{value:.4g}")
    assert value < (found[rule].least or 0) or value > (found[rule].most or 9e9)


def test_a_conversation_that_is_too_long_or_has_little_to_learn_is_a_warning() -> None:
    found = failed("chats", chats_frame(tokens=[2049, *[100] * 7], learned_share=[*[0.5] * 7, 0.04]))
    assert [(check.rule, check.severity, check.rows) for check in found.values()] == [
        ("D02", "warning", ["row-0"]),
        ("D03", "warning", ["row-7"]),
    ]


def test_a_part_without_rows_fails_critically() -> None:
    held = parts() | {"valid": []}
    check = failed("splits", splits_frame(held))["S03"]
    assert check.severity == "critical"
    assert check.observed == "missing ['valid'], unexpected []"


def test_a_group_that_stands_in_two_parts_fails_critically_on_both_sides() -> None:
    held = parts()
    held["test"] = [record(7, group="group-0")]
    check = failed("splits", splits_frame(held))["S05"]
    assert (check.severity, check.rows) == ("critical", ["row-0", "row-7"])


def test_a_row_without_a_group_fails_critically() -> None:
    held = parts()
    held["test"] = [record(7, group="")]
    check = failed("splits", splits_frame(held))["S04"]
    assert (check.severity, check.rows) == ("critical", ["row-7"])


def test_a_test_row_that_was_trained_on_in_other_clothes_fails_critically() -> None:
    held = parts()
    held["test"] = [record(7, question=f"A {record(0).question}", answer=record(0).answer)]
    check = failed("splits", splits_frame(held))["S06"]
    assert (check.severity, check.failing, check.rows) == ("critical", 1, ["row-7"])


def test_a_variant_outside_the_training_rows_fails_critically() -> None:
    held = parts()
    held["valid"] = [record(6, origin="row-0")]
    check = failed("splits", splits_frame(held))["S07"]
    assert (check.severity, check.rows) == ("critical", ["row-6"])


def test_of_many_failing_rows_some_are_named_and_all_are_counted() -> None:
    check = failed("raw", raw_frame([record(at, question="") for at in range(50)]))["R03"]
    assert (check.failing, check.observed) == (50, "50 of 50 rows fail")
    assert check.rows == [f"row-{at}" for at in range(NAMED_ROWS)]


def test_a_training_row_of_a_benchmark_fails_critically(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    path.write_text(json.dumps({"id": "b", "question": record(0).question, "answer": "Tak."}), "utf-8")
    settings = SETTINGS.model_copy(update={"sample_rows": 0, "benchmarks": (str(path),)})
    check = failed("splits", part_rows(parts(), no_tokenizer, PLAIN, settings).frame)["S08"]
    assert (check.severity, check.rows, check.most) == ("critical", ["row-0"], 0)


def evidence(rows: list[Record], held: dict[Part, list[Record]], **drawn: Drawn) -> Evidence:
    frames: dict[Suite, Frame] = {
        "raw": raw_frame(rows),
        "corpus": corpus_frame(rows),
        "content": content_frame(rows),
        "splits": splits_frame(held),
        "chats": chats_frame(),
        "numbers": numbers_frame(),
    }
    return Evidence(frames, dict(drawn), NUMBERS, {"area": {"praca": 8}})


def test_a_verdict_holds_the_checks_of_all_suites_the_numbers_and_the_counts() -> None:
    verdict = weigh(evidence(corpus(), parts()), SETTINGS)
    assert [check.rule for check in verdict.checks] == [
        item["meta"]["rule"] for suite in LETTERS for item in written(suite)
    ]
    assert (verdict.numbers, verdict.counts) == (NUMBERS, {"area": {"praca": 8}})
    assert {check.number for check in verdict.checks if check.suite == "numbers"} == set(NUMBERS)


@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_the_settings_say_how_grave_personal_data_is(severity: str) -> None:
    rows = [*corpus(), record(9, answer=f"Zgodnie z art. 1 k.c. tak; PESEL {PESEL}.")]
    settings = SETTINGS.model_copy(update={"personal_data": severity})
    assert [check.rule for check in weigh(evidence(rows, parts()), settings).failed(severity)] == ["T03"]  # type: ignore[arg-type]


def test_what_was_judged_on_a_sample_says_so_with_its_margin() -> None:
    few = Drawn(400, 10_000)
    verdict = weigh(evidence(corpus(), parts(), content=few, read_share=few, distinct_words=few), SETTINGS)
    told = {check.rule: check.text for check in verdict.checks if "seen in" in check.text}
    assert set(told) == {"T01", "T02", "T03", "T04", "T05", "T06", "N05", "N06"}
    assert told["T04"] == "Answers cite a provision (seen in 400 of 10000 rows, margin 4.8 points)"
    assert told["N06"] == "Rows use many different words (seen in 400 of 10000 rows)"


def test_a_verdict_never_holds_the_text_of_a_row() -> None:
    planted = [record(at, question=f"PESEL {PESEL}?", answer=f"{PESEL}") for at in range(8)]
    held: dict[Part, list[Record]] = {"train": planted[:6], "valid": planted[6:7], "test": planted[7:]}
    verdict = weigh(evidence(planted, held), SETTINGS)
    assert {"C05", "S06", "T03"} <= {check.rule for check in verdict.checks if check.rows}
    assert PESEL not in verdict.model_dump_json()
    with pytest.raises(NotValid) as caught:
        verdict.stop_if_critical()
    assert PESEL not in str(caught.value)


def test_a_limit_that_nobody_gives_stops_the_judging() -> None:
    with pytest.raises(Exception, match="min_raw_rows"):
        judge("raw", raw_frame(corpus()), {})


def test_a_limit_moves_the_verdict() -> None:
    frame = raw_frame(corpus())
    tight = LIMITS | {"min_raw_rows": 9}
    assert [check.rule for check in judge("raw", frame, tight) if not check.passed] == ["R01"]


def test_judging_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    judge("raw", raw_frame(corpus()), LIMITS)
    assert list(tmp_path.iterdir()) == []


def test_data_docs_load_nothing_run_nothing_and_hold_no_row_text(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script><img src=//zly.pl onerror=alert(1)>"
    rows = [*corpus(), record(9, id=attack, question=PESEL, answer="", area=attack)]
    index = publish_data_docs(evidence(rows, parts()), SETTINGS)

    pages = {path.name: path.read_text("utf-8") for path in index.parent.iterdir()}

    assert set(pages) == {"index.html", *(f"{suite}.html" for suite in SUITES)}
    for name, page in pages.items():
        skeleton = Skeleton(page)
        assert set(skeleton.addresses) == ({f"{suite}.html" for suite in SUITES} if name == "index.html" else set())
        assert not {"script", "img", "link", "iframe"} & {element[0] for element in skeleton.elements}
        assert "http" not in page.replace("http-equiv", "")
        assert PESEL not in page
    assert "row-9" not in pages["corpus.html"]
    assert "✗" in pages["corpus.html"]
    assert "The source holds enough rows" in pages["raw.html"]
    assert "9000" in pages["numbers.html"]
    assert "Table of Contents" not in pages["raw.html"]


def test_a_still_page_keeps_what_is_shown_only() -> None:
    page = "<nav>weg</nav><h5 onclick='x()'>A &lt;b&gt;</h5><script>y()</script><i class='fas fa-times'></i><br>"
    assert still(page) == "<h5>A &lt;b&gt;</h5><i>✗</i><br>"
