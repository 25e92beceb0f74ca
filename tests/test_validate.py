import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expectations.gate import weigh
from paragraf.chat import PLAIN, Framing, conversation, encode
from paragraf.errors import MissingInput
from paragraf.records import PARTS, Part, Record
from paragraf.runner import HERE, Processes
from paragraf.snapshots import Snapshot, Splits
from paragraf.validate import Ages, Evidence, Frame, ValidateSettings, gather
from paragraf.validate.corpus import corpus_rows
from paragraf.validate.frames import Draw, Drawn, place
from paragraf.validate.parts import PartRows, part_rows
from paragraf.validate.raw import raw_rows

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SETTINGS = ValidateSettings()
PESEL = "02271409862"
LOAN = Record(
    id="loan",
    area="cywilne",
    question="Czy pożyczka między znajomymi wymaga umowy na piśmie?",
    answer="Tak, gdy przekracza tysiąc złotych. Podstawa prawna: art. 720 § 2 k.c.",
    group="g1",
)
LEAVE = Record(
    id="leave",
    area="praca",
    question="Ile dni urlopu wypoczynkowego przysługuje po dziesięciu latach pracy?",
    answer="Przysługuje 26 dni w roku. Podstawa prawna: art. 154 k.p.",
    group="g2",
)
WILL = Record(
    id="will",
    area="spadki",
    question="Czy testament napisany na komputerze i podpisany jest ważny?",
    answer="Nie, testament własnoręczny trzeba w całości napisać ręką. Podstawa prawna: art. 949 k.c.",
    group="g3",
)


@pytest.fixture
def look(tokenizer: "PreTrainedTokenizerFast") -> Callable[..., PartRows]:
    def rows_of(
        train: list[Record],
        valid: list[Record],
        test: list[Record],
        settings: ValidateSettings = SETTINGS,
        framing: Framing = PLAIN,
    ) -> PartRows:
        parts: dict[Part, list[Record]] = {"train": train, "valid": valid, "test": test}
        return part_rows(parts, lambda: tokenizer, framing, settings)

    return rows_of


def cell(frame: Frame, name: str, column: str) -> object:
    return frame[column][frame["id"].index(name)]


