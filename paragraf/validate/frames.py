"""Frames: features of rows as columns, and which rows of a large corpus are looked at word by word."""

from collections.abc import Iterable, Sized
from dataclasses import dataclass
from math import sqrt
from typing import Literal, Self

from paragraf.snapshots import Rows, Snapshot
from paragraf.text import stable_hash

Feature = str | int | float | bool | None
Frame = dict[str, list[Feature]]
Suite = Literal["raw", "corpus", "content", "splits", "chats", "numbers"]


@dataclass(frozen=True, slots=True)
class Draw:
    """A share of all rows, chosen by their ids alone: every run draws the same, a smaller share a part of them."""

    share: float

    @classmethod
    def of(cls, rows: int, wanted: int) -> Self:
        return cls(min(1.0, wanted / max(1, rows)))

    def holds(self, name: str) -> bool:
        return self.share >= 1 or place(name) < self.share


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many rows were looked at, of how many."""

    rows: int
    of: int

    @property
    def margin(self) -> float:
        """How far (0 to 1) a share may be off at worst, with 95 % confidence; 0 when all rows were looked at."""
        if self.rows == 0 or self.rows >= self.of:
            return 0.0
        return 1.96 * sqrt(0.25 / self.rows * (1 - self.rows / self.of))


def place(name: str) -> float:
    """A stable place from 0 to 1 of an id."""
    return stable_hash(name) / 2**64


def count_of(rows: Rows) -> int:
    """Rows of a snapshot or of a collection in memory."""
    if isinstance(rows, Snapshot):
        return rows.rows
    if isinstance(rows, Sized):
        return len(rows)
    raise TypeError("rows that are counted must be at rest or in a collection")


def stacked(frames: Iterable[Frame]) -> Frame:
    """Frames of the same columns, one below the other."""
    whole: Frame = {}
    for frame in frames:
        for name, column in frame.items():
            whole.setdefault(name, []).extend(column)
    return whole


def length(frame: Frame) -> int:
    return len(next(iter(frame.values()), []))


def mean(column: Iterable[Feature]) -> float:
    """Mean of a column of numbers or flags; 0 of nothing."""
    values = [float(value or 0) for value in column]
    return sum(values) / len(values) if values else 0.0
