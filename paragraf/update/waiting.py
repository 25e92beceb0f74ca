"""Waiting: how many rows are new in, and what an update that has too few of them says out."""

from pydantic import BaseModel, ConfigDict

from paragraf.snapshots import listed


class Waiting(BaseModel):
    """An update that did not begin: rows that are new, how many are needed, and why others are not new."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    needed: int
    dropped: dict[str, int]

    def summary(self) -> str:
        """What is told in the log, in the state of the run and at the terminal."""
        return (
            f"Waiting: {self.rows} new rows, {self.needed} are needed; not new: {listed(self.dropped)}. Nothing was "
            "trained, and these rows are as new next time: add more to the source and run it again."
        )
