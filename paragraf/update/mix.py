"""Mix: what an update is made from: the parts of the new rows, old rows beside, and the versions before."""

from pydantic import BaseModel, ConfigDict

from paragraf.snapshots import Snapshot, Splits
from paragraf.update.past import Past


class Mix(BaseModel):
    """New rows with old ones.

    Attributes:
        splits: what is trained on, new rows and replayed ones, and what is tested by, new rows and old ones.
        replay, old_test: the old rows alone.
        wanted: how many were to be replayed; fewer are where there were no more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    splits: Splits
    replay: Snapshot
    old_test: Snapshot
    wanted: int

    def content(self) -> str:
        return f"{self.splits.content()} {self.replay.digest} {self.old_test.digest}"

    def is_there(self) -> bool:
        return self.splits.is_there() and self.replay.is_there() and self.old_test.is_there()

    def summary(self) -> str:
        """The stage's line in the log."""
        new, replayed = self.splits.train.rows - self.replay.rows, self.replay.rows
        few = f" of {self.wanted} wanted" if replayed < self.wanted else ""
        share = replayed / max(1, new + replayed)
        tests = self.splits.test.rows
        return (
            f"Trained on: {new} new rows and {replayed} replayed{few} ({share:.1%}); tested by {tests} rows, "
            f"{self.old_test.rows} of them old."
        )


class Origin(BaseModel):
    """Where an updated version comes from: the versions before it, its mix, and the parts of its new rows alone.

    `corpus` is the digest of the cleaned rows, before those that are known were set aside.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str
    past: Past
    mix: Mix
    new: Splits
