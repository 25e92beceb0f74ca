"""Training log: all that is known of a training, read from its folder or from what is kept with its model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from paragraf.history import Point, RowFacts, Stop, planned_steps, points_of, read_entries, rows_of, stop_of
from paragraf.jobs import JOURNAL, ORDER
from paragraf.models import Model

HISTORY = "history.jsonl"


class KnownSettings(BaseModel):
    """Settings of a training that advice is computed from; None for one that is not known."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    base_model: str | None = None
    epochs: float | None = None
    learning_rate: float | None = None
    dropout: float | None = None
    warmup_share: float | None = None

    @classmethod
    def of(cls, settings: BaseModel) -> Self:
        """What is known of the settings of a training stage, whatever its backend."""
        return cls.read(settings.model_dump())

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """What is known of settings by their names; a value of another kind, such as "auto", is not known."""
        kinds = {name: str if name == "base_model" else (int, float) for name in cls.model_fields}
        return cls(**{name: values[name] for name, kind in kinds.items() if isinstance(values.get(name), kind)})


_NOTHING_KNOWN = KnownSettings()


@dataclass(frozen=True, slots=True)
class TrainingLog:
    """Measurements in step order (one a step), and what else was told; `steps` is how many were planned."""

    points: tuple[Point, ...] = ()
    rows: RowFacts | None = None
    stop: Stop | None = None
    settings: KnownSettings = _NOTHING_KNOWN
    steps: int | None = None

    def last_step(self) -> int:
        """The last step that was measured, 0 if none was."""
        return max((point.step for point in self.points), default=0)


def read_training(folder: Path) -> TrainingLog:
    """The log of a training folder, also of one that failed, was killed or still runs."""
    return _log(folder / JOURNAL, _ordered(folder / ORDER))


def read_kept(model: Model, settings: BaseModel | None = None) -> TrainingLog:
    """The log that is kept with a finished model, given the settings that it was trained with, if they are known."""
    return _log(model.folder() / HISTORY, KnownSettings.of(settings) if settings else _NOTHING_KNOWN)


def read_history(model: Model) -> list[Point]:
    """The measurements that are kept with a model, in step order."""
    return list(read_kept(model).points)


def _log(path: Path, settings: KnownSettings) -> TrainingLog:
    entries = read_entries(path)
    return TrainingLog(
        points=tuple(points_of(entries)),
        rows=rows_of(entries),
        stop=stop_of(entries),
        settings=settings,
        steps=planned_steps(entries),
    )


def _ordered(order: Path) -> KnownSettings:
    """The settings in an order; nothing is known of one that is absent, damaged or of another version."""
    try:
        held = json.loads(order.read_bytes())
    except (OSError, ValueError):
        return _NOTHING_KNOWN
    settings = held.get("settings") if isinstance(held, dict) else None
    return KnownSettings.read(settings) if isinstance(settings, dict) else _NOTHING_KNOWN
