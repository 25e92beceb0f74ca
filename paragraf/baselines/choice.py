"""Choice: system messages and validation rows in, the message after which a base model best expects the answers out."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from paragraf.chat import Framing
from paragraf.jobs import Entry, run_job, threads
from paragraf.models import Base
from paragraf.snapshots import Snapshot
from paragraf.workspace import home

LOSSES = "losses.json"


class ChosenPrompt(BaseModel):
    """The system message with the least loss (nats a token of the right answers), and the losses of all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str
    losses: dict[str, float]
    rows: int

    def summary(self) -> str:
        """The stage's line in the log."""
        told = ", ".join(f"{loss:.3f}" for loss in self.losses.values())
        place = list(self.losses).index(self.system) + 1
        return f"Chose message {place} of {len(self.losses)} on {self.rows} validation rows; losses {told}."


class ChoiceOrder(BaseModel):
    """All that a choosing child needs to know; the first message wins a tie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Base
    valid: Snapshot
    framing: Framing
    systems: tuple[str, ...]
    rows: int
    threads: int = Field(default_factory=threads)


def choose(order: ChoiceOrder, on_entry: Callable[[Entry], None]) -> ChosenPrompt:
    """Measure every message in a child process, on the same validation rows.

    Raises:
        ChildFailed: the child was killed.
    """
    told = (order.valid.digest, order.base.digest, order.model_dump_json(include={"framing", "systems", "rows"}))
    work: Path = home() / "prompts" / hashlib.sha256("|".join(told).encode()).hexdigest()[:16]
    run_job("paragraf.baselines.choosing", order, work, on_entry)
    losses: dict[str, float] = json.loads((work / LOSSES).read_bytes())
    best = min(order.systems, key=lambda system: losses[system])
    return ChosenPrompt(system=best, losses=losses, rows=min(order.rows, order.valid.rows))
