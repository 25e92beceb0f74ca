"""Waiting: how many rows are new in, and whether they are enough for an update, in words, out."""

from typing import Self

from pydantic import BaseModel, ConfigDict

from paragraf.snapshots import listed


class Waiting(BaseModel):
    """What there is for an update: rows that are new, how many are needed, and why others are not new."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    needed: int
    dropped: dict[str, int]

    @classmethod
    def nothing(cls, needed: int) -> Self:
        """Of a source without any row."""
        return cls(rows=0, needed=needed, dropped={})

    def is_over(self) -> bool:
        """Whether there are enough, so that nothing need wait any more."""
        return self.rows >= self.needed

    def summary(self) -> str:
        """What is told in the log, in the state of the run and at the terminal."""
        if self.is_over():
            return f"Ready: {self.rows} new rows, {self.needed} are needed; not new: {listed(self.dropped)}."
        return (
            f"Waiting: {self.rows} new rows, {self.needed} are needed; not new: {listed(self.dropped)}. Nothing was "
            "trained, and these rows are as new next time: add more to the source and run it again."
        )
