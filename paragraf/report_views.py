"""Report views: the facts of a run in; the answers, slices and limits that its page and its cards show, out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain, zip_longest
from typing import Literal, NamedTuple

from paragraf.compare.unsealing import Comparison
from paragraf.compare.wording import alpha_label, kappa_label
from paragraf.decide import Decided
from paragraf.evaluate import Example, Measure, SliceScores
from paragraf.gate.wording import slice_name
from paragraf.intervals import Estimate
from paragraf.showing import Shown, Stretch
from paragraf.wording import number

_EXAMPLES = 8
_FEWEST = 30  # questions of an area on which anything can be said of it
# What a lawyer asks first; the rest is folded away.
HEADLINES = (
    *("answer_loss", "accurate", "hallucinated", "abstained", "malformed", "key_facts", "citation_f1", "fabricating"),
    *("closed_likelihood", "closed_by_area", "polish"),
)


class AnswerView(NamedTuple):
    """An answer as a page shows it; `outcome` is "" where nobody judged it."""

    whose: str
    stretches: list[Stretch]
    text: str
    outcome: str
    contradicted: tuple[str, ...]


class QuestionView(NamedTuple):
    """A question with its answers side by side, the right one first; `winner` is who alone was right, if one was."""

    id: str
    area: str
    question: str
    answers: list[AnswerView]
    winner: str


class SliceView(NamedTuple):
    """A part of the test with what is shown of it."""

    name: str
    measures: dict[str, Measure]
    n: int


class BlindView(NamedTuple):
    """A finished blind test as seen by one of its sides; `won` is that side's share of the wins."""

    test: str
    ended: str
    rival: str
    won: Estimate
    decision: Literal["better", "worse", "open"]
    raters: int
    missing: int
    agreement: str
    commitment: str


def chosen_examples(examples: Sequence[Example]) -> list[Example]:
    """Up to eight examples, one area of law after the other and in test order, whatever the models answered."""
    areas: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        areas[example.area].append(example)
    in_turn = chain.from_iterable(zip_longest(*areas.values()))
    return [example for example in in_turn if example is not None][:_EXAMPLES]


def example_views(examples: Sequence[Example], shown: Shown) -> list[QuestionView]:
    """Chosen examples with their citations marked."""
    return [
        QuestionView(
            id=one.id,
            area=one.area,
            question=one.question,
            answers=[
                _answer("expected", one.expected, one.law_on, shown),
                *([_answer("base", one.base, one.law_on, shown, one.base_outcome)] if one.base_outcome else []),
                _answer("tuned", one.tuned, one.law_on, shown, one.tuned_outcome, one.tuned_contradicted),
            ],
            winner="",
        )
        for one in chosen_examples(examples)
    ]


def discordant_views(decided: Decided, shown: Shown) -> list[QuestionView]:
    """Questions that only one of the two models got right, with their citations marked."""
    verdict = decided.verdict
    return [
        QuestionView(
            id=one.id,
            area=one.area,
            question=one.question,
            answers=[
                _answer("expected", one.expected, one.law_on, shown),
                _answer(verdict.rival, one.rival, one.law_on, shown),
                _answer(verdict.challenger, one.challenger, one.law_on, shown),
            ],
            winner=one.winner,
        )
        for one in decided.discordant
    ]


def slice_views(slices: Sequence[SliceScores]) -> list[SliceView]:
    """The parts of the test by name, in Polish."""
    return [
        SliceView(
            name=slice_name(part.name),
            measures={measure.name: measure for measure in part.measures},
            n=max((measure.tuned.n for measure in part.measures), default=0),
        )
        for part in slices
    ]


def blind_views(tests: Sequence[Comparison], side: str) -> list[BlindView]:
    """Finished blind tests from the side of the model that a report is about, in their order."""
    return [_blind(test, test.first == side) for test in tests]


def _blind(test: Comparison, is_first: bool) -> BlindView:
    rate, decision = test.count.win_rate, test.count.sequential.decision
    won = rate if is_first or rate.value is None else _complement(rate)
    return BlindView(
        test=test.test,
        ended=test.closed_at[:10],
        rival=test.second if is_first else test.first,
        won=won,
        decision="open" if decision == "open" else "better" if (decision == "first") == is_first else "worse",
        raters=len(test.raters),
        missing=test.count.missing,
        agreement=_agreement(test),
        commitment=test.commitment,
    )


def _complement(rate: Estimate) -> Estimate:
    turned = {"value": rate.value, "low": rate.high, "high": rate.low}
    return Estimate(n=rate.n, **{name: None if value is None else 1 - value for name, value in turned.items()})


def _agreement(test: Comparison) -> str:
    """How far the raters agree: alpha of all, and the kappa of two; of one there is nothing to compare."""
    if len(test.raters) == 1:
        return "oceniała jedna osoba"
    alpha = test.count.agreement.nominal
    told = f"alfa Krippendorffa {number(alpha, 2)}: {alpha_label(alpha)}"
    for pair in test.count.agreement.pairs if len(test.raters) == 2 else ():
        told += f"; kappa Cohena {number(pair.value, 2)}: {kappa_label(pair.value)}"
    return told


def unproven_areas(slices: Sequence[SliceScores], train: Mapping[str, int]) -> list[str]:
    """Areas of law that the model learned from and that too few test questions were about, by name."""
    asked = {part.name.removeprefix("area:"): part for part in slices if part.name.startswith("area:")}
    counts = {name: max((one.tuned.n for one in part.measures), default=0) for name, part in asked.items()}
    return sorted(name for name in {*counts, *train} if name and counts.get(name, 0) < _FEWEST)


def _answer(
    whose: str, text: str, law_on: str, shown: Shown, outcome: str = "", contradicted: tuple[str, ...] = ()
) -> AnswerView:
    on = date.fromisoformat(law_on) if law_on else None
    return AnswerView(whose, shown.stretches(text, on), text, outcome, contradicted)
