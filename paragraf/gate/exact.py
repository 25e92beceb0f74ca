"""Exact: counts in, probabilities out: the tail of a binomial, McNemar's test of pairs, Holm's correction."""

from collections.abc import Sequence
from math import exp, fsum, lgamma, log


def tail(hits: int, n: int, share: float) -> float:
    """Probability of at least that many hits in `n` independent answers, each a hit with probability `share`.

    Not above 0.025 is what Clopper and Pearson mean by a lower 95 % bound above `share`.
    """
    if hits <= 0:
        return 1.0
    ways = (lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1) for count in range(hits, n + 1))
    chances = (count * log(share) + (n - count) * log(1 - share) for count in range(hits, n + 1))
    return min(1.0, fsum(exp(way + chance) for way, chance in zip(ways, chances, strict=True)))


def mcnemar(wins: int, losses: int) -> float:
    """Two-sided p of pairs that differ, if both ways were equally likely: no normal approximation, no correction.

    Q. McNemar, Psychometrika 12 (1947), 153-157; exact as a sign test on the pairs that differ.
    """
    return min(1.0, 2 * tail(max(wins, losses), wins + losses, 0.5))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values, in their order, raised so that comparing each with alpha errs in any of them at most alpha often.

    S. Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.
    """
    raised = [0.0] * len(p_values)
    worst = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[index]))
        raised[index] = worst
    return raised
