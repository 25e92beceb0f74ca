"""Stopping: scores of questions in the order in which they came in; whether the evidence is enough to stop, out.

A bettor with fair odds wagers on each question in turn that one side wins more than half. If no side does, the capital
is a martingale that starts at 1, and the chance that it ever reaches 1/alpha is at most alpha (J. Ville, 1939), however
often one looks and whenever one stops. The wagers are a mixture over all sizes for and against, so that no luck is
needed in choosing one: I. Waudby-Smith and A. Ramdas, Estimating means of bounded random variables by betting, J. R.
Stat. Soc. B 86, 2024, 1-27. For wins and losses alone this is Bayes' factor with a flat prior.

What counts is one score a question, 0 to 1: raters of one question see the same answers, so their votes are no
independent news.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp, log, log1p

_WAGERS = [(2 * place + 1) / 64 - 1 for place in range(64)]  # -1 to 1, shares of the largest wager that is allowed
_HALVINGS = 14  # an end of an interval is found to within 1/16384
_LARGEST_LOG = 700.0  # what a float still holds


class Evidence:
    """The bettor's capital while scores come in, against the claim that their mean is one half."""

    def __init__(self) -> None:
        self._logs = [0.0] * len(_WAGERS)

    def add(self, score: float) -> float:
        """Take one more score into account; gives the capital."""
        gain = 2 * score - 1
        if gain:
            self._logs = [held + log1p(wager * gain) for held, wager in zip(self._logs, _WAGERS, strict=True)]
        return exp(min(_log_mean(self._logs), _LARGEST_LOG))


def capital(scores: Iterable[float]) -> list[float]:
    """The capital after each score."""
    evidence = Evidence()
    return [evidence.add(score) for score in scores]


def stop_after(scores: Iterable[float], alpha: float) -> int | None:
    """After how many scores the evidence was enough for the first time, if it ever was."""
    return next((count for count, held in enumerate(capital(scores), start=1) if held >= 1 / alpha), None)


def interval(scores: Sequence[float], alpha: float) -> tuple[float, float]:
    """Means that neither a bettor on more nor one on less refutes: an interval that holds however often one looks.

    Each of the two owns half of the capital that `capital` counts.
    """
    low = _lowest_mean(Counter(scores), log(2 / alpha))
    high = 1 - _lowest_mean(Counter(1 - score for score in scores), log(2 / alpha))
    return low, high


def _lowest_mean(counts: Counter[float], enough: float) -> float:
    """The least mean against which a bettor on more has too little evidence; what he has falls with the mean."""
    refuted, kept = 0.0, 1.0
    for _ in range(_HALVINGS):
        mean = (refuted + kept) / 2
        if _log_capital_on_more(counts, mean) < enough:
            kept = mean
        else:
            refuted = mean
    return refuted


def _log_capital_on_more(counts: Counter[float], mean: float) -> float:
    """The logarithm of the capital against a claimed mean; the order of scores does not matter to it."""
    logs = [
        sum(times * log1p(wager * (score / mean - 1)) for score, times in counts.items())
        for wager in _WAGERS
        if wager > 0
    ]
    return _log_mean(logs)


def _log_mean(logs: Sequence[float]) -> float:
    """The logarithm of the mean of numbers that are given as logarithms."""
    most = max(logs)
    return most + log(sum(exp(one - most) for one in logs) / len(logs))
