"""Trials: what is known of each, how one is trained a stretch further, and who does that."""

import math
from collections.abc import Callable
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from paragraf.errors import Diverged
from paragraf.format import Chats
from paragraf.jobs import Entry
from paragraf.models import Base
from paragraf.search.rungs import State
from paragraf.search.space import Value
from paragraf.train.pauses import Until
from paragraf.train.settings import LocalTraining


class Measured(BaseModel):
    """A trial at a rung: the rung's share of its steps, its step, validation loss and rows so far.

    `seconds` are CPU seconds since the rung before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float
    step: int
    loss: float
    rows: int
    seconds: float


class Trial(BaseModel):
    """A trial: its values, what was measured at each rung, how it stands, and why it failed if it did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    bracket: int
    values: dict[str, Value]
    state: State = "running"
    rungs: tuple[Measured, ...] = ()
    failure: str = ""

    def losses(self) -> tuple[float, ...]:
        """The loss at each rung, infinite where the trial failed."""
        known = tuple(rung.loss for rung in self.rungs)
        return (*known, math.inf) if self.failure else known

    def summary(self, planned: int) -> str:
        """The trial's line in the log when it begins and when it is over."""
        values = ", ".join(f"{name} {value}" for name, value in self.values.items())
        if self.state == "failed":
            told = f"failed: {self.failure}"
        elif self.rungs:
            last = self.rungs[-1]
            out = "out" if self.state == "pruned" else "trained"
            told = f"{out} at {last.share:.0%} of its steps, validation loss {last.loss:.4f}."
        else:
            told = "begins."
        return f"Trial {self.number}, one of {planned} ({values}): {told}"


class Leg(BaseModel):
    """Work on one trial: train with these settings to this share of the steps, on so many threads (0: one a core)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    rung: int
    share: float
    settings: LocalTraining
    threads: int = 0


class Done(BaseModel):
    """What came of a leg: a measurement, or why the trial failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    rung: int
    measured: Measured | None = None
    failure: str = ""

    def summary(self) -> str:
        """The leg's line in the log."""
        if self.measured is None:
            return f"Trial {self.number} failed: {self.failure}"
        found = self.measured
        return (
            f"Trial {self.number}: validation loss {found.loss:.4f} at {found.share:.0%} of its steps "
            f"({found.rows} rows, {found.seconds:.0f} CPU seconds)."
        )


class Progress(Protocol):
    """What a trainer says at the pause."""

    @property
    def share(self) -> float: ...
    @property
    def step(self) -> int: ...
    @property
    def validation_loss(self) -> float: ...
    @property
    def rows(self) -> int: ...
    @property
    def seconds(self) -> float: ...


class Trainer(Protocol):
    """Trains, or goes on from where it paused, until a share of the run's steps; `paragraf.train.train_until`."""

    def __call__(
        self, chats: Chats, base: Base, settings: LocalTraining, until: Until, on_entry: Callable[[Entry], None], /
    ) -> Progress: ...


class Pool(Protocol):
    """Who works on legs, several at the same time."""

    def submit(self, trial: Trial, leg: Leg) -> None: ...

    def next_done(self) -> Done:
        """Wait for the next leg that ends."""
        ...


def run_leg(chats: Chats, base: Base, leg: Leg, trainer: Trainer, on_entry: Callable[[Entry], None]) -> Done:
    """Train a trial to its next rung; one that diverges has failed, which is a result as well."""
    try:
        found = trainer(chats, base, leg.settings, Until(leg.share, leg.threads), on_entry)
    except Diverged as error:
        return Done(number=leg.number, rung=leg.rung, failure=str(error))
    if not math.isfinite(found.validation_loss):
        return Done(number=leg.number, rung=leg.rung, failure=f"its validation loss is {found.validation_loss}.")
    measured = Measured(
        share=leg.share, step=found.step, loss=found.validation_loss, rows=found.rows, seconds=found.seconds
    )
    return Done(number=leg.number, rung=leg.rung, measured=measured)
