from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from paragraf.augment.contrast import contrasts
from paragraf.augment.invariants import fault_of
from paragraf.augment.other_values import other_article, other_number
from paragraf.law import find
from paragraf.law.existence import exists
from paragraf.records import Record
from paragraf.statements.facts import facts_of

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
APPEAL = Record(
    id="r",
    question="Ile mam czasu na odwołanie od decyzji?",
    answer="Odwołanie wnosi się w ciągu 14 dni od doręczenia. Podstawa prawna: art. 129 § 2 k.p.a.",
    legal_basis=("art. 129 § 2 k.p.a.",),
    facts=("termin wynosi 14 dni od doręczenia decyzji",),
    area="administracyjne",
    group="g",
)
LEASE = replace(
    APPEAL,
    question="Kto maluje ściany w wynajętym mieszkaniu?",
    answer="Malowanie ścian obciąża najemcę. Podstawa prawna: art. 681 k.c.",
    legal_basis=("art. 681 k.c.",),
    facts=(),
)


def made(record: Record, seed: int = 0, count: int = 5) -> list[Record]:
    return list(contrasts(record, count, Random(seed)))


def sample() -> list[Record]:
    return [Record.from_json(line) for line in SAMPLE.read_text("utf-8").splitlines()]


def periods(text: str) -> list[str]:
    return [fact.value for fact in facts_of(text) if fact.family == "period"]


def test_a_false_period_is_denied_and_the_true_one_and_its_basis_are_told() -> None:
    (row,) = made(APPEAL)
    assert row.question.startswith("Ile mam czasu na odwołanie od decyzji? ")
    assert periods(row.question) != ["14 day"]
    assert row.answer.startswith("Nie, ")
    assert ": termin wynosi 14 dni od doręczenia decyzji. Odwołanie wnosi się" in row.answer
    assert row.answer.endswith(APPEAL.answer)


def test_a_contrast_carries_its_lineage() -> None:
    (row,) = made(APPEAL)
    told = (row.id, row.origin, row.technique, row.item_type, row.group, row.legal_basis)
    assert told == ("r~contrast-1", "r", "contrast", "false_premise", "g", APPEAL.legal_basis)


def test_the_premise_is_a_sentence_after_the_question() -> None:
    rows = [row for seed in range(40) for row in made(APPEAL, seed)]
    premises = {row.question.removeprefix(APPEAL.question).strip() for row in rows}
    assert "Czy to prawda, że termin wynosi 30 dni od doręczenia decyzji?" in premises
    assert {premise.split(" ")[0] for premise in premises} == {"Czy", "Podobno", "Znajomy", "W"}


def test_a_bare_length_stands_for_the_answer_to_how_long() -> None:
    rows = made(replace(APPEAL, facts=("14 dni od doręczenia decyzji",)))
    wrong = periods(rows[0].question)[0].removesuffix(" day")
    assert f" to {wrong} dni od doręczenia decyzji. Czy" in rows[0].question
    assert rows[0].answer.startswith(f"Nie, to nie {wrong} dni, lecz 14 dni od doręczenia decyzji. Odwołanie")


