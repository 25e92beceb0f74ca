"""The rungs of a search: who goes on, when that is certain, and that the order of news decides nothing."""

import math
from random import Random

import pytest

from paragraf.search.rungs import Bracket, brackets, due, state_of
from paragraf.search.settings import Pruning, SearchSettings

NOBODY: frozenset[int] = frozenset()
NINE = Bracket(range(9), (1 / 9, 1 / 3, 1.0), (9, 3, 1))


def plan(trials: int = 9, pruning: Pruning = "halving", first_share: float = 0.1) -> tuple[Bracket, ...]:
    return brackets(SearchSettings(trials=trials, pruning=pruning, first_share=first_share))


def numbers(bracket: Bracket, losses: dict[int, tuple[float, ...]], busy: frozenset[int] = NOBODY) -> list[int]:
    return [stretch.number for stretch in due([bracket], losses, busy, len(bracket.numbers))]


def test_a_third_goes_on_to_three_times_the_share() -> None:
    [bracket] = plan()

    assert bracket.sizes == (9, 3, 1)
    assert bracket.shares == pytest.approx((1 / 9, 1 / 3, 1.0))


def test_at_least_one_goes_on() -> None:
    assert plan(trials=2)[0].sizes == (2, 1, 1)


def test_no_share_is_below_the_first_one_allowed() -> None:
    assert plan(first_share=0.4)[0].shares == (1.0,)


def test_without_pruning_every_trial_is_trained_to_its_end_at_once() -> None:
    assert plan(pruning="none") == (Bracket(range(9), (1.0,), (9,)),)


@pytest.mark.parametrize("trials", [1, 2, 3, 12, 17, 100])
def test_hyperband_puts_every_trial_into_one_bracket(trials: int) -> None:
    found = plan(trials, "hyperband")

    assert [number for bracket in found for number in bracket.numbers] == list(range(trials))
    assert all(len(bracket.shares) == len(bracket.sizes) for bracket in found)


def test_brackets_of_hyperband_begin_at_later_shares_with_fewer_trials() -> None:
    found = plan(17, "hyperband")

    assert [bracket.sizes for bracket in found] == [(9, 3, 1), (5, 1), (3,)]
    assert [bracket.shares[0] for bracket in found] == pytest.approx([1 / 9, 1 / 3, 1.0])


def test_a_trial_goes_on_as_soon_as_it_is_surely_among_the_best() -> None:
    losses = {number: (float(number),) for number in range(6)}

    assert numbers(NINE, losses) == [6, 7, 8]  # three are awaited: each might be better than all
    assert numbers(NINE, {**losses, 6: (9.0,)}) == [0, 7, 8]
    assert numbers(NINE, {**losses, 6: (9.0,), 7: (9.5,)}) == [0, 1, 8]


def test_a_trial_is_out_as_soon_as_enough_better_ones_are_known() -> None:
    losses = {0: (1.0,), 1: (2.0,), 2: (3.0,), 3: (4.0,)}

    assert [state_of(NINE, losses, number) for number in range(5)] == ["running"] * 3 + ["pruned", "running"]


def test_a_failed_trial_never_goes_on_and_is_not_waited_for() -> None:
    losses = dict.fromkeys(range(8), (math.inf,)) | {8: (3.0,)}

    assert state_of(NINE, losses, 0) == "failed"
    assert numbers(NINE, losses) == [8]
    assert numbers(NINE, {**losses, 8: (3.0, 2.0)}) == [8]  # alone on its rung
    assert state_of(NINE, {**losses, 8: (3.0, 2.0, 1.0)}, 8) == "complete"


def test_the_furthest_and_best_come_first_and_busy_ones_not_at_all() -> None:
    losses = {number: (float(number),) for number in range(8)} | {0: (0.0, 1.0), 1: (1.0, 0.5)}

    assert numbers(NINE, losses) == [8]  # the third of the second rung is still open
    assert numbers(NINE, {**losses, 8: (9.0,)}) == [2]
    assert numbers(NINE, {**losses, 8: (9.0,)}, frozenset({2})) == []


@pytest.mark.parametrize("seed", range(20))
def test_who_goes_on_does_not_depend_on_the_order_of_the_news(seed: int) -> None:
    rng = Random(seed)
    final = {number: [rng.choice([1.0, 2.0, 3.0, math.inf]) for _ in range(3)] for number in range(13)}
    [bracket] = plan(13)

    outcomes = {outcome(bracket, final, Random(order), workers) for order in range(6) for workers in (1, 2, 5, 13)}

    assert len(outcomes) == 1


def outcome(bracket: Bracket, final: dict[int, list[float]], order: Random, workers: int) -> tuple[object, ...]:
    """How all trials stand at the end, and how far each came; also that what is told once stays."""
    losses: dict[int, tuple[float, ...]] = {}
    busy: set[int] = set()
    told: dict[int, str] = {}
    while True:
        free = workers - len(busy)
        busy |= {stretch.number for stretch in due([bracket], losses, frozenset(busy), 13)[:free]}
        if not busy:
            break
        number = order.choice(sorted(busy))
        busy.remove(number)
        reached = losses.get(number, ())
        losses[number] = (*reached, final[number][len(reached)])
        for each in bracket.numbers:
            state = state_of(bracket, losses, each)
            assert told.get(each) in (None, "running", state)
            told[each] = state
    assert "running" not in told.values()
    return tuple((told[number], len(losses[number])) for number in bracket.numbers)
