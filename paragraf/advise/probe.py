"""Probe: what a few steps showed of one candidate: its memory, its time, and what follows for the whole run."""

from statistics import median
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from paragraf.models import Base
from paragraf.train.settings import LocalTraining

Kind = Literal["cpu", "cuda"]

# What a run may need beyond the peak of its longest rows: it measures quality and writes checkpoints, other programs go
# on working beside it; and a CPU's heap, which is kept for the next step, grows with the many lengths of its rows (the
# built-in model: 2.6 GiB in its first steps, 3.4 after 17, 3.9 after 34; a GPU's allocator hands back).
SPARE_SHARE: dict[Kind, float] = {"cpu": 0.75, "cuda": 0.15}
SPARE_GIB = 0.5


class ProbeOrder(BaseModel):
    """All that a probing child needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: str
    base: Base
    settings: LocalTraining
    threads: int


class Machine(BaseModel):
    """What a probing child found before it opened the model.

    Attributes:
        epoch_tokens: tokens of one pass over the rows, as they are drawn.
        longest: tokens of the longest row.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    device: str
    free_gib: float
    rows: int
    epoch_tokens: float
    longest: int


class Span(NamedTuple):
    """Seconds: as expected, and from the fastest to the slowest step that was measured."""

    expected: float
    low: float
    high: float


class Probe(BaseModel):
    """One candidate: measured, without memory for it, or not to be run here at all.

    Attributes:
        flags: to type behind the given ones.
        peak_gib: of the process, on a GPU of its memory; None if it did not get through.
        rows_at_once: rows of a micro-batch.
        token_seconds: seconds a token of each step that was measured after the first, which warms up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    flags: str
    outcome: Literal["measured", "no_memory", "failed"]
    kind: Kind
    free_gib: float
    peak_gib: float | None = None
    rows_at_once: int | None = None
    token_seconds: tuple[float, ...] = ()
    message: str = ""

    def fits(self) -> bool:
        """Whether a whole run should get through, with some memory to spare."""
        needed = self.needed_gib()
        return needed is not None and needed <= self.free_gib

    def needed_gib(self) -> float | None:
        """The peak with what is to be spare; None if there was no peak."""
        return None if self.peak_gib is None else self.peak_gib * (1 + SPARE_SHARE[self.kind]) + SPARE_GIB

    def time(self, tokens: float) -> Span | None:
        """How long training on so many tokens takes; None if no step was measured."""
        if not self.token_seconds:
            return None
        rates = self.token_seconds
        return Span(tokens * median(rates), tokens * min(rates), tokens * max(rates))


def choose(probes: list[Probe]) -> Probe | None:
    """The one to train with: the first that fits, unless a later one's slowest step beats its fastest.

    Those that change nothing in what is learned stand first, the given settings before all.
    """
    fitting = [probe for probe in probes if probe.fits() and probe.token_seconds]
    if not fitting:
        return None
    first = fitting[0]
    faster = [probe for probe in fitting if max(probe.token_seconds) < min(first.token_seconds)]
    return min(faster, key=lambda probe: median(probe.token_seconds)) if faster else first
