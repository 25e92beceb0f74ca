from collections.abc import Sequence
from itertools import product
from math import comb, log, sqrt
from random import Random

import pytest

from paragraf.intervals import Estimate, bootstrap, difference, fewest_without_hits, mean, ratio, share


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 300, 0.0, 0.0126),
        (0, 100, 0.0, 0.0370),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (1, 29, 0.0061, 0.1718),  # Newcombe 1998, Statistics in Medicine 17, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0.0, 0.1611),
    ],
)
def test_wilsons_interval_has_the_values_of_the_literature(hits: int, n: int, low: float, high: float) -> None:
    estimate = share([True] * hits + [False] * (n - hits))
    assert estimate.value == hits / n
    assert estimate.low == pytest.approx(low, abs=6e-5)
    assert estimate.high == pytest.approx(high, abs=6e-5)
    assert estimate.n == n


def test_nothing_is_known_of_no_answers() -> None:
    assert share([]) == mean([]) == Estimate(value=None, low=None, high=None, n=0)


def test_the_order_of_answers_does_not_matter_to_a_share() -> None:
    assert share([True, False, False]) == share([False, True, False])


def test_the_bootstrap_gives_the_same_for_the_same_seed() -> None:
    values = [0.1, 0.9, 0.4, 0.4, 0.7]
    assert mean(values) == mean(values)
    assert mean(values, seed=1) == mean(values, seed=1) != mean(values, seed=2)


def test_a_mean_lies_in_its_interval_and_equal_values_leave_no_doubt() -> None:
    estimate = mean([float(number) for number in range(100)])
    assert estimate.value == 49.5
    assert estimate.low == pytest.approx(49.5 - 1.96 * 2.9, abs=0.8)
    assert estimate.high == pytest.approx(49.5 + 1.96 * 2.9, abs=0.8)
    assert mean([2.0, 2.0]) == Estimate(value=2.0, low=2.0, high=2.0, n=2)


def test_more_answers_make_a_narrower_interval() -> None:
    few, many = mean([0.0, 1.0] * 5), mean([0.0, 1.0] * 200)
    assert few.low is not None and few.high is not None and many.low is not None and many.high is not None
    assert many.high - many.low < (few.high - few.low) / 4


def test_pairs_stay_together_when_items_are_drawn() -> None:
    base, tuned = [1.0, 5.0, 9.0], [0.5, 4.5, 8.5]
    gain = bootstrap(3, lambda chosen: sum(base[item] - tuned[item] for item in chosen) / len(chosen))
    assert gain == Estimate(value=0.5, low=0.5, high=0.5, n=3)


@pytest.mark.parametrize("limit", [0.01, 0.02, 0.05, 0.3])
def test_the_fewest_answers_that_rule_a_limit_out_are_just_enough(limit: float) -> None:
    fewest = fewest_without_hits(limit)
    enough, too_few = share([False] * fewest).high, share([False] * (fewest - 1)).high
    assert enough is not None and too_few is not None
    assert enough <= limit < too_few


def test_a_paired_difference_has_the_interval_of_the_literature() -> None:
    found = difference(1, 7, 21)  # Fagerland, Lydersen, Laake 2014, Statistics in Medicine 33: airways, Tango's score
    assert found.value == pytest.approx(-6 / 21)
    assert found.low == pytest.approx(-0.517, abs=5e-4)
    assert found.high == pytest.approx(-0.026, abs=5e-4)


@pytest.mark.parametrize(("wins", "losses", "n"), [(1, 7, 21), (0, 3, 30), (12, 2, 50), (40, 20, 160), (5, 5, 10)])
def test_at_the_ends_of_a_paired_interval_the_score_test_is_at_its_limit(wins: int, losses: int, n: int) -> None:
    found = difference(wins, losses, n)
    assert found.low is not None and found.high is not None
    assert score(found.low, wins, losses, n) == pytest.approx(1.96, abs=2e-3)
    assert score(found.high, wins, losses, n) == pytest.approx(-1.96, abs=2e-3)


