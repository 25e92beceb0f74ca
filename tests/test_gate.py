import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

import expectations
from expectations.gate import Suite, judge, load_suite
from paragraf.errors import Damaged, NotValid
from paragraf.records import PARTS, Part, Record
from paragraf.validate import Features, ValidateSettings, corpus_features, raw_features, split_features
from paragraf.verdict import NAMED_ROWS, Check, Verdict

SUITES: tuple[Suite, ...] = get_args(Suite)
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


def features_of(suite: Suite) -> Features:
    made: dict[Suite, Callable[[], Features]] = {
        "raw": lambda: raw_features(corpus()),
        "corpus": lambda: corpus_features(corpus()),
        "splits": lambda: split_features(parts(), SETTINGS),
    }
    return made[suite]()


def failed(suite: Suite, features: Features) -> dict[str, Check]:
    return {check.rule: check for check in judge(suite, features, LIMITS) if not check.passed}


def suite_file(folder: Path, *items: dict[str, Any]) -> Path:
    path = folder / "suite.json"
    path.write_text(json.dumps({"name": "suite", "notes": "", "expectations": items}), "utf-8")
    return path


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_is_loaded_with_every_expectation_that_its_file_names(suite: Suite) -> None:
    written = json.loads((FOLDER / f"{suite}.json").read_text("utf-8"))["expectations"]
    loaded = load_suite(FOLDER / f"{suite}.json").expectations
    assert [(item.meta["rule"], item.severity.value, item.expectation_type) for item in loaded] == [
        (item["meta"]["rule"], item["severity"], item["type"]) for item in written
    ]


@pytest.mark.parametrize("suite", SUITES)
def test_every_expectation_has_a_description_a_severity_and_a_rule_of_its_suite(suite: Suite) -> None:
    written = json.loads((FOLDER / f"{suite}.json").read_text("utf-8"))["expectations"]
    letter = {"raw": "R", "corpus": "C", "splits": "S"}[suite]
    assert [item["meta"]["rule"] for item in written] == [f"{letter}{at:02d}" for at in range(1, len(written) + 1)]
    assert all(item["description"] and item["severity"] in ("critical", "warning", "info") for item in written)


def test_every_threshold_of_the_suites_is_a_setting_and_every_setting_is_used() -> None:
    asked = {
        value["$PARAMETER"]
        for suite in SUITES
        for item in json.loads((FOLDER / f"{suite}.json").read_text("utf-8"))["expectations"]
        for value in item["kwargs"].values()
        if isinstance(value, dict)
    }
    assert asked | {"leak_similarity"} == set(LIMITS)


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


@pytest.mark.parametrize(("suite", "rule"), [("raw", "R01"), ("corpus", "C01"), ("splits", "S01")])
def test_no_rows_at_all_fail_the_first_rule_critically(suite: Suite, rule: str) -> None:
    [check] = judge(suite, [], LIMITS)
    assert (check.suite, check.rule, check.severity, check.passed, check.observed) == (
        suite,
        rule,
        "critical",
        False,
        "0 rows",
    )


@pytest.mark.parametrize("suite", SUITES)
def test_sound_rows_pass_every_rule_and_the_checks_come_in_the_order_of_the_rules(suite: Suite) -> None:
    checks = judge(suite, features_of(suite), LIMITS)
    assert [check.rule for check in checks if not check.passed] == []
    assert [check.rule for check in checks] == sorted(check.rule for check in checks)
    assert len(checks) == len(json.loads((FOLDER / f"{suite}.json").read_text("utf-8"))["expectations"])
    assert all(check.suite == suite and check.failing == 0 and check.rows == [] for check in checks)


@pytest.mark.parametrize("suite", SUITES)
def test_a_column_that_is_missing_cannot_be_judged_and_is_no_failed_row(suite: Suite) -> None:
    features = features_of(suite)
    judged = {
        item["kwargs"]["column"]
        for item in json.loads((FOLDER / f"{suite}.json").read_text("utf-8"))["expectations"]
        if "column" in item["kwargs"]
    }
    for column in sorted(judged):
        without = [{name: value for name, value in row.items() if name != column} for row in features]
        with pytest.raises(Damaged, match=f"suite {suite} [RCS]0[0-9]: could not be judged: .*{column}"):
            judge(suite, without, LIMITS)


def test_a_column_of_another_type_cannot_be_judged() -> None:
    features = raw_features(corpus())
    features[0]["question_chars"] = "many"
    with pytest.raises(Damaged, match="suite raw R03: could not be judged"):
        judge("raw", features, LIMITS)


def test_too_few_rows_of_a_source_fail_critically_with_the_number_found() -> None:
    check = failed("raw", raw_features(corpus(5)))["R01"]
    assert (check.severity, check.observed, check.rows) == ("critical", "5", [])


@pytest.mark.parametrize("suite", SUITES)
def test_an_id_given_twice_fails_critically_and_is_named(suite: Suite) -> None:
    features = features_of(suite)
    check = failed(suite, [*features, features[0]])[{"raw": "R02", "corpus": "C02", "splits": "S02"}[suite]]
    assert (check.severity, check.failing, set(check.rows)) == ("critical", 2, {"row-0"})
    assert check.observed == "2 of 9 rows fail"


