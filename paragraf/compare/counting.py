"""Counting: the secret part of a test and its votes in; who won, how surely, and how far raters agree, out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.agreement import cohens_kappa, krippendorffs_alpha, nominal, ordinal
from paragraf.compare.sealing import Item, Seal
from paragraf.compare.stopping import capital, interval, stop_after
from paragraf.compare.votes import Choice, Link, latest
from paragraf.errors import Damaged
from paragraf.intervals import Estimate, share

Meaning = Literal["first", "second", "tie", "both_bad"]
Decision = Literal["first", "second", "open"]

_SCORES: dict[Meaning, float] = {"first": 1.0, "second": 0.0, "tie": 0.5, "both_bad": 0.5}
_KINDS: dict[Meaning, int] = {"first": 0, "second": 1, "tie": 2, "both_bad": 3}
_RANKS: dict[Meaning, int] = {"first": 0, "tie": 1, "both_bad": 1, "second": 2}


class Vote(BaseModel):
    """What a rater said of a question, by who is who."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rater: str
    meaning: Meaning
    left: bool  # whether the better answer stood left
    comment: str
    version: int


class Judged(BaseModel):
    """A question with both answers and all votes on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Item
    votes: tuple[Vote, ...]

    def score(self) -> float:
        """The first side's share of the wins; ties count half."""
        return sum(_SCORES[vote.meaning] for vote in self.votes) / len(self.votes)


class Tally(BaseModel):
    """One rater's votes; `left` is the share of the won questions whose better answer stood left."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rater: str
    votes: int
    counts: dict[Meaning, int]
    left: Estimate


class Kappa(BaseModel):
    """Agreement of two raters on the questions that both judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    raters: tuple[str, str]
    value: float | None
    questions: int


class Agreement(BaseModel):
    """Agreement on who is better: of all raters by four choices (nominal) and by win, tie, loss (ordinal); of pairs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nominal: float | None
    ordinal: float | None
    pairs: tuple[Kappa, ...]


class Sequential(BaseModel):
    """The test that may be looked at while votes come in: over the first questions that every rater has judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alpha: float
    questions: int
    evidence: float  # the capital at its highest; 1 / alpha is enough
    stopped_after: int | None
    decision: Decision
    low: float
    high: float


class Count(BaseModel):
    """All that the votes of a test say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    win_rate: Estimate  # of the first side; every question weighs the same
    judged: tuple[Judged, ...]
    missing: int  # votes that were not given
    tallies: tuple[Tally, ...]
    agreement: Agreement
    sequential: Sequential


def count(seal: Seal, links: Sequence[Link]) -> Count:
    """Translate left and right into first and second, and count.

    Raises:
        Damaged: a vote is about something else than what was sealed.
    """
    votes = {rater: _votes_of(seal, rater, latest(links, rater)) for rater in seal.raters}
    judged = tuple(
        Judged(item=item, votes=tuple(votes[rater][number] for rater in seal.raters if number in votes[rater]))
        for number, item in enumerate(seal.items, start=1)
    )
    return Count(
        win_rate=share([one.score() for one in judged if one.votes]),
        judged=judged,
        missing=len(seal.items) * len(seal.raters) - sum(map(len, votes.values())),
        tallies=tuple(_tally(rater, list(given.values())) for rater, given in votes.items()),
        agreement=_agreement(judged, votes),
        sequential=sequential(seal, judged),
    )


def sequential(seal: Seal, judged: Sequence[Judged]) -> Sequential:
    """Only questions before the first one that lacks a vote count, so that nobody's pace picks them."""
    scores: list[float] = []
    for one in judged:
        if len(one.votes) < len(seal.raters):
            break
        scores.append(one.score())
    stop = stop_after(scores, seal.alpha)
    low, high = interval(scores, seal.alpha)
    return Sequential(
        alpha=seal.alpha,
        questions=len(scores),
        evidence=max(capital(scores), default=1.0),
        stopped_after=stop,
        decision=_decision(scores[:stop]) if stop else "open",
        low=low,
        high=high,
    )


def _decision(scores: Sequence[float]) -> Decision:
    return "first" if sum(scores) > len(scores) / 2 else "second"


def _votes_of(seal: Seal, rater: str, links: Mapping[int, Link]) -> dict[int, Vote]:
    sheet = seal.sheet(rater)
    found = {}
    for number, link in sorted(links.items()):
        if not 1 <= number <= len(sheet.items) or link.shown != sheet.items[number - 1].digest() or not link.choice:
            raise Damaged(f"vote {link.number} of {rater} is about something else than what was sealed.")
        left_is_first = seal.first_is_left(rater, seal.items[number - 1])
        found[number] = Vote(
            rater=rater,
            meaning=_meaning(link.choice, left_is_first),
            left=link.choice == "left",
            comment=link.comment,
            version=link.version,
        )
    return found


def _meaning(choice: Choice, left_is_first: bool) -> Meaning:
    match choice:
        case "tie" | "both_bad":
            return choice
        case _:
            return "first" if (choice == "left") == left_is_first else "second"


def _tally(rater: str, votes: Sequence[Vote]) -> Tally:
    counts = Counter(vote.meaning for vote in votes)
    won = [vote.left for vote in votes if vote.meaning in ("first", "second")]
    return Tally(
        rater=rater, votes=len(votes), counts={meaning: counts[meaning] for meaning in _SCORES}, left=share(won)
    )


def _agreement(judged: Sequence[Judged], votes: Mapping[str, Mapping[int, Vote]]) -> Agreement:
    def units(values: Mapping[Meaning, int]) -> list[list[int]]:
        return [[values[vote.meaning] for vote in one.votes] for one in judged]

    return Agreement(
        nominal=krippendorffs_alpha(units(_KINDS), nominal),
        ordinal=krippendorffs_alpha(units(_RANKS), ordinal),
        pairs=tuple(_kappa(one, other, votes) for one, other in combinations(votes, 2)),
    )


def _kappa(one: str, other: str, votes: Mapping[str, Mapping[int, Vote]]) -> Kappa:
    both = sorted(votes[one].keys() & votes[other].keys())
    pairs = [(_KINDS[votes[one][number].meaning], _KINDS[votes[other][number].meaning]) for number in both]
    return Kappa(raters=(one, other), value=cohens_kappa(pairs), questions=len(both))
