from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from paragraf.augment.balance import BalanceSettings, More, Shortfall, balance, category_of, quotas_of
from paragraf.records import Kept, Record
from paragraf.runner import Processes

AREAS = ("najem", "praca", "spadki")


def row(number: int, area: str = "praca", question: str = "") -> Record:
    asked = question or f"Czy w sprawie numer {number} mogę żądać {number} złotych od sąsiada?"
    return Record(id=f"{area}-{number}", question=asked, answer="Tak.", area=area)


def numbered(record: Record, count: int, rng: Random) -> Iterator[Record]:
    """As many variants as are asked for."""
    for number in range(count):
        yield variant_of(record, number, f"{record.question} Wersja {number} i {rng.random()}.")


def one_each(record: Record, count: int, rng: Random) -> Iterator[Record]:
    """One variant, however many are asked for."""
    yield from numbered(record, min(count, 1), rng)


def the_same(record: Record, count: int, rng: Random) -> Iterator[Record]:
    """What was there before, typed otherwise, and one new question for all rows."""
    yield variant_of(record, 0, record.question.upper())
    yield variant_of(record, 1, "Co mówi prawo?")


def elsewhere(record: Record, count: int, rng: Random) -> Iterator[Record]:
    """Variants of another category."""
    yield from (replace(made, area="karne") for made in numbered(record, count, rng))


def variant_of(record: Record, number: int, question: str) -> Record:
    return replace(record, id=f"{record.id}~{number}", question=question, origin=record.id, technique="paraphrase")


def balanced(rows: Sequence[Record], settings: BalanceSettings, more: More = numbered) -> tuple[Kept, list[Shortfall]]:
    told: list[Shortfall] = []
    return Kept.of(balance(rows, settings, more, told.append)), told


def areas(rows: Sequence[Record]) -> dict[str, int]:
    return dict(Counter(record.area for record in rows))


UNEVEN = [
    *(row(n, "praca") for n in range(60)),
    *(row(n, "najem") for n in range(20)),
    *(row(n, "spadki") for n in range(4)),
]


def test_without_categories_all_rows_stay() -> None:
    assert balanced(UNEVEN, BalanceSettings())[0] == Kept(UNEVEN, [])


def test_categories_get_equal_parts_of_the_target() -> None:
    kept, told = balanced(UNEVEN, BalanceSettings(by=("area",), target_rows=60, most_variants=9))
    assert areas(kept.records) == {"praca": 20, "najem": 20, "spadki": 20}
    assert kept.counts() == {"over_target": 40}
    assert told == []


def test_without_a_target_there_are_as_many_rows_as_before() -> None:
    kept, _ = balanced(UNEVEN, BalanceSettings(by=("area",), most_variants=9))
    assert areas(kept.records) == {"praca": 28, "najem": 28, "spadki": 28}


def test_single_categories_can_have_a_target_of_their_own() -> None:
    kept, _ = balanced(UNEVEN, BalanceSettings(by=("area",), target_rows=60, wanted={"praca": 50}))
    assert areas(kept.records) == {"praca": 50, "najem": 5, "spadki": 5}


def test_what_could_not_be_reached_is_told() -> None:
    settings = BalanceSettings(by=("area",), target_rows=60, wanted={"karne": 3}, most_variants=2)
    kept, told = balanced(UNEVEN, settings)
    assert areas(kept.records) == {"praca": 19, "najem": 19, "spadki": 12}
    assert told == [Shortfall("karne", 3, 0), Shortfall("spadki", 19, 12)]


def test_rows_keep_their_order_and_variants_follow_their_row() -> None:
    kept, _ = balanced(UNEVEN, BalanceSettings(by=("area",), wanted={"spadki": 6, "praca": 0, "najem": 0}))
    lineage = [record.origin or record.id for record in kept.records]
    assert lineage == sorted(lineage)
    assert [record.id for record in kept.records if not record.technique] == [f"spadki-{n}" for n in range(4)]


def test_variants_are_spread_evenly_over_the_rows() -> None:
    kept, _ = balanced(UNEVEN, BalanceSettings(by=("area",), wanted={"spadki": 14, "praca": 0, "najem": 0}))
    made = Counter(record.origin for record in kept.records if record.technique)
    assert sorted(made.values()) == [2, 2, 3, 3]


def test_rows_that_yield_little_are_made_up_for_by_others() -> None:
    rows = [row(n) for n in range(10)]

    def few_then_many(record: Record, count: int, rng: Random) -> Iterator[Record]:
        yield from numbered(record, count, rng) if record.id == "praca-3" else one_each(record, count, rng)

    kept, told = balanced(rows, BalanceSettings(by=("area",), target_rows=30, most_variants=12), few_then_many)
    made = Counter(record.origin for record in kept.records if record.technique)
    assert made == {f"praca-{n}": 11 if n == 3 else 1 for n in range(10)}
    assert told == []


