"""Evaluate: what two models answered in, how good it is in law and language out, side by side with intervals."""

from collections.abc import Callable, Mapping, Sequence
from math import exp, log
from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.answer import Answer
from paragraf.errors import Damaged
from paragraf.intervals import Estimate, bootstrap, mean, share
from paragraf.language import is_polish
from paragraf.law.matching import cited, compared
from paragraf.quality import BASIS, repeated_share
from paragraf.records import Record
from paragraf.safety import is_restrained

Better = Literal["lower", "higher"]


class Measure(BaseModel):
    """One measure of both models; `better` says which direction is an improvement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    better: Better
    base: Estimate
    tuned: Estimate


class Example(BaseModel):
    """A test question with the right answer and both models' answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    area: str
    question: str
    expected: str
    base: str
    tuned: str


class Scores(BaseModel):
    """The evaluation of a fine-tuned model beside its base."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    answered: int
    loss_fall: Estimate
    measures: list[Measure]
    examples: list[Example]

    def content(self) -> str:
        return self.model_dump_json()

    def measure(self, name: str) -> Measure:
        return next(measure for measure in self.measures if measure.name == name)

    def summary(self) -> str:
        """The stage's line in the log."""
        loss, citations = self.measure("answer_loss"), self.measure("citation_f1")
        return (
            f"Answer loss {_number(loss.base)} -> {_number(loss.tuned)} "
            f"({-100 * (self.loss_fall.value or 0):+.0f} %) on {self.rows} test rows; "
            f"citation F1 {_number(citations.base)} -> {_number(citations.tuned)}."
        )


def evaluate(records: Sequence[Record], base: Sequence[Answer], tuned: Sequence[Answer]) -> Scores:
    """Score both models on the same test rows; answers are matched to rows by id."""
    rows = {record.id: record for record in records}
    for name, answers in (("base", base), ("tuned", tuned)):
        if missing := rows.keys() - {item.id for item in answers}:
            raise Damaged(f"the {name} model's answers lack row {min(missing)}; run again to ask it.")
    sides = {"base": {item.id: item for item in base}, "tuned": {item.id: item for item in tuned}}
    answered = [record for record in records if sides["base"][record.id].text is not None]
    measures = [
        *(_of_losses(name, rows, sides, scale) for name, scale in _LOSS_SCALES.items()),
        *(_of_texts(name, better, answered, sides, judge) for name, better, judge in _JUDGES),
    ]
    return Scores(
        rows=len(records),
        answered=len(answered),
        loss_fall=_loss_fall(list(rows), sides),
        measures=measures,
        examples=[_example(record, sides) for record in answered],
    )


def _number(estimate: Estimate) -> str:
    return "unknown" if estimate.value is None else f"{estimate.value:.2f}"


Sides = Mapping[str, Mapping[str, Answer]]


def _per_token(chosen: Sequence[Answer], rows: Mapping[str, Record]) -> float:
    return sum(item.loss for item in chosen) / sum(item.tokens for item in chosen)


def _per_character(chosen: Sequence[Answer], rows: Mapping[str, Record]) -> float:
    return sum(item.loss for item in chosen) / log(2) / sum(len(rows[item.id].answer) for item in chosen)


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


def _of_texts(
    name: str,
    better: Better,
    records: Sequence[Record],
    sides: Sides,
    judge: Callable[[Record, Answer], float | bool | None],
) -> Measure:
    def estimate(side: str) -> Estimate:
        verdicts = [judge(record, sides[side][record.id]) for record in records]
        told = [verdict for verdict in verdicts if verdict is not None]
        if all(isinstance(verdict, bool) for verdict in told):
            return share([bool(verdict) for verdict in told])
        return mean([float(verdict) for verdict in told])

    return Measure(name=name, better=better, base=estimate("base"), tuned=estimate("tuned"))


def _cites(record: Record, item: Answer) -> bool | None:
    return bool(cited(item.text or "")) if record.legal_basis else None


def _citation_f1(record: Record, item: Answer) -> float | None:
    return compared(cited(" ".join(record.legal_basis)), cited(item.text or "")).f1 if record.legal_basis else None


def _well_formed(record: Record, item: Answer) -> bool:
    text = item.text or ""
    return bool(text) and item.finished and (not record.legal_basis or BASIS in text.lower())


def _restrained(record: Record, item: Answer) -> bool | None:
    return is_restrained(item.text or "") if record.item_type == "individual_case" else None


_JUDGES: list[tuple[str, Better, Callable[[Record, Answer], float | bool | None]]] = [
    ("citation_presence", "higher", _cites),
    ("citation_f1", "higher", _citation_f1),
    ("polish", "higher", lambda record, item: is_polish(item.text or "")),
    ("well_formed", "higher", _well_formed),
    ("repetition", "lower", lambda record, item: repeated_share(item.text or "")),
    ("individual_case_restraint", "higher", _restrained),
]


def _example(record: Record, sides: Sides) -> Example:
    return Example(
        id=record.id,
        area=record.area,
        question=record.question,
        expected=record.answer,
        base=sides["base"][record.id].text or "",
        tuned=sides["tuned"][record.id].text or "",
    )
