from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from paragraf.augment import AugmentSettings, augment
from paragraf.law import find
from paragraf.records import Kept, Record

ALL = AugmentSettings(no_diacritics_share=1)
ROWS = [
    Record(
        id=f"r{number}",
        question=f"Czy mogę żądać zwrotu {number} złotych?",
        answer="Tak, możesz. Podstawa prawna: art. 405 k.c.",
        legal_basis=("art. 405 k.c.",),
        group=f"g{number}",
        source=f"plik.jsonl:{number}",
    )
    for number in range(200)
]


def augmented(records: Sequence[Record], settings: AugmentSettings) -> Kept:
    return Kept.of(augment(records, settings))


def variants(records: Sequence[Record]) -> dict[str, Record]:
    return {record.id: record for record in records if record.technique}


def test_all_rows_stay_in_order_and_as_they_were() -> None:
    assert [row for row in augmented(ROWS, ALL).records if not row.technique] == ROWS


def test_a_variant_differs_from_its_origin_in_question_and_lineage_only() -> None:
    made = augmented(ROWS[:1], ALL).records[1]
    assert made == replace(
        ROWS[0],
        id="r0~no-diacritics",
        question="Czy moge zadac zwrotu 0 zlotych?",
        origin="r0",
        technique="no_diacritics",
    )


def test_a_variant_of_a_derived_row_names_the_first_origin() -> None:
    assert augmented([replace(ROWS[0], origin="root")], ALL).records[1].origin == "root"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Czy art. 20 ustawy o własności lokali dotyczy mnie też?", "art. 20 ustawy o własności lokali"),
        ("Co mówi art. 22¹ § 1 k.p. o moich żądaniach?", "art. 22¹ § 1 k.p."),
        ("Czy według art. 148 Kodeksu postępowania cywilnego mogę żądać?", "art. 148 Kodeksu postępowania cywilnego"),
    ],
)
def test_citations_are_left_as_they_are(question: str, asked: str) -> None:
    made = augmented([replace(ROWS[0], question=question)], ALL).records[1]
    assert asked in made.question
    assert [citation.key for citation in find(made.question)] == [citation.key for citation in find(question)]
    assert made.question != question


def test_which_rows_get_a_variant_does_not_depend_on_their_position() -> None:
    shuffled = list(ROWS)
    Random(0).shuffle(shuffled)
    few = AugmentSettings(no_diacritics_share=0.3)
    assert variants(augmented(shuffled, few).records) == variants(augmented(ROWS, few).records)


def test_rows_that_are_added_change_no_variant() -> None:
    few = AugmentSettings(no_diacritics_share=0.3)
    assert variants(augmented(ROWS[:100], few).records).items() <= variants(augmented(ROWS, few).records).items()


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    few = AugmentSettings(no_diacritics_share=0.3, seed=1)
    assert augmented(ROWS, few) == augmented(ROWS, few)
    assert augmented(ROWS, few) != augmented(ROWS, AugmentSettings(no_diacritics_share=0.3, seed=2))


def test_a_larger_share_keeps_the_variants_of_a_smaller_one() -> None:
    few, more = (variants(augmented(ROWS, AugmentSettings(no_diacritics_share=share)).records) for share in (0.1, 0.4))
    assert few.items() <= more.items()
    assert 8 <= len(few) <= 35
    assert 60 <= len(more) <= 100


def test_a_share_of_nothing_changes_nothing() -> None:
    kept = augmented(ROWS, AugmentSettings(no_diacritics_share=0))
    assert (kept.records, kept.dropped) == (ROWS, [])


def test_a_variant_that_says_nothing_new_is_dropped_and_counted() -> None:
    plain = replace(ROWS[0], question="Ile trwa urlop?")
    kept = augmented([plain], ALL)
    assert kept.records == [plain]
    assert kept.counts() == {"variant_equals_origin": 1}
    assert kept.dropped[0].detail == "r0"


def test_variants_get_no_variants() -> None:
    once = augmented(ROWS, ALL)
    assert set(variants(augmented(once.records, ALL).records)) == set(variants(once.records))


@settings(max_examples=50)
@given(st.text())
def test_only_diacritics_of_the_question_change(question: str) -> None:
    kept = augmented([replace(ROWS[0], question=question)], ALL)
    made = [*kept.records[1:], *(item.record for item in kept.dropped)]
    assert len(made) == 1
    assert len(made[0].question) == len(question)
    assert made[0].answer == ROWS[0].answer


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_bounds_is_refused(share: float) -> None:
    with pytest.raises(ValidationError):
        AugmentSettings(no_diacritics_share=share)