def test_no_row_is_made_twice() -> None:
    kept, told = balanced([row(n) for n in range(5)], BalanceSettings(by=("area",), target_rows=20), the_same)
    assert [record.question for record in kept.records if record.technique] == ["Co mówi prawo?"]
    assert told == [Shortfall("praca", 20, 6)]


def test_variants_of_another_category_do_not_count() -> None:
    kept, told = balanced([row(n) for n in range(5)], BalanceSettings(by=("area",), target_rows=10), elsewhere)
    assert len(kept.records) == 5
    assert told == [Shortfall("praca", 10, 5)]


def test_variants_go_before_the_rows_that_they_are_of() -> None:
    rows = [variant_of(row(1), 1, "Inaczej zapytane?"), row(1), row(2)]
    kept, _ = balanced(rows, BalanceSettings(by=("area",), target_rows=2))
    assert [record.id for record in kept.records] == ["praca-1", "praca-2"]


def test_of_rows_that_are_alike_one_stays() -> None:
    topics = [
        "Jak napisać testament własnoręczny?",
        "Kiedy przedawnia się mandat karny?",
        "Ile wynosi opłata sądowa od pozwu o rozwód?",
        "Kto odpowiada za szkodę wyrządzoną przez psa?",
        "Czy gmina może odebrać mieszkanie komunalne?",
    ]
    rows = [row(10 * n + m, question=f"{topic} {'Proszę. ' * m}") for n, topic in enumerate(topics) for m in range(6)]
    kept, _ = balanced(rows, BalanceSettings(by=("area",), target_rows=5))
    assert {record.question.split("?")[0] + "?" for record in kept.records} == set(topics)


def test_the_kept_rows_of_a_large_category_are_more_diverse_than_a_random_draw() -> None:
    rng = Random(1)
    words = [f"słowo{n}" for n in range(300)]
    topics = [[rng.choice(words) for _ in range(12)] for _ in range(60)]
    rows = []
    for number in range(5000):  # half of all rows are of one topic
        topic = topics[0] if rng.random() < 0.5 else rng.choice(topics)
        rows.append(row(number, question=" ".join([*topic, rng.choice(words)])))
    kept, _ = balanced(rows, BalanceSettings(by=("area",), target_rows=120))
    of_first = sum(record.question.startswith(" ".join(topics[0])) for record in kept.records)
    assert len(kept.records) == 120
    assert of_first < 45  # a random draw has 60


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (("area",), "praca"),
        (("area", "item_type"), "praca / deadline"),
        (("task_type",), "generation"),
        (("legal_basis",), "art. 1 k.c., art. 2 k.c."),
        (("source",), "none"),
    ],
)
def test_any_field_or_the_task_type_makes_categories(by: tuple[str, ...], name: str) -> None:
    record = replace(
        row(1), item_type="deadline", legal_basis=("art. 1 k.c.", "art. 2 k.c."), question="Napisz pozew o zapłatę."
    )
    assert category_of(record, by) == name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"by": ("colour",)}, "which no row has"),
        ({"wanted": {"praca": 3}}, "by is empty"),
        ({"by": ("area",), "wanted": {"praca": 30}, "target_rows": 20}, "more than target_rows"),
    ],
)
def test_settings_that_cannot_be_met_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        BalanceSettings.model_validate(given)


def test_the_rows_are_the_same_in_two_processes_and_in_another_order_of_categories() -> None:
    rows = [row(number, AREAS[number % 7 % 3]) for number in range(2500)]
    settings = BalanceSettings(by=("area",), most_variants=3)
    with Processes(2) as runner:
        assert list(balance(rows, settings, one_each, runner=runner)) == list(balance(rows, settings, one_each))


def test_another_seed_gives_other_rows() -> None:
    one, other = (balanced(UNEVEN, BalanceSettings(by=("area",), target_rows=30, seed=seed))[0] for seed in (1, 2))
    assert one.records != other.records


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(AREAS), min_size=1, max_size=40), st.integers(1, 60), st.integers(0, 5))
def test_nothing_is_lost_and_no_category_is_over_its_quota(held: list[str], target: int, most: int) -> None:
    rows = [row(number, area) for number, area in enumerate(held)]
    settings = BalanceSettings(by=("area",), target_rows=target, most_variants=most)
    kept, told = balanced(rows, settings)
    quotas = quotas_of(Counter(held), settings)
    roots = [record for record in kept.records if not record.technique]
    assert sorted(record.id for record in roots + [item.record for item in kept.dropped]) == sorted(
        row.id for row in rows
    )
    missing = {item.category: item.wanted - item.got for item in told}
    assert sum(quotas.values()) == target
    assert {area: areas(kept.records).get(area, 0) + missing.get(area, 0) for area in quotas} == quotas
