"""Scores of an update: what the model before and after it answered in; how good it is on old and new tests out."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.answer import Answer
from paragraf.evaluate import Measure, evaluate
from paragraf.intervals import Estimate, mean
from paragraf.records import Record

Age = Literal["old", "new"]
_SHOWN = ("answer_loss", "accurate", "hallucinated", "fabricating", "citation_f1", "closed_likelihood")


class AgeScores(BaseModel):
    """Test rows of one age.

    Attributes:
        answered: how many of them both models answered in full.
        rise: of the loss, the mean over the rows, in nats a token; on old rows it is what was forgotten.
        measures: base is the model before the update, tuned the one after it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    age: Age
    rows: int
    answered: int = 0
    rise: Estimate = Estimate.unknown()
    measures: list[Measure] = []

    def measure(self, name: str) -> Measure | None:
        return next((measure for measure in self.measures if measure.name == name), None)


class UpdateScores(BaseModel):
    """Both ages beside each other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    old: AgeScores
    new: AgeScores

    def content(self) -> str:
        return self.model_dump_json()

    def ages(self) -> list[AgeScores]:
        return [self.old, self.new]

    def summary(self) -> str:
        """The stage's line in the log."""
        return " ".join(map(_told, self.ages()))


def score(age: Age, records: Sequence[Record], before: Sequence[Answer], after: Sequence[Answer]) -> AgeScores:
    """Both models on the rows of one age; answers to other rows are passed over."""
    if not records:
        return AgeScores(age=age, rows=0)
    ids = {record.id for record in records}
    was, now = ([item for item in said if item.id in ids] for said in (before, after))
    found = evaluate(records, was, now)
    measures = [one for name in _SHOWN for one in found.measures if one.name == name and one.tuned.n]
    return AgeScores(age=age, rows=len(records), answered=found.answered, rise=_rise(was, now), measures=measures)


def _rise(before: Sequence[Answer], after: Sequence[Answer]) -> Estimate:
    was = {item.id: item for item in before if item.loss is not None}
    pairs = [(was[item.id], item) for item in after if item.loss is not None and item.id in was]
    return mean([_loss(later) - _loss(earlier) for earlier, later in pairs])


def _loss(item: Answer) -> float:
    return (item.loss or 0.0) / max(1, item.tokens)


def _told(scores: AgeScores) -> str:
    loss = scores.measure("answer_loss")
    if loss is None or loss.base.value is None or loss.tuned.value is None or scores.rise.value is None:
        return f"{scores.age.capitalize()} test rows: {scores.rows}, no loss."
    return (
        f"{scores.age.capitalize()} test rows: {scores.rows}, answer loss {loss.base.value:.3f} -> "
        f"{loss.tuned.value:.3f}, {scores.rise.value:+.3f} nats a token."
    )
