from itertools import product
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.gate.exact import holm, mcnemar, tail


@pytest.mark.parametrize(
    ("wins", "losses", "p"), [(22, 10, 0.0501), (14, 6, 0.1153), (24, 8, 0.0070), (5, 0, 0.0625), (6, 0, 0.03125)]
)
def test_mcnemars_exact_test_has_the_known_values_whichever_side_wins(wins: int, losses: int, p: float) -> None:
    assert mcnemar(wins, losses) == pytest.approx(p, abs=5e-5)
    assert mcnemar(losses, wins) == mcnemar(wins, losses)


def test_pairs_that_do_not_differ_prove_nothing() -> None:
    assert mcnemar(0, 0) == mcnemar(7, 7) == 1.0


@pytest.mark.parametrize(("n", "share"), [(1, 0.5), (12, 0.02), (30, 0.7), (60, 0.05)])
def test_a_tail_is_the_sum_of_its_chances(n: int, share: float) -> None:
    for hits in range(n + 1):
        chances = [comb(n, count) * share**count * (1 - share) ** (n - count) for count in range(hits, n + 1)]
        assert tail(hits, n, share) == pytest.approx(sum(chances))


def test_many_pairs_neither_overflow_nor_take_long() -> None:
    assert mcnemar(50_000, 50_000) == 1.0
    assert mcnemar(51_000, 49_000) == pytest.approx(2.6e-10, rel=0.05)


def test_holms_correction_has_the_values_of_the_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.001]) == pytest.approx([0.9, 0.002])
    assert holm([0.2]) == [0.2]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.data())
def test_a_corrected_p_is_no_smaller_and_falls_for_nobody_when_one_rises(
    p_values: list[float], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(p_values) - 1))
    raised = [*p_values]
    raised[index] = data.draw(st.floats(p_values[index], 1))

    before, after = holm(p_values), holm(raised)

    assert all(corrected >= p for corrected, p in zip(before, p_values, strict=True))
    assert all(later >= earlier for later, earlier in zip(after, before, strict=True))


def test_equal_models_are_called_different_at_most_as_often_as_alpha_says() -> None:
    rng = Random(7)
    called = 0
    for _ in range(2000):
        differing = sum(rng.random() < 0.2 for _ in range(200))
        wins = sum(rng.random() < 0.5 for _ in range(differing))
        called += mcnemar(wins, differing - wins) <= 0.05
    assert 0.02 < called / 2000 <= 0.055


def test_an_exact_lower_bound_above_a_limit_is_above_it_by_wilson_too() -> None:
    z = 1.959964
    for n, limit in product((1, 5, 20, 80, 300), (0.01, 0.02, 0.05, 0.3)):
        hits = next((hits for hits in range(1, n + 1) if tail(hits, n, limit) <= 0.025), None)
        if hits is not None:
            score = (hits / n - limit) / (limit * (1 - limit) / n) ** 0.5
            assert score > z, (hits, n, limit)
