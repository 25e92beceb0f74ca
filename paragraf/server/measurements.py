"""Measurements: a training's journal in, the metrics events and the result file of the protocol out."""

import base64
import csv
import io
from collections.abc import Callable, Mapping, Sequence

from paragraf.history import Point

COLUMNS = ("step", "train_loss", "train_accuracy", "valid_loss", "valid_mean_token_accuracy")

Metrics = dict[str, float]
Tell = Callable[[int, Metrics], None]


class Merging:
    """Puts what the journal tells of one step together: its loss comes first, what is measured there after it."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._step = 0
        self._of = 0
        self._held: Metrics = {}

    def __call__(self, entry: Mapping[str, float | int | str | None]) -> None:
        """Take an entry of the journal."""
        step, of = entry.get("step"), entry.get("of")
        if "what" in entry or not isinstance(step, int) or not isinstance(of, int):
            return
        if step != self._step:
            self.flush()
            self._step, self._of = step, of
        for name in ("loss", "validation_loss", "learning_rate", "perplexity"):
            value = entry.get(name)
            if isinstance(value, float | int):
                self._held[name] = float(value)

    def flush(self) -> None:
        """Tell of the step that was told of last, which is over."""
        if self._step and self._held:
            self._tell(self._step, metrics_of(self._step, self._of, self._held))
        self._held = {}


def metrics_of(step: int, of: int, held: Mapping[str, float]) -> Metrics:
    """A step's data, as an event holds it; what was not measured is left out."""
    names = {"loss": "train_loss", "validation_loss": "valid_loss", "learning_rate": "learning_rate"}
    found: Metrics = {"step": step, "total_steps": of}
    found |= {theirs: round(held[ours], 6) for ours, theirs in names.items() if ours in held}
    if "validation_loss" in held:
        found["full_valid_loss"] = found["valid_loss"]
    return found


def point_metrics(point: Point, of: int) -> Metrics:
    """The same of a point of the history."""
    return metrics_of(point.step, of, {name: value for name, value in point.model_dump().items() if value is not None})


def sentence(step: int, metrics: Metrics) -> str:
    """An event's message."""
    told = [f"Step {step}/{int(metrics['total_steps'])}"]
    if "train_loss" in metrics:
        told.append(f"training loss={metrics['train_loss']:.2f}")
    if "valid_loss" in metrics:
        told.append(f"validation loss={metrics['valid_loss']:.2f}")
    return f"{told[0]}: {', '.join(told[1:])}"


def result_file(points: Sequence[Point]) -> bytes:
    """The file of a finished job: CSV in base64, which scripts written for OpenAI decode before they read it.

    Accuracies are not measured here; their columns are empty.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point in points:
        if point.step:
            shown = ["" if value is None else f"{value:.5f}" for value in (point.loss, point.validation_loss)]
            writer.writerow([point.step, shown[0], "", shown[1], ""])
    return base64.b64encode(text.getvalue().encode())