def test_another_article_is_one_that_exists_and_has_nothing_to_do_with_it() -> None:
    rows = [row for seed in range(30) for row in made(LEASE, seed)]
    cited = {citation.key for row in rows for citation in find(row.question)}
    assert len(cited) > 5
    assert all(exists(key) for key in cited)
    assert all(949 <= int(key.removeprefix("kc:art=")) <= 977 for key in cited)
    assert {row.answer for row in rows} == {f"Nie, to nie ten przepis. {LEASE.answer}"}
    assert not any("k.c.." in row.question for row in rows)


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "Czy mam 14 dni na odwołanie od decyzji?"},
        {"question": "Mam 14 dni na odwołanie od decyzji, prawda?"},
        {"question": "Znajomy mówi, że na odwołanie nie ma terminu. Ile mam czasu?"},
        {"question": "ile mam czasu na odwolanie od decyzji"},
        {"question": "Ile mam czasu, jesli decyzja jest zla?"},
        {"answer": "Tak, 14 dni od doręczenia. Podstawa prawna: art. 129 § 2 k.p.a."},
        {"answer": "Odwołanie wnosi się w ciągu 14 dni od doręczenia."},
        {"answer": "Odwołanie wnosi się w terminie. Podstawa prawna: art. 129 § 2 k.p.a."},
        {"legal_basis": ()},
        {"item_type": "false_premise"},
        {"item_type": "unlawful_aim"},
        {"technique": "paraphrase"},
        {"choices": (("A", "14 dni"),)},
        {"facts": ("od 6 miesięcy do 8 lat pozbawienia wolności",)},
        {"facts": ("jego termin wynosi 14 dni",)},
        {"facts": ("14 dni na wniosek",)},
        {"facts": ("krótki termin",)},
    ],
)
def test_rows_that_might_give_a_wrong_sentence_give_none(changes: dict[str, object]) -> None:
    assert made(replace(APPEAL, **changes)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "fitting"),
    [
        ("kapitał wynosi co najmniej 5000 zł", {"10 000", "25 000"}),
        ("do 800 zł kradzież jest wykroczeniem", {"1600", "4000"}),
        ("raty nie mogą łącznie przekraczać dziesięciu lat", {"pięciu", "sześciu", "ośmiu"}),
        ("roszczenie przedawnia się po 20 latach", {"5", "6", "8", "10", "15"}),
        ("poczta przechowuje pismo przez 60 dni", {"90"}),
        ("okres próbny trwa 3 miesiące", {"4", "24"}),
        ("najem trwa dwa lata", {"trzy", "cztery"}),
        ("wniosek składa się w ciągu 21 dni", {"5", "7", "10", "14", "30", "45", "60", "90"}),
        ("pożyczka ponad 1000 zł wymaga dokumentu", {"200", "500"}),
    ],
)
def test_only_numbers_that_make_the_statement_false_in_the_same_grammar_will_do(told: str, fitting: set[str]) -> None:
    (fact,) = facts_of(told)
    found = {other_number(told, fact, set(), Random(seed)) for seed in range(200)}
    start, end = fact.span
    number, unit = told[start:end].rsplit(" ", 1)
    assert found == {f"{told[:start]}{other} {unit}{told[end:]}" for other in fitting}
    assert number not in fitting


@pytest.mark.parametrize("told", ["co najmniej 2 lata", "nie ponosi kary 10 lat", "trwa 1 miesiąc", "na rok od dziś"])
def test_where_no_number_is_surely_false_there_is_none(told: str) -> None:
    facts = facts_of(told)
    assert [other_number(told, fact, set(), Random(0)) for fact in facts] in ([None], [])


def test_a_number_that_the_row_tells_elsewhere_is_never_the_false_one() -> None:
    told = "roszczenie przedawnia się po 20 latach"
    (fact,) = facts_of(told)
    known = {f"{12 * years} month" for years in (5, 6, 8, 15)}
    assert {other_number(told, fact, known, Random(seed)) for seed in range(50)} == {told.replace("20", "10")}


def test_articles_of_acts_without_a_chapter_far_away_are_left_alone() -> None:
    assert other_article(APPEAL, Random(0)) is None
    assert other_article(replace(LEASE, legal_basis=("art. 681 k.c.", "art. 6 k.k.")), Random(0)) is None


def test_every_contrast_of_the_sample_passes_the_invariants() -> None:
    rows = sample()
    pairs = [(variant, row) for row in rows for variant in contrasts(row, 3, Random(f"7:{row.id}"))]
    assert len(pairs) >= 40
    assert [(variant.question, fault) for variant, row in pairs if (fault := fault_of(variant, row))] == []


def test_the_same_seed_gives_the_same_rows() -> None:
    rows = sample()[:200]
    assert told(rows, 7) == told(rows, 7)
    assert told(rows, 7) != told(rows, 8)


def told(rows: Sequence[Record], seed: int) -> list[Record]:
    return [variant for row in rows for variant in contrasts(row, 2, Random(f"{seed}:{row.id}"))]


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Ile mam czasu? Podobno 30 dni.", APPEAL.answer, "the answer is that of the origin"),
        ("Ile mam czasu? Podobno 30 dni.", f"Tak. {APPEAL.answer}", "the answer does not open with a no"),
        ("Ile mam czasu? Podobno 14 dni.", f"Nie. {APPEAL.answer}", "the question takes nothing false for granted"),
        ("Ile mam czasu? Podobno 30 dni.", "Nie, 14 dni.", "the answer lost kpa:art=129;par=2"),
        ("Ile mam czasu? Podobno 30 dni.", f"Nie, 21 dni. {APPEAL.answer}", "the answer added 21 day"),
    ],
)
def test_a_contrast_whose_answer_does_not_put_it_right_is_dropped(question: str, answer: str, said: str) -> None:
    variant = replace(APPEAL, question=question, answer=answer, technique="contrast", item_type="false_premise")
    assert fault_of(variant, APPEAL) == ("contrast_uncorrected", said)
