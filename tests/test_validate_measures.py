import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.validate.balance import REST, evenness, histogram, largest_share, most_frequent, smallest_share
from paragraf.validate.diversity import lexical, semantic

COUNTS = st.dictionaries(st.text(max_size=5), st.integers(1, 1000), max_size=40)
WORDS = [f"słowo{number}" for number in range(3000)]


def texts(vocabulary: int, rows: int = 200, seed: int = 3) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS[:vocabulary], k=40)) for _ in range(rows)]


@pytest.mark.parametrize(
    ("counts", "largest", "smallest", "even"),
    [
        ({"praca": 5, "spadki": 5}, 0.5, 0.5, 1.0),
        ({"praca": 9, "spadki": 1}, 0.9, 0.1, 0.469),
        ({"praca": 4}, 1.0, 1.0, 0.0),
        ({}, 0.0, 0.0, 0.0),
    ],
)
def test_balance_of_a_few_kinds(counts: dict[str, int], largest: float, smallest: float, even: float) -> None:
    assert (largest_share(counts), smallest_share(counts)) == (largest, smallest)
    assert evenness(counts) == pytest.approx(even, abs=1e-3)


@given(COUNTS)
def test_balance_lies_between_nothing_and_one(counts: dict[str, int]) -> None:
    assert 0 <= smallest_share(counts) <= largest_share(counts) <= 1
    assert 0 <= evenness(counts) <= 1 + 1e-9


@given(COUNTS)
def test_no_row_is_lost_among_the_most_frequent_kinds(counts: dict[str, int]) -> None:
    named = most_frequent(counts)
    assert sum(named.values()) == sum(counts.values())
    assert len(named) <= 25


def test_long_names_are_cut_and_many_kinds_are_put_together() -> None:
    named = most_frequent({"x" * 500: 1000} | {f"kind {number}": number + 1 for number in range(30)})
    assert max(map(len, named)) == 60
    assert next(iter(named)).startswith("xxx")
    assert named[REST] == sum(range(1, 8))


@given(st.lists(st.integers(0, 10**9), max_size=200))
def test_a_histogram_counts_every_value_in_few_bars(values: list[int]) -> None:
    bars = histogram(values)
    assert sum(bars.values()) == len(values)
    assert len(bars) <= 26
    assert list(map(int, bars)) == sorted(map(int, bars))


def test_a_giant_stands_in_the_last_bar() -> None:
    assert histogram([*range(200), 10**9]) == {str(edge): 10 for edge in range(0, 190, 10)} | {"190": 11}


def test_distinct_words_do_not_depend_on_the_size_of_a_corpus() -> None:
    few, many = lexical(texts(500, 100)), lexical(texts(500, 2000))
    assert few.words == pytest.approx(many.words, abs=0.02)
    assert few.pairs == pytest.approx(many.pairs, abs=0.02)
    assert few.moving == pytest.approx(many.moving, abs=0.02)


def test_rich_texts_have_more_distinct_words_than_poor_ones() -> None:
    rich, poor = lexical(texts(3000)), lexical(texts(20))
    assert rich == pytest.approx((0.86, 1.0, 0.98), abs=0.02)
    assert poor == pytest.approx((0.02, 0.37, 0.2), abs=0.02)


def test_the_moving_ratio_is_the_mean_over_all_windows() -> None:
    told = random.Random(1).choices(WORDS[:60], k=350)
    windows = [told[start : start + 100] for start in range(251)]
    expected = sum(len(set(window)) / 100 for window in windows) / 251
    assert lexical([" ".join(told)]).moving == pytest.approx(expected)


def test_few_or_no_words_are_measured_too() -> None:
    assert lexical([]) == lexical(["", "?!"]) == (0.0, 0.0, 0.0)
    assert lexical(["tak tak nie"]) == (pytest.approx(2 / 3), 1.0, pytest.approx(2 / 3))


def test_questions_of_one_template_are_nearer_than_questions_of_many_things() -> None:
    alike = [f"Jaki jest termin na złożenie wniosku numer {number}?" for number in range(700)]
    unlike = texts(3000, 50)
    assert semantic(alike).nearest > 0.8 > semantic(unlike).nearest
    assert semantic(alike).all > semantic(unlike).all


def test_equal_questions_are_as_near_as_can_be_and_too_few_are_not_compared() -> None:
    assert semantic(["Kto dziedziczy?"] * 3) == (pytest.approx(1.0), pytest.approx(1.0))
    assert semantic(["Kto dziedziczy?"]) == semantic([]) == semantic(["", "  "]) == (0.0, 0.0)
