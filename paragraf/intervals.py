"""Intervals: how far an estimate from few answers can be trusted, at 95 %."""

from collections.abc import Callable, Sequence
from math import ceil, sqrt
from random import Random
from typing import Self

from pydantic import BaseModel, ConfigDict

_Z = 1.959964  # two-sided 95 % of the normal distribution
_RESAMPLES = 1000
_DRAWN_AT_ONCE = 4_000_000  # numbers, some 100 MB
_HALVINGS = 60


class Estimate(BaseModel):
    """A value with its 95 % interval and the number of answers behind it; all None when there were none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float | None
    low: float | None
    high: float | None
    n: int

    @classmethod
    def unknown(cls) -> Self:
        return cls(value=None, low=None, high=None, n=0)


def share(hits: Sequence[float]) -> Estimate:
    """Share of True with Wilson's interval.

    Values between 0 and 1 are taken too, such as half a win: they spread less than ones and zeros of the same mean, so
    that the interval is wide enough.
    """
    if not hits:
        return Estimate.unknown()
    n, p = len(hits), sum(hits) / len(hits)
    centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return Estimate(value=p, low=max(0.0, centre - half), high=min(1.0, centre + half), n=n)


def fewest_without_hits(limit: float) -> int:
    """How many answers without a single hit it takes for the upper bound not to lie above `limit` (over 0, below 1)."""
    return ceil(_Z**2 * (1 - limit) / limit)


def difference(wins: int, losses: int, n: int) -> Estimate:
    """How much greater one share is than another of the same `n` answers, with Tango's score interval.

    `wins` are hits of the first alone, `losses` of the second alone; what they share says nothing about a difference.
    T. Tango, Statistics in Medicine 17 (1998), 891-908: all differences that a score test does not refuse. Two that
    never differ get Wilson's bounds for no hits: 100 equal answers leave room for 3.7 points.
    """
    if n == 0:
        return Estimate.unknown()
    low, high = _least_difference(wins, losses, n), -_least_difference(losses, wins, n)
    return Estimate(value=(wins - losses) / n, low=low, high=high, n=n)


def _least_difference(wins: int, losses: int, n: int) -> float:
    refused, held = -1.0, (wins - losses) / n
    for _ in range(_HALVINGS):
        middle = (refused + held) / 2
        linear = wins + losses - (2 * n - wins + losses) * middle
        root = sqrt(max(0.0, linear**2 + 8 * n * losses * middle * (1 - middle)))
        likeliest = (linear + root) / (4 * n)  # chance of a loss, if the difference were this one
        variance = n * (2 * likeliest + middle * (1 - middle))
        if (wins - losses - n * middle) ** 2 > _Z**2 * variance:
            refused = middle
        else:
            held = middle
    return held


def mean(values: Sequence[float], seed: int = 0) -> Estimate:
    """Mean with a percentile bootstrap over the answers."""
    return ratio(values, [1.0] * len(values), seed)


def ratio(parts: Sequence[float], wholes: Sequence[float], seed: int = 0) -> Estimate:
    """Sum of parts to sum of wholes (each above 0), with a percentile bootstrap over the answers they belong to."""
    import numpy as np

    n = len(parts)
    if n == 0:
        return Estimate.unknown()
    counts = np.array([parts, wholes], dtype=float)
    rng, sums = np.random.default_rng(seed), []
    for size in np.diff(np.linspace(0, _RESAMPLES, ceil(n * _RESAMPLES / _DRAWN_AT_ONCE) + 1, dtype=int)):
        drawn = counts[:, rng.integers(0, n, (size, n))].sum(axis=2)
        sums.append(drawn[0] / drawn[1])
    low, high = np.quantile(np.concatenate(sums), (0.025, 0.975))
    return Estimate(value=sum(parts) / sum(wholes), low=float(low), high=float(high), n=n)


def bootstrap(n: int, statistic: Callable[[Sequence[int]], float], seed: int = 0) -> Estimate:
    """Any statistic of `n` items, given as a function of item numbers; resampled, so pairs stay together."""
    if n == 0:
        return Estimate.unknown()
    rng = Random(seed)
    items = range(n)
    drawn = sorted(statistic(rng.choices(items, k=n)) for _ in range(_RESAMPLES))
    return Estimate(
        value=statistic(items), low=drawn[int(0.025 * _RESAMPLES)], high=drawn[int(0.975 * _RESAMPLES) - 1], n=n
    )
