"""Evaluate: what two models answered in, how good it is in law and language out, side by side with intervals."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import repeat
from math import exp, log

from pydantic import BaseModel, ConfigDict

from paragraf.answer import Answer
from paragraf.errors import Damaged
from paragraf.evaluation.closed import chance_of
from paragraf.evaluation.items import Judged, Outcome
from paragraf.evaluation.summary import Better, Score
from paragraf.intervals import Estimate, bootstrap
from paragraf.judging import marked, measured
from paragraf.law.days import iso_day_of
from paragraf.records import Record

_BY_SLICE = ("accurate", "hallucinated", "citation_f1", "fabricating", "key_facts", "closed_likelihood")


class Measure(BaseModel):
    """One measure of both models; `better` says which direction is an improvement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    better: Better
    base: Estimate
    tuned: Estimate


class Example(BaseModel):
    """A test question with the right answer, both models' answers and what they come to.

    `tuned_contradicted` are the facts that the fine-tuned model gets wrong; a base model without an outcome was not
    asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    area: str
    law_on: str = ""  # the day (ISO) whose law is asked for
    question: str
    expected: str
    base: str
    tuned: str
    base_outcome: Outcome | None
    tuned_outcome: Outcome
    tuned_contradicted: tuple[str, ...] = ()


class SliceScores(BaseModel):
    """The measures of one part of the test: an area of law, a kind of question, newer law than was learned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    measures: list[Measure]


class Scores(BaseModel):
    """The evaluation of a fine-tuned model beside its base; `chance` is what guessing gets right of closed items."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    answered: int
    loss_fall: Estimate
    measures: list[Measure]
    slices: list[SliceScores] = []
    chance: float | None = None
    examples: list[Example]

    def content(self) -> str:
        return self.model_dump_json()

    def measure(self, name: str) -> Measure:
        return next(measure for measure in self.measures if measure.name == name)

    def summary(self) -> str:
        """The stage's line in the log."""
        loss, citations, right = map(self.measure, ("answer_loss", "citation_f1", "accurate"))
        fall = f"{-100 * (self.loss_fall.value or 0):+.0f} %"
        return (
            f"Answer loss {_number(loss.base)} -> {_number(loss.tuned)} ({fall}) on {self.rows} test rows; "
            if loss.tuned.n
            else "Answer loss not measured, the model answers elsewhere; "
        ) + (
            f"right in law {_number(right.base)} -> {_number(right.tuned)}, "
            f"citation F1 {_number(citations.base)} -> {_number(citations.tuned)} on {self.answered} answers."
        )


def evaluate(
    records: Sequence[Record], base: Sequence[Answer], tuned: Sequence[Answer], known_until: date | None = None
) -> Scores:
    """Score both models on the same test rows; answers are matched to rows by id.

    `known_until` is the last day whose law the training rows describe; newer test rows are a slice of their own.
    A model that answers elsewhere has no losses; a base model that answers nowhere has no answers, and is not measured.
    """
    rows = {record.id: record for record in records}
    sides = {"base": {item.id: item for item in base}, "tuned": {item.id: item for item in tuned}}
    weighed = _with_losses(rows, sides)
    asked = _said(sides["base"] or sides["tuned"])
    answered = [record for record in records if record.id in asked]
    marks = {side: marked(answered if said else [], said, known_until) for side, said in sides.items()}
    scores = {side: measured(marks[side]) for side in sides}
    return Scores(
        rows=len(records),
        answered=len(answered),
        loss_fall=_loss_fall(list(weighed), sides),
        measures=[
            *(_of_losses(name, weighed, sides, scale) for name, scale in _LOSS_SCALES.items()),
            *(
                Measure(name=one.name, better=one.better, base=one.overall, tuned=other.overall)
                for one, other in zip(scores["base"], scores["tuned"], strict=True)
            ),
        ],
        slices=_slices(scores["base"], scores["tuned"]),
        chance=chance_of(len(record.choices) for record in answered),
        examples=[
            _example(record, sides, (one.judged if one else None, other.judged))
            for record, one, other in zip(answered, marks["base"] or repeat(None), marks["tuned"], strict=False)
        ],
    )


