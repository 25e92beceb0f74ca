"""Measurements: events of a job, or its result file, in; entries as a training on this machine writes them out."""

import base64
import binascii
import csv
import io
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from paragraf.jobs import Entry

if TYPE_CHECKING:
    from openai.types.fine_tuning import FineTuningJobEvent

# the protocol's names of what is measured, those that count more last
_OURS = {
    "train_loss": "loss",
    "valid_loss": "validation_loss",
    "full_valid_loss": "validation_loss",
    "train_mean_token_accuracy": "token_accuracy",
    "train_accuracy": "token_accuracy",
    "valid_mean_token_accuracy": "validation_token_accuracy",
    "full_valid_mean_token_accuracy": "validation_token_accuracy",
}


def entry_of(event: "FineTuningJobEvent", shown: Callable[[str], str]) -> Entry:
    """Numbers of a step as an entry of the journal; anything else as a message, in words that may be `shown`."""
    data = event.data if isinstance(event.data, dict) else {}
    step = _number(data.get("step"))
    if event.type == "metrics" and step is not None:
        of = _number(data.get("total_steps")) or step
        return {"step": int(step), "of": int(of), **_named(data)}
    return {"what": "message", "level": str(event.level), "message": shown(str(event.message))}


def entries_of_result(content: bytes) -> list[Entry]:
    """The steps of a result file: CSV, or the same in base64; none of what is neither."""
    try:
        rows = list(csv.DictReader(io.StringIO(_plain(content))))
    except csv.Error:
        return []
    steps = [(_number(row.get("step")), row) for row in rows]
    return [{"step": int(step), **_named(row)} for step, row in steps if step is not None]


def _plain(content: bytes) -> str:
    text = content.decode("utf-8-sig", "replace")
    if text.lstrip().startswith("step"):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8-sig", "replace")
    except (binascii.Error, ValueError):
        return ""


def _named(values: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for theirs, ours in _OURS.items():
        value = _number(values.get(theirs))
        if value is not None:
            found[ours] = value
    return found


def _number(value: object) -> float | None:
    """A finite number, also as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
