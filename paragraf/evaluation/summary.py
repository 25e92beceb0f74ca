"""Summary: judged answers in, each measure with its interval out, over all, by area of law and by slice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.evaluation.closed import chance_of
from paragraf.evaluation.items import Judged
from paragraf.evaluation.slices import TEMPORAL
from paragraf.intervals import Estimate, mean, ratio, share

Better = Literal["lower", "higher"]
_ANSWERABLE = ("general", "individual_case", "deadline", "exam")


class Score(BaseModel):
    """One measure over all answers that it applies to, and over each slice of them; `better` is its good direction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    better: Better
    overall: Estimate
    by_slice: dict[str, Estimate]


class LegalScores(BaseModel):
    """The legal scores of one model's answers.

    Attributes:
        answers: how many there were.
        chance: accuracy that guessing reaches on the closed items; None without any.
        consistency: share of groups of paraphrases whose answers end alike and cite the same articles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: int
    scores: tuple[Score, ...]
    chance: float | None
    consistency: Estimate

    def content(self) -> str:
        """As JSON, equal for equal scores."""
        return self.model_dump_json()

    def score(self, name: str) -> Score:
        return next(score for score in self.scores if score.name == name)

    def line(self) -> str:
        """The stage's line in the log."""
        told = {name: self.score(name).overall for name in ("accurate", "hallucinated", "citation_f1", "fabricating")}
        shown = ", ".join(f"{name} {_range(estimate)}" for name, estimate in told.items())
        return f"{self.answers} answers: {shown}."


Estimator = Callable[[Sequence[Judged]], Estimate]


def summarised(judged: Sequence[Judged], groups: Mapping[str, str] | None = None) -> LegalScores:
    """All measures of the answers of one model; `groups` gives items that paraphrase each other the same name."""
    return LegalScores(
        answers=len(judged),
        scores=tuple(scored(name, better, judged, estimate) for name, better, estimate in _MEASURES),
        chance=chance_of(item.choices for item in judged),
        consistency=consistency(judged, groups or {}),
    )


def scored(name: str, better: Better, judged: Sequence[Judged], estimate: Estimator) -> Score:
    """One measure, whatever it is, over all answers and over each slice in which it applies to any."""
    slices = sorted({part for item in judged for part in item.slices})
    parts = {part: estimate([item for item in judged if part in item.slices]) for part in slices}
    return Score(
        name=name,
        better=better,
        overall=estimate(judged),
        by_slice={part: found for part, found in parts.items() if found.n},
    )


def consistency(judged: Iterable[Judged], groups: Mapping[str, str]) -> Estimate:
    """Share of groups of two or more items that are well formed, have one outcome and cite the same articles."""
    held: dict[str, list[Judged]] = {}
    for item in judged:
        if item.id in groups:
            held.setdefault(groups[item.id], []).append(item)
    together = [items for items in held.values() if len(items) > 1]
    return share([_agree(items) for items in together])


def _agree(items: Sequence[Judged]) -> bool:
    return not any(item.malformed for item in items) and len({(item.outcome, item.cites) for item in items}) == 1


def _share(claim: Callable[[Judged], bool | None]) -> Estimator:
    """Of the answers to which the claim applies (None: it does not)."""
    return lambda items: share([bool(found) for found in map(claim, items) if found is not None])


def _mean(value: Callable[[Judged], float | None]) -> Estimator:
    return lambda items: mean([found for found in map(value, items) if found is not None])


def _ratio(part: Callable[[Judged], int], whole: Callable[[Judged], int]) -> Estimator:
    """Of counts summed over answers; answers are resampled, as what one cites hangs together."""

    def estimate(items: Sequence[Judged]) -> Estimate:
        counts = [(part(item), whole(item)) for item in items if whole(item)]
        return ratio([hits for hits, _ in counts], [count for _, count in counts])

    return estimate


def _range(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "unknown"
    return f"{estimate.value:.0%} ({estimate.low:.0%} to {estimate.high:.0%})"


_MEASURES: tuple[tuple[str, Better, Estimator], ...] = (
    ("accurate", "higher", _share(lambda item: item.is_accurate)),
    ("incomplete", "lower", _share(lambda item: item.outcome == "incomplete")),
    ("abstained", "lower", _share(lambda item: item.outcome == "abstained")),
    ("hallucinated", "lower", _share(lambda item: item.outcome == "hallucinated")),
    (
        "needlessly_abstained",
        "lower",
        _share(lambda item: item.outcome == "abstained" if item.kind in _ANSWERABLE else None),
    ),
    ("malformed", "lower", _share(lambda item: item.malformed != "")),
    ("key_facts", "higher", _mean(lambda item: item.facts)),
    (
        "citation_presence",
        "higher",
        _share(lambda item: bool(item.cites) and not item.malformed if item.articles else None),
    ),
    ("citation_precision", "higher", _mean(lambda item: item.articles.precision if item.articles else None)),
    ("citation_recall", "higher", _mean(lambda item: item.articles.recall if item.articles else None)),
    ("citation_f1", "higher", _mean(lambda item: item.articles.f1 if item.articles else None)),
    ("provision_precision", "higher", _mean(lambda item: item.provisions.precision if item.provisions else None)),
    ("provision_recall", "higher", _mean(lambda item: item.provisions.recall if item.provisions else None)),
    ("provision_f1", "higher", _mean(lambda item: item.provisions.f1 if item.provisions else None)),
    ("fabricating", "lower", _share(lambda item: item.fabricates)),
    ("fabricated", "lower", _ratio(lambda item: item.fabricated, lambda item: item.checked)),
    ("out_of_force", "lower", _ratio(lambda item: item.out_of_force, lambda item: item.checked - item.fabricated)),
    ("unverifiable", "lower", _ratio(lambda item: item.unverifiable, lambda item: item.cited)),
    (
        "quote_fidelity",
        "higher",
        _ratio(lambda item: 0 if item.malformed else item.faithful_quotes, lambda item: item.quotes),
    ),
    ("closed_accuracy", "higher", _share(lambda item: item.is_right)),
    ("premise_handled", "higher", _share(lambda item: item.premise_handled)),
    ("temporal", "higher", _share(lambda item: item.is_accurate if TEMPORAL in item.slices else None)),
)