def _slices(base: Sequence[Score], tuned: Sequence[Score]) -> list[SliceScores]:
    """Slices of the test in order, with the measures that lawyers read first."""
    told = [(one, other) for one, other in zip(base, tuned, strict=True) if one.name in _BY_SLICE]
    names = sorted({name for _, other in told for name in other.by_slice})

    def of_base(score: Score, name: str) -> Estimate:
        return score.by_slice.get(name, Estimate.unknown())

    return [
        SliceScores(
            name=name,
            measures=[
                Measure(name=one.name, better=one.better, base=of_base(one, name), tuned=other.by_slice[name])
                for one, other in told
                if name in other.by_slice
            ],
        )
        for name in names
    ]


def _number(estimate: Estimate) -> str:
    return "unknown" if estimate.value is None else f"{estimate.value:.2f}"


Sides = Mapping[str, Mapping[str, Answer]]


def _with_losses(rows: Mapping[str, Record], sides: Sides) -> Mapping[str, Record]:
    """The rows whose losses can be compared: all, or none where a model tells none.

    Raises:
        Damaged: a model has losses of some rows and lacks those of others.
    """
    for name, said in sides.items():
        measured = {row for row, item in said.items() if item.loss is not None}
        if measured and (missing := rows.keys() - measured):
            raise Damaged(f"the {name} model's answers lack row {min(missing)}; run again to ask it.")
        if not measured:
            return {}
    return rows


def _said(answers: Mapping[str, Answer]) -> set[str]:
    """The rows that a model was asked and answered."""
    return {row for row, item in answers.items() if item.text is not None}


def _per_token(chosen: Sequence[Answer], rows: Mapping[str, Record]) -> float:
    return sum(item.loss or 0.0 for item in chosen) / sum(item.tokens for item in chosen)


def _per_character(chosen: Sequence[Answer], rows: Mapping[str, Record]) -> float:
    return sum(item.loss or 0.0 for item in chosen) / log(2) / sum(len(rows[item.id].answer) for item in chosen)


_LOSS_SCALES: dict[str, Callable[[Sequence[Answer], Mapping[str, Record]], float]] = {
    "answer_loss": _per_token,
    "perplexity": lambda chosen, rows: exp(min(_per_token(chosen, rows), 700)),
    "bits_per_character": _per_character,
}


def _of_losses(
    name: str,
    rows: Mapping[str, Record],
    sides: Sides,
    scale: Callable[[Sequence[Answer], Mapping[str, Record]], float],
) -> Measure:
    def estimate(side: str) -> Estimate:
        items = [sides[side][row] for row in rows]
        return bootstrap(len(items), lambda chosen: scale([items[index] for index in chosen], rows))

    return Measure(name=name, better="lower", base=estimate("base"), tuned=estimate("tuned"))


def _loss_fall(names: Sequence[str], sides: Sides) -> Estimate:
    def fall(chosen: Sequence[int]) -> float:
        base, tuned = ([sides[side][names[index]] for index in chosen] for side in ("base", "tuned"))
        before = _per_token(base, {})
        return 1 - _per_token(tuned, {}) / before if before else 0.0

    return bootstrap(len(names), fall)


def _example(record: Record, sides: Sides, judged: tuple[Judged | None, Judged]) -> Example:
    asked = sides["base"].get(record.id)
    return Example(
        id=record.id,
        area=record.area,
        law_on=iso_day_of(record),
        question=record.question,
        expected=record.answer,
        base=asked.text or "" if asked else "",
        tuned=sides["tuned"][record.id].text or "",
        base_outcome=judged[0].outcome if judged[0] else None,
        tuned_outcome=judged[1].outcome,
        tuned_contradicted=judged[1].contradicted,
    )
