"""Diagnose: a training history in, named problems with symptoms and changes of settings out."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from paragraf.models import Model

_RISE = 1.05  # validation loss this far above its minimum has turned, not wobbled
_FALL = 0.95  # less than 5 % below the start is no learning
_SPIKE = 10.0  # gradient norms this far above the median shake the weights


class Point(BaseModel):
    """One measurement of the training history; what was not measured at a step is None."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: int
    loss: float | None = None
    eval_loss: float | None = None
    grad_norm: float | None = None
    learning_rate: float | None = None


class Finding(BaseModel):
    """A problem seen in the history, by the field's name for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    problem: str
    symptom: str
    advice: str


def read_history(model: Model) -> list[Point]:
    """The training history that is kept with a model, in step order."""
    return read_points(model.folder() / "history.jsonl")


def read_points(path: Path) -> list[Point]:
    return [Point.model_validate(json.loads(line)) for line in path.read_bytes().splitlines()]


def diagnose(history: list[Point]) -> list[Finding]:
    """Problems that the history shows, gravest first; an empty list means that nothing stands out."""
    validation = [point.eval_loss for point in history if point.eval_loss is not None]
    norms = sorted(point.grad_norm for point in history if point.grad_norm is not None)
    found = []
    if len(validation) >= 3 and validation[-1] > _RISE * min(validation):
        found.append(
            Finding(
                problem="overfitting",
                symptom=f"validation loss rose from {min(validation):.3f} to {validation[-1]:.3f}",
                advice="lower --train.epochs, raise --train.dropout, or add rows",
            )
        )
    if len(validation) >= 2 and validation[-1] > _FALL * validation[0]:
        found.append(
            Finding(
                problem="underfitting",
                symptom=f"validation loss went from {validation[0]:.3f} to {validation[-1]:.3f} only",
                advice="raise --train.learning-rate or --train.epochs, or check the answers",
            )
        )
    if norms and norms[-1] > _SPIKE * norms[len(norms) // 2]:
        found.append(
            Finding(
                problem="gradient spikes",
                symptom=f"largest gradient norm {norms[-1]:.1f}, median {norms[len(norms) // 2]:.1f}",
                advice="lower --train.learning-rate or raise --train.warmup-share",
            )
        )
    return found
