from dataclasses import replace

import pytest

from paragraf.records import Part, Record
from paragraf.validate import Features, ValidateSettings, corpus_features, raw_features, split_features

SETTINGS = ValidateSettings()
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


def features(train: list[Record], valid: list[Record], test: list[Record]) -> dict[object, dict[str, object]]:
    parts: dict[Part, list[Record]] = {"train": train, "valid": valid, "test": test}
    return {row["id"]: dict(row) for row in split_features(parts, SETTINGS)}


def column(rows: Features, name: str) -> list[object]:
    return [row[name] for row in rows]


def test_raw_rows_tell_their_sizes_without_blanks_around() -> None:
    assert raw_features([Record(id="a", question="  Co?\n", answer=" ")]) == [
        {"id": "a", "question_chars": 3, "answer_chars": 0}
    ]


def test_kept_rows_tell_language_citations_repetition_and_area() -> None:
    english = Record(
        id="en", area="praca", question="How long is the notice period?", answer="Two weeks, as the law says."
    )
    again = replace(LEAVE, id="again", question=LEAVE.question.upper())
    rows = corpus_features([LOAN, LEAVE, english, again])
    assert column(rows, "is_polish") == [True, True, False, True]
    assert column(rows, "cites_provision") == [True, True, False, True]
    assert column(rows, "same_question_as") == [None, None, None, "leave"]
    assert column(rows, "in_largest_area") == [False, True, True, True]
    assert rows[0]["question_chars"] == len(LOAN.question)
    assert rows[0]["answer_chars"] == len(LOAN.answer)


def test_features_hold_no_text_of_a_row() -> None:
    texts = {LOAN.question, LOAN.answer}
    rows = raw_features([LOAN]) + corpus_features([LOAN]) + list(split_features({"train": [LOAN]}, SETTINGS))
    assert not texts & {value for row in rows for value in row.values()}


def test_no_rows_have_no_features() -> None:
    assert raw_features([]) == corpus_features([]) == split_features({}, SETTINGS) == []


def test_clean_parts_show_no_leak() -> None:
    assert features([LOAN], [LEAVE], [WILL]) == {
        "loan": {
            "id": "loan",
            "part": "train",
            "is_train": True,
            "group_crosses": False,
            "has_group": True,
            "leaks_from": None,
            "variant_outside_train": False,
        },
        "leave": {
            "id": "leave",
            "part": "valid",
            "is_train": False,
            "group_crosses": False,
            "has_group": True,
            "leaks_from": None,
            "variant_outside_train": False,
        },
        "will": {
            "id": "will",
            "part": "test",
            "is_train": False,
            "group_crosses": False,
            "has_group": True,
            "leaks_from": None,
            "variant_outside_train": False,
        },
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
def test_a_training_question_in_another_part_is_a_leak(question: str, part: Part) -> None:
    leak = replace(WILL, id="leak", question=question)
    found = features([LOAN, LEAVE], [leak] if part == "valid" else [], [leak] if part == "test" else [])
    assert found["leak"]["leaks_from"] == "loan"
    assert found["loan"]["leaks_from"] is None


def test_a_leak_between_validation_and_test_is_found() -> None:
    assert features([LEAVE], [LOAN], [replace(LOAN, id="leak")])["leak"]["leaks_from"] == "loan"


def test_the_same_words_with_another_number_are_no_leak() -> None:
    other = replace(LEAVE, id="other", question=LEAVE.question.replace("?", " w 2025 roku?"))
    assert features([LEAVE], [], [other])["other"]["leaks_from"] is None


def test_a_group_in_two_parts_is_told_of_all_its_rows() -> None:
    crossing = replace(WILL, group="g1")
    found = features([LOAN], [LEAVE], [crossing])
    assert [found[row]["group_crosses"] for row in ("loan", "leave", "will")] == [True, False, True]


def test_a_row_without_a_group_is_told() -> None:
    assert features([replace(LOAN, group="")], [LEAVE], [WILL])["loan"]["has_group"] is False


def test_a_variant_is_told_outside_training_only() -> None:
    def variant(record: Record) -> Record:
        return replace(record, origin="root", technique="no_diacritics")

    found = features([variant(LOAN)], [variant(LEAVE)], [variant(WILL)])
    assert [found[row]["variant_outside_train"] for row in ("loan", "leave", "will")] == [False, True, True]


def test_thresholds_go_to_the_suites_by_name() -> None:
    assert ValidateSettings(min_train_rows=3).parameters() == {
        "min_raw_rows": 50.0,
        "min_train_rows": 3.0,
        "min_polish_share": 0.98,
        "min_cited_share": 0.7,
        "min_single_question_share": 0.8,
        "max_area_share": 0.5,
        "leak_similarity": 0.7,
    }