def test_a_tenth_of_empty_questions_in_a_source_is_borne_and_more_is_not() -> None:
    rows = corpus(20)
    two, three = ([record(at, question="  ") for at in range(count)] + rows[count:] for count in (2, 3))
    assert "R03" not in failed("raw", raw_features(two))
    assert failed("raw", raw_features(three))["R03"].rows == ["row-0", "row-1", "row-2"]


def test_a_whole_document_as_an_answer_is_only_a_warning() -> None:
    check = failed("raw", raw_features([*corpus(), record(9, answer="a" * 20_001)]))["R05"]
    assert (check.severity, check.rows) == ("warning", ["row-9"])


def test_rows_that_are_not_polish_fail_critically_and_are_named() -> None:
    foreign = record(
        50,
        question="What does the Polish civil code say about the liability of a person for somebody else?",
        answer="It says that whoever entrusts another person with an act is liable for the damage that they cause.",
    )
    check = failed("corpus", corpus_features([*corpus(), foreign]))["C05"]
    assert (check.severity, check.rows, check.observed) == ("critical", ["row-50"], "1 of 9 rows fail")


def test_answers_without_a_provision_are_a_warning() -> None:
    bare = [record(at, answer="Tak, tak stanowią przepisy tej ustawy.") for at in range(4)]
    check = failed("corpus", corpus_features(bare + corpus()[4:]))["C06"]
    assert (check.severity, check.rows) == ("warning", ["row-0", "row-1", "row-2", "row-3"])


def test_a_question_that_is_asked_too_often_is_a_warning() -> None:
    again = [record(at, question=record(0).question) for at in range(1, 5)]
    check = failed("corpus", corpus_features([record(0), *again, *corpus()[5:]]))["C07"]
    assert (check.severity, check.rows) == ("warning", ["row-1", "row-2", "row-3", "row-4"])


def test_an_area_that_outweighs_the_others_is_a_warning_with_its_share() -> None:
    rows = [record(at, area="prawo pracy" if at < 6 else "prawo rodzinne") for at in range(8)]
    check = failed("corpus", corpus_features(rows))["C08"]
    assert (check.severity, check.observed) == ("warning", "0.75")


def test_too_few_training_rows_fail_critically_with_their_number() -> None:
    check = failed("splits", split_features(parts(5), SETTINGS))["S04"]
    assert (check.severity, check.observed) == ("critical", "3")


def test_a_part_without_rows_fails_critically() -> None:
    held = parts() | {"valid": []}
    check = failed("splits", split_features(held, SETTINGS))["S03"]
    assert check.severity == "critical"
    assert check.observed == "missing ['valid'], unexpected []"


def test_a_group_that_stands_in_two_parts_fails_critically_on_both_sides() -> None:
    held = parts()
    held["test"] = [record(7, group="group-0")]
    check = failed("splits", split_features(held, SETTINGS))["S06"]
    assert (check.severity, check.rows) == ("critical", ["row-0", "row-7"])


def test_a_row_without_a_group_fails_critically() -> None:
    held = parts()
    held["test"] = [record(7, group="")]
    check = failed("splits", split_features(held, SETTINGS))["S05"]
    assert (check.severity, check.rows) == ("critical", ["row-7"])


def test_a_test_row_that_was_trained_on_in_other_clothes_fails_critically() -> None:
    held = parts()
    held["test"] = [record(7, question=f"A {record(0).question}", answer=record(0).answer)]
    check = failed("splits", split_features(held, SETTINGS))["S07"]
    assert (check.severity, check.failing, check.rows) == ("critical", 1, ["row-7"])


def test_a_variant_outside_the_training_rows_fails_critically() -> None:
    held = parts()
    held["valid"] = [record(6, origin="row-0")]
    check = failed("splits", split_features(held, SETTINGS))["S08"]
    assert (check.severity, check.rows) == ("critical", ["row-6"])


def test_of_many_failing_rows_some_are_named_and_all_are_counted() -> None:
    check = failed("raw", raw_features([record(at, question="") for at in range(50)]))["R03"]
    assert (check.failing, check.observed) == (50, "50 of 50 rows fail")
    assert check.rows == [f"row-{at}" for at in range(NAMED_ROWS)]


def test_a_verdict_never_holds_the_text_of_a_row() -> None:
    planted = [record(at, question=f"PESEL {PESEL}?", answer=f"{PESEL}") for at in range(8)]
    held: dict[Part, list[Record]] = {"train": planted[:6], "valid": planted[6:7], "test": planted[7:]}
    verdict = Verdict(
        checks=[
            *judge("raw", raw_features(planted), LIMITS),
            *judge("corpus", corpus_features(planted), LIMITS),
            *judge("splits", split_features(held, SETTINGS), LIMITS),
        ]
    )
    assert {"C07", "S07"} <= {check.rule for check in verdict.checks if check.rows}
    assert PESEL not in verdict.model_dump_json()
    with pytest.raises(NotValid) as caught:
        verdict.stop_if_critical()
    assert PESEL not in str(caught.value)


def test_a_limit_that_nobody_gives_stops_the_judging() -> None:
    with pytest.raises(Exception, match="min_raw_rows"):
        judge("raw", raw_features(corpus()), {})


def test_a_limit_moves_the_verdict() -> None:
    features = raw_features(corpus())
    tight = LIMITS | {"min_raw_rows": 9}
    assert [check.rule for check in judge("raw", features, tight) if not check.passed] == ["R01"]


def test_judging_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    judge("raw", raw_features(corpus()), LIMITS)
    assert list(tmp_path.iterdir()) == []
