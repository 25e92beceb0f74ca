"""History: what a training wrote down while it ran, in; one measurement a step, the rows' facts and its stop out."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

StopReason = Literal["diverged", "degraded"]


class Point(BaseModel):
    """What was measured at one step; what was not is None. Step 0 is the base model."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: int
    loss: float | None = None
    validation_loss: float | None = None
    gradient_norm: float | None = None
    learning_rate: float | None = None
    perplexity: float | None = None
    retention_loss: float | None = None
    citation_f1: float | None = None
    diversity: float | None = None
    style: float | None = None
    polish: float | None = None


class RowFacts(BaseModel):
    """What the training rows are, once they are tokens; counts are of rows unless named otherwise."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: int
    tokens: int = 0
    answer_tokens: int = 0
    without_answer: int = 0  # not one token to learn
    without_end: int = 0  # the last learned token does not end the turn
    with_marks: int = 0  # question or answer holds the marks of another prompt format
    longest: int = 0  # tokens


class Stop(BaseModel):
    """Why a training ended before its last step."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    step: int
    reason: StopReason
    of: int | None = None
    message: str = ""


Entry = Mapping[str, Any]


def read_entries(path: Path) -> list[Entry]:
    """The JSON objects of a file, one a line; none if there is no file, and a line that a crash tore is passed over."""
    if not path.is_file():
        return []
    found: list[Entry] = []
    for line in path.read_bytes().splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def read_points(path: Path) -> list[Point]:
    """The measurements of a file, one a step, in step order."""
    return points_of(read_entries(path))


def points_of(entries: Iterable[Entry]) -> list[Point]:
    """One point a step, in step order; a resumed training repeats steps, and what was measured last counts."""
    names = Point.model_fields.keys() - {"step"}
    steps: dict[int, dict[str, Any]] = {}
    for entry in entries:
        if "what" in entry or not isinstance(step := entry.get("step"), int):
            continue
        held = {name: value for name in names if isinstance(value := entry.get(name), (int, float))}
        steps[step] = steps.get(step, {}) | held
    return [Point(step=step, **held) for step, held in sorted(steps.items())]


def rows_of(entries: Iterable[Entry]) -> RowFacts | None:
    """The facts of the rows, as the last start told them."""
    found = None
    for entry in entries:
        if entry.get("what") == "rows":
            try:
                found = RowFacts.model_validate(entry)
            except ValidationError:  # a journal of another version; the curves can still be read
                continue
    return found


def stop_of(entries: Iterable[Entry]) -> Stop | None:
    """The stop that the training ended with; one after which it was started again does not count."""
    found = None
    for entry in entries:
        if entry.get("what") == "rows":  # written at every start
            found = None
        elif entry.get("what") == "stopped":
            try:
                found = Stop.model_validate(entry)
            except ValidationError:  # a reason of another version
                continue
    return found


def planned_steps(entries: Iterable[Entry]) -> int | None:
    """How many steps the training was to take, if it got so far as to say it."""
    told = [entry["of"] for entry in entries if isinstance(entry.get("of"), int)]
    return told[-1] if told else None