def score(difference: float, wins: int, losses: int, n: int) -> float:
    """The score statistic of a difference, with the chances that make the counts likeliest found by search."""

    def likelihood(chance_of_a_loss: float) -> float:
        cells = (difference + chance_of_a_loss, chance_of_a_loss, 1 - difference - 2 * chance_of_a_loss)
        counts = (wins, losses, n - wins - losses)
        return sum(count * log(max(cell, 1e-300)) for count, cell in zip(counts, cells, strict=True) if count)

    low, high = max(0.0, -difference), (1 - difference) / 2
    for _ in range(100):
        third = (high - low) / 3
        if likelihood(low + third) < likelihood(high - third):
            low += third
        else:
            high -= third
    return (wins - losses - n * difference) / sqrt(n * (2 * low + difference - difference**2))


def test_answers_that_never_differ_leave_as_much_room_as_no_hits() -> None:
    same, none = difference(0, 0, 100), share([False] * 100)
    assert same.value == 0
    assert none.high is not None
    assert (same.low, same.high) == (pytest.approx(-none.high), pytest.approx(none.high))


def test_a_difference_is_unknown_without_answers_and_turns_its_sign_with_the_sides() -> None:
    one, other = difference(9, 4, 40), difference(4, 9, 40)
    assert difference(0, 0, 0) == Estimate.unknown()
    assert (one.value, one.low, one.high) == (-(other.value or 0), -(other.high or 0), -(other.low or 0))


def test_a_win_less_or_a_loss_more_never_raises_the_lower_end() -> None:
    n = 24
    low = {(wins, losses): difference(wins, losses, n).low or 0 for wins, losses in counts(n)}
    for (wins, losses), bound in low.items():
        assert low.get((wins - 1, losses), -1) <= bound
        assert low.get((wins, losses + 1), -1) <= bound


@pytest.mark.parametrize(("win", "loss"), [(0.1, 0.1), (0.25, 0.1), (0.05, 0.02), (0.4, 0.3)])
def test_a_paired_interval_covers_the_truth_about_95_times_in_100(win: float, loss: float) -> None:
    n = 40
    covered = 0.0
    for wins, losses in counts(n):
        found = difference(wins, losses, n)
        if (found.low or 0) <= win - loss <= (found.high or 0):
            ways = comb(n, wins) * comb(n - wins, losses)
            covered += ways * win**wins * loss**losses * (1 - win - loss) ** (n - wins - losses)
    assert 0.94 <= covered <= 0.99


def counts(n: int) -> list[tuple[int, int]]:
    return [(wins, losses) for wins, losses in product(range(n + 1), repeat=2) if wins + losses <= n]


@pytest.mark.parametrize("n", [12, 60, 400])
def test_a_ratio_has_the_interval_of_the_bootstrap_of_its_sums(n: int) -> None:
    rng = Random(n)
    wholes = [float(rng.randint(1, 6)) for _ in range(n)]
    parts = [float(rng.randint(0, int(whole))) for whole in wholes]

    def of_sums(chosen: Sequence[int]) -> float:
        return sum(parts[index] for index in chosen) / sum(wholes[index] for index in chosen)

    fast, slow = ratio(parts, wholes), bootstrap(n, of_sums)
    assert (fast.value, fast.n) == (pytest.approx(slow.value), slow.n)
    width = (slow.high or 0) - (slow.low or 0)
    assert fast.low == pytest.approx(slow.low, abs=0.1 * width)
    assert fast.high == pytest.approx(slow.high, abs=0.1 * width)


def test_a_mean_of_many_answers_is_drawn_in_parts_and_as_wide_as_the_normal_one() -> None:
    values = [float(number % 7) for number in range(21_000)]  # 21 million draws, some 4 million at once
    found = mean(values)
    assert found.value == pytest.approx(3.0)
    half = 1.959964 * 2.0 / sqrt(21_000)  # the standard deviation of 0 to 6 is 2
    assert found.low == pytest.approx(3.0 - half, abs=0.1 * half)
    assert found.high == pytest.approx(3.0 + half, abs=0.1 * half)


def test_the_same_answers_and_seed_give_the_same_interval_and_no_answers_none() -> None:
    parts, wholes = [1.0, 0.0, 2.0, 3.0] * 9, [2.0, 1.0, 2.0, 4.0] * 9
    assert ratio(parts, wholes) == ratio(parts, wholes)
    assert ratio(parts, wholes).low != ratio(parts, wholes, seed=1).low
    assert ratio([], []) == mean([]) == Estimate.unknown()