def evidence_of(
    raw: list[Record], tokenizer: "PreTrainedTokenizerFast", settings: ValidateSettings = SETTINGS
) -> Evidence:
    at_rest = Snapshot.write("clean", raw)
    third = max(1, len(raw) // 3)
    splits = Splits(
        train=Snapshot.write("train", raw[: -2 * third]),
        valid=Snapshot.write("valid", raw[-2 * third : -third]),
        test=Snapshot.write("test", raw[-third:]),
    )
    return gather(Ages(at_rest, at_rest, splits), lambda: tokenizer, PLAIN, settings)


def many(count: int) -> list[Record]:
    return [
        replace(
            (LOAN, LEAVE, WILL)[number % 3],
            id=f"row-{number}",
            question=f"{(LOAN, LEAVE, WILL)[number % 3].question[:-1]} w roku {1000 + number}?",
            group=f"g{number}",
        )
        for number in range(count)
    ]


def test_raw_rows_tell_their_sizes_without_blanks_around() -> None:
    assert raw_rows([Record(id="a", question="  Co?\n", answer=" ")]).frame == {
        "id": ["a"],
        "question_chars": [3],
        "answer_chars": [0],
    }


def test_kept_rows_tell_sizes_and_repetition() -> None:
    again = replace(LEAVE, id="again", question=LEAVE.question.upper())
    third = replace(LEAVE, id="third")
    found = corpus_rows([LOAN, LEAVE, WILL, again, third], 100)
    assert found.frame["same_question_as"] == [None, None, None, "leave", "leave"]
    assert found.frame["question_chars"][0] == len(LOAN.question)
    assert found.frame["answer_chars"][0] == len(LOAN.answer)
    assert found.areas == {"praca": 3, "cywilne": 1, "spadki": 1}


def test_the_words_of_kept_rows_tell_language_citations_personal_data_and_task() -> None:
    english = Record(id="en", question="How long is the notice period?", answer="Two weeks, as the law says.")
    invented = replace(LOAN, id="invented", answer="Tak, zgodnie z art. 9999 k.c.")
    unread = replace(LOAN, id="unread", answer="Mówi o tym art. 720 § 2 k.c., artykuł 5 k.c. i art. siódmy.")
    person = replace(WILL, id="person", question=f"Czy Jan Kowalski (PESEL {PESEL}) może dziedziczyć?")
    order = replace(WILL, id="order", question="Streść poniższy wyrok w trzech zdaniach.")
    found = corpus_rows([LOAN, english, invented, unread, person, order], 100).content
    assert found["is_polish"] == [True, False, True, True, True, True]
    assert found["cites_provision"] == [True, False, True, True, True, True]
    assert found["cites_existing_law"] == [True, True, False, True, True, True]
    assert found["has_no_personal_data"] == [True, True, True, True, False, True]
    assert found["articles_mentioned"] == [1, 0, 1, 3, 1, 1]
    assert found["articles_read"] == [1, 0, 1, 2, 1, 1]
    assert [found["task"][0], found["task"][-1]] == ["qa", "summarization"]


def test_no_rows_have_no_features(tokenizer: "PreTrainedTokenizerFast") -> None:
    found = part_rows({"train": [], "valid": [], "test": []}, lambda: tokenizer, PLAIN, SETTINGS)
    assert set(map(len, found.frame.values())) <= {0}
    assert found.chats == raw_rows([]).frame == corpus_rows([], 100).frame == {}


def test_clean_parts_show_no_leak(look: Callable[..., PartRows]) -> None:
    assert look([LOAN], [LEAVE], [WILL]).frame == {
        "id": ["loan", "leave", "will"],
        "part": ["train", "valid", "test"],
        "has_group": [True, True, True],
        "variant_outside_train": [False, False, False],
        "group_crosses": [False, False, False],
        "leaks_from": [None, None, None],
        "holds_benchmark": [None, None, None],
        "tested_before": [None, None, None],
    }


@pytest.mark.parametrize(
    "question",
    [
        LOAN.question,
        LOAN.question.upper(),
        "Czy pozyczka miedzy znajomymi wymaga umowy na pismie?",
        "Czy pożyczka między znajomymi wymaga umowy na piśmie? Proszę.",
        "Czy pożyczka miedzy znajmymi wymaga umowy na piśmie?",
    ],
)
@pytest.mark.parametrize("part", ["valid", "test"])
def test_a_training_question_in_another_part_is_a_leak(
    question: str, part: Part, look: Callable[..., PartRows]
) -> None:
    leak = replace(WILL, id="leak", question=question)
    frame = look([LOAN, LEAVE], [leak] if part == "valid" else [], [leak] if part == "test" else []).frame
    assert cell(frame, "leak", "leaks_from") == "loan"
    assert cell(frame, "loan", "leaks_from") is None


def test_a_leak_between_validation_and_test_is_found(look: Callable[..., PartRows]) -> None:
    assert cell(look([LEAVE], [LOAN], [replace(LOAN, id="leak")]).frame, "leak", "leaks_from") == "loan"


def test_the_same_words_with_another_number_are_no_leak(look: Callable[..., PartRows]) -> None:
    other = replace(LEAVE, id="other", question=LEAVE.question.replace("?", " w 2025 roku?"))
    assert cell(look([LEAVE], [], [other]).frame, "other", "leaks_from") is None


def test_a_closed_item_with_other_choices_is_a_leak(look: Callable[..., PartRows]) -> None:
    def closed(name: str, *choices: str) -> Record:
        told = tuple(zip("ABC", choices, strict=True))
        shown = "\n".join(f"{letter}) {text}" for letter, text in told)
        answer = f"Prawidłowa jest odpowiedź A: {choices[0]}."
        return replace(LEAVE, id=name, question=f"{LEAVE.question}\n{shown}", answer=answer, choices=told)

    seen = closed("seen", "dwadzieścia dni roboczych w roku kalendarzowym", "wcale", "miesiąc")
    asked = closed("asked", "tyle, ile ustali pracodawca z załogą", "trzydzieści", "zero albo dwa tygodnie w lecie")
    assert cell(look([seen], [], [asked]).frame, "asked", "leaks_from") == "seen"


def test_a_group_in_two_parts_is_told_of_all_its_rows(look: Callable[..., PartRows]) -> None:
    found = look([LOAN], [LEAVE], [replace(WILL, group="g1")])
    assert found.frame["group_crosses"] == [True, False, True]
    assert found.groups == {"train": 1, "valid": 1, "test": 1}


def test_a_row_without_a_group_is_told(look: Callable[..., PartRows]) -> None:
    assert look([replace(LOAN, group="")], [LEAVE], [WILL]).frame["has_group"] == [False, True, True]


def test_a_variant_is_told_outside_training_only(look: Callable[..., PartRows]) -> None:
    variants = [replace(record, origin="root", technique="no_diacritics") for record in (LOAN, LEAVE, WILL)]
    found = look(*([variant] for variant in variants))
    assert found.frame["variant_outside_train"] == [False, True, True]


@pytest.mark.parametrize(
    ("question", "answer", "is_leak"),
    [
        ("Czy pozyczka miedzy znajomymi wymaga umowy na pismie", "Nie wiem.", True),
        (f"Odpowiedz krótko: {LOAN.question} Dziękuję.", "Oczywiście, że tak, i to zawsze.", True),
        ("O co pytają na egzaminie?", f"Na przykład: „{LOAN.question}”, a także o wiele innych rzeczy.", True),
        ("Czy pożyczka między znajomymi jest opodatkowana?", "Tak, bywa.", False),
        ("Czy pożyczka?", "Czy pożyczka wymaga.", False),
    ],
)
def test_a_training_row_that_gives_a_benchmark_away_is_told(
    question: str, answer: str, is_leak: bool, tmp_path: Path, look: Callable[..., PartRows]
) -> None:
    path = tmp_path / "bench.jsonl"
    path.write_text(json.dumps({"id": "b-1", "question": LOAN.question, "answer": "Zależy od kwoty."}), "utf-8")
    row = replace(LEAVE, id="row", question=question, answer=answer)
    found = look([row], [LOAN], [WILL], ValidateSettings(benchmarks=(str(path),)))
    assert found.frame["holds_benchmark"] == ["bench.jsonl:b-1" if is_leak else None, None, None]
    assert found.benchmark_rows == 1


def test_a_benchmark_that_is_not_there_is_named(look: Callable[..., PartRows]) -> None:
    with pytest.raises(MissingInput, match=r"nowhere\.jsonl"):
        look([LOAN], [LEAVE], [WILL], ValidateSettings(benchmarks=("nowhere.jsonl",)))


def test_settings_stand_for_the_content_of_the_benchmarks_that_they_name(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    settings = ValidateSettings(benchmarks=(str(path),))
    missing = settings.content()
    path.write_text("{}", "utf-8")
    first = settings.content()
    path.write_text("{ }", "utf-8")
    assert len({missing, first, settings.content(), ValidateSettings().content()}) == 4


def test_conversations_are_counted_whole_in_tokens_of_both_kinds(
    tokenizer: "PreTrainedTokenizerFast", look: Callable[..., PartRows]
) -> None:
    chats = look([LOAN], [LEAVE], [WILL]).chats
    encoded = encode(tokenizer, conversation(LOAN)["messages"])
    assert chats["part"] == ["train", "valid", "test"]
    assert chats["tokens"][0] == len(encoded.ids)
    assert chats["learned_share"][0] == (len(encoded.ids) - encoded.prompt) / len(encoded.ids)
    assert 60 < int(str(chats["o200k_tokens"][0])) < 120


def test_conversations_are_counted_as_they_are_framed(look: Callable[..., PartRows]) -> None:
    plain, framed = (
        look([LOAN], [LEAVE], [WILL], framing=Framing(system="S", task_prefixes=has_prefix)).chats["tokens"][0]
        for has_prefix in (False, True)
    )
    assert int(str(framed)) - int(str(plain)) == len("[ODPOWIEDZ] ")


def test_control_tokens_in_a_row_are_counted_as_text(look: Callable[..., PartRows]) -> None:
    odd = replace(LOAN, question="<|endoftext|> <|im_end|> ¹ 🦊")
    assert look([odd], [LEAVE], [WILL]).chats["id"] == ["loan", "leave", "will"]


def test_a_draw_takes_about_its_share_and_a_smaller_one_a_part_of_it() -> None:
    names = [f"row-{number}" for number in range(5000)]
    large = {name for name in names if Draw.of(5000, 1000).holds(name)}
    small = {name for name in names if Draw.of(5000, 100).holds(name)}
    assert 900 < len(large) < 1100
    assert small < large
    assert all(Draw.of(5000, 5000).holds(name) for name in names)
    assert all(0 <= place(name) < 1 for name in [*names, "", "\ud800"])


def test_the_margin_of_a_sample_is_the_worst_of_a_share() -> None:
    assert Drawn(20_000, 1_000_000).margin == pytest.approx(0.00686, abs=1e-5)
    assert Drawn(440, 440).margin == Drawn(0, 10).margin == 0.0


def test_of_a_large_corpus_a_sample_is_looked_at_and_all_rows_are_counted(
    tokenizer: "PreTrainedTokenizerFast",
) -> None:
    evidence = evidence_of(many(600), tokenizer, ValidateSettings(sample_rows=150))
    assert 110 < evidence.numbers["rows_looked_at"] < 190
    assert evidence.numbers["rows_kept"] == len(evidence.frames["corpus"]["id"]) == 600
    assert len(evidence.frames["content"]["id"]) == evidence.numbers["rows_looked_at"]
    everything = evidence_of(many(600), tokenizer).numbers
    assert evidence.numbers["tokens_train"] == pytest.approx(everything["tokens_train"], rel=0.05)


def test_every_runner_finds_the_same() -> None:
    rows = many(2100)
    with Processes(2) as runner:
        assert corpus_rows(rows, 300, runner) == corpus_rows(rows, 300, HERE)
        assert raw_rows(rows, runner) == raw_rows(rows, HERE)


def test_the_numbers_of_a_corpus(tokenizer: "PreTrainedTokenizerFast") -> None:
    numbers = evidence_of(many(30), tokenizer).numbers
    assert {name: numbers[name] for name in numbers if name.startswith(("rows_", "groups_"))} == {
        "rows_in": 30,
        "rows_raw": 30,
        "rows_kept": 30,
        "rows_train": 10,
        "groups_train": 10,
        "rows_valid": 10,
        "groups_valid": 10,
        "rows_test": 10,
        "groups_test": 10,
        "rows_looked_at": 30,
        "rows_counted_in_tokens": 30,
        "rows_compared": 30,
        "rows_of_benchmarks": 0,
        "rows_tested_before": 0,
    }
    assert (numbers["area_count"], numbers["area_largest_share"], numbers["area_evenness"]) == (3, 0.333333, 1.0)
    assert (numbers["task_largest_share"], numbers["task_evenness"]) == (1.0, 0.0)
    assert numbers["question_likeness"] > 0.8
    assert numbers["tokens_total"] == sum(numbers[f"tokens_{part}"] for part in PARTS)


def test_dropped_and_changed_rows_are_shares_of_what_came_in_and_of_what_was_kept(
    tokenizer: "PreTrainedTokenizerFast",
) -> None:
    rows = many(10)
    raw = Snapshot.write("load", rows)
    kept = Snapshot.write("clean", [*(replace(row, question=f"{row.question} Tak?") for row in rows[:2]), *rows[2:8]])
    splits = Splits(
        train=Snapshot.write("train", rows[:4]),
        valid=Snapshot.write("valid", rows[4:6]),
        test=Snapshot.write("test", rows[6:]),
    )
    numbers = gather(Ages(raw, kept, splits), lambda: tokenizer, PLAIN, SETTINGS).numbers
    assert (numbers["dropped_share"], numbers["changed_share"]) == (0.2, 0.25)


def test_evidence_holds_no_text_of_a_row(tokenizer: "PreTrainedTokenizerFast") -> None:
    secret = f"Zenobiusz Brzęczyszczykiewicz, PESEL {PESEL}"
    rows = [replace(row, question=f"{secret}: {row.question}", answer=f"{row.answer} {secret}") for row in many(9)]
    evidence = evidence_of(rows, tokenizer)
    told = json.dumps([evidence.frames, evidence.numbers, evidence.counts], ensure_ascii=False)
    assert "row-3" in told
    assert not any(word in told for word in ("Zenobiusz", PESEL, "pożyczka", "urlop"))


def test_thresholds_go_to_the_suites_by_name() -> None:
    parameters = ValidateSettings(min_train_rows=3).parameters()
    assert parameters["min_train_rows"] == 3.0
    assert all(name.startswith(("min_", "max_")) for name in parameters)
    assert set(parameters) < set(ValidateSettings.model_fields)


def test_a_training_row_that_tested_an_earlier_version_is_found_and_stops_a_run(
    tokenizer: "PreTrainedTokenizerFast",
) -> None:
    rows = many(9)
    splits = Splits(
        train=Snapshot.write("train", rows[:5]),
        valid=Snapshot.write("valid", rows[5:7]),
        test=Snapshot.write("test", rows[7:]),
    )
    tested = Snapshot.write("test", [replace(rows[2], id="old", question=rows[2].question.upper()), rows[8]])
    at_rest = Snapshot.write("clean", rows)
    found = gather(Ages(at_rest, at_rest, splits, (tested,)), lambda: tokenizer, PLAIN, SETTINGS)
    assert cell(found.frames["splits"], "row-2", "tested_before") == "old"
    assert found.numbers["rows_tested_before"] == 1
    [check] = [check for check in weigh(found, SETTINGS).checks if (check.suite, check.rule) == ("splits", "S09")]
    assert (check.passed, check.severity, check.rows) == (False, "critical", ["row-2"])
