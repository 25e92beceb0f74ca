"""Rungs: what is known of all trials, in; the next stretches of training out, whatever order the news came in.

All trials of a rung are trained to the same share of their own schedules, not to the same number of rows. The learning
rate of a longer schedule is still high where a shorter one has come to rest, and a loss measured before the rate has
fallen says little about the end (Hoffmann et al. 2022, section 3.1): at equal rows the long schedules would go out for
being long. Equal shares compare equal phases of the decay, and it is at their own ends that the last are compared.
A trial with a warm-up is trained longer by what that holds back (`paragraf.train.pauses`), else the first rungs would
tell a long warm-up from a short one and nothing more. Rows are counted as the cost, and break ties.

A trial goes on as soon as it is certain to be among the best of its rung, and is out as soon as enough better ones are
known. So workers seldom wait, and who goes on does not depend on who was faster, as it does with Optuna's
SuccessiveHalvingPruner, which judges a trial by those that happen to be there and cannot pause it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from paragraf.search.settings import SearchSettings

State = Literal["running", "complete", "pruned", "failed"]

_NEARLY = 1e-9  # shares are quotients


@dataclass(frozen=True, slots=True)
class Bracket:
    """Trials that are compared with each other: their numbers, the share at each rung, how many enter each."""

    numbers: range
    shares: tuple[float, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Training of one trial from where it stands to the share of a rung."""

    number: int
    rung: int
    share: float


Losses = Mapping[int, Sequence[float]]
"""Number of a trial -> its validation loss at each rung that it has reached; infinite where it failed."""


def brackets(settings: SearchSettings) -> tuple[Bracket, ...]:
    """The plan of a search; with hyperband, every bracket begins one rung higher and holds fewer trials."""
    trials, reduction = settings.planned(), settings.reduction
    shares = _shares(settings)
    if settings.pruning != "hyperband":
        return (_bracket(range(trials), shares, reduction),)
    rungs = len(shares)
    # how many trials each bracket has in Li et al. 2018, algorithm 1, scaled to the trials that there are
    weights = [math.ceil(rungs / (rungs - start) * reduction ** (rungs - 1 - start)) for start in range(rungs)]
    found, first = [], 0
    for start, count in enumerate(_in_proportion(trials, weights)):
        if count:
            found.append(_bracket(range(first, first + count), shares[start:], reduction))
        first += count
    return tuple(found)


def bracket_of(plan: Sequence[Bracket], number: int) -> Bracket:
    """The bracket that a trial belongs to."""
    return next(bracket for bracket in plan if number in bracket.numbers)


def state_of(bracket: Bracket, losses: Losses, number: int) -> State:
    """How a trial stands; what is once out stays out, whatever becomes known later."""
    reached = losses.get(number, ())
    if reached and math.isinf(reached[-1]):
        return "failed"
    if len(reached) == len(bracket.shares):
        return "complete"
    rung = len(reached) - 1
    if rung >= 0 and _place(bracket, losses, rung, number) >= bracket.sizes[rung + 1]:
        return "pruned"
    return "running"


def due(plan: Sequence[Bracket], losses: Losses, busy: frozenset[int], begun: int) -> list[Stretch]:
    """What may be trained now, most urgent first: the furthest and best trials, then those that stand at nothing.

    `begun` is how many trials there may be by now; `busy` are those that are being trained.
    """
    found = []
    for bracket in plan:
        for number in bracket.numbers:
            if number >= begun or number in busy or state_of(bracket, losses, number) != "running":
                continue
            rung = len(losses.get(number, ()))
            if rung == 0 or _goes_on(bracket, losses, rung - 1, number):
                found.append(Stretch(number, rung, bracket.shares[rung]))
    return sorted(found, key=lambda stretch: _urgency(stretch, losses))


def _urgency(stretch: Stretch, losses: Losses) -> tuple[float, float, int]:
    loss = losses[stretch.number][-1] if stretch.rung else 0.0
    return (-stretch.share if stretch.rung else 0.0, loss, stretch.number)


def _goes_on(bracket: Bracket, losses: Losses, rung: int, number: int) -> bool:
    """Whether a trial is among the best of a rung even if all that are still awaited there are better."""
    known = len(_known(bracket, losses, rung))
    awaited = _entrants(bracket, losses, rung) - known
    return _place(bracket, losses, rung, number) + awaited < bracket.sizes[rung + 1]


def _place(bracket: Bracket, losses: Losses, rung: int, number: int) -> int:
    """How many better trials of a rung are known."""
    own = (losses[number][rung], number)
    return sum(other < own for other in _known(bracket, losses, rung))


def _known(bracket: Bracket, losses: Losses, rung: int) -> list[tuple[float, int]]:
    return [(losses[number][rung], number) for number in bracket.numbers if len(losses.get(number, ())) > rung]


def _entrants(bracket: Bracket, losses: Losses, rung: int) -> int:
    """The most trials that can come to a rung: those that failed below cannot."""
    if rung == 0:
        return len(bracket.numbers)
    below = _known(bracket, losses, rung - 1)
    failed = sum(math.isinf(loss) for loss, _ in below)
    return min(bracket.sizes[rung], _entrants(bracket, losses, rung - 1) - failed)


def _shares(settings: SearchSettings) -> tuple[float, ...]:
    """From the whole schedule down by the reduction, as long as no share is below the first one allowed."""
    shares = [1.0]
    while settings.pruning != "none" and shares[-1] / settings.reduction >= settings.first_share - _NEARLY:
        shares.append(shares[-1] / settings.reduction)
    return tuple(reversed(shares))


def _bracket(numbers: range, shares: tuple[float, ...], reduction: int) -> Bracket:
    sizes = [len(numbers)]
    while len(sizes) < len(shares):
        sizes.append(max(1, sizes[-1] // reduction))
    return Bracket(numbers, shares, tuple(sizes))


def _in_proportion(total: int, weights: Sequence[int]) -> list[int]:
    """The total in whole parts as near to the weights as can be; what is left over goes to the largest remainders."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [math.floor(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_remainder[: total - sum(parts)]:
        parts[at] += 1
    return parts
