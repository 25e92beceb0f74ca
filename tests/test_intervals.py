import pytest

from paragraf.intervals import Estimate, bootstrap, mean, share


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
