"""Findings: what the probes of a machine showed in; one sentence of advice out."""

from pydantic import BaseModel, ConfigDict

from paragraf.advise.candidates import least_gib
from paragraf.advise.probe import Machine, Probe, Span, choose
from paragraf.train.settings import FullSettings, LocalTraining

_MINUTE, _TEN_MINUTES, _HOUR, _DAY = 60, 600, 3600, 86400


class Findings(BaseModel):
    """All that was measured; `settings` are the given ones, the first probe is theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str
    parameters: int
    machine: Machine
    settings: LocalTraining
    probes: tuple[Probe, ...]

    def run_time(self, probe: Probe) -> Span | None:
        """How long all the epochs take with a candidate."""
        return probe.time(self.machine.epoch_tokens * self.settings.epochs)

    def full_gib(self) -> float:
        """GiB that training all weights takes at least."""
        return least_gib(FullSettings(), self.parameters)


def sentence_of(findings: Findings) -> str:
    """The recommendation, in one sentence."""
    given, best = findings.probes[0], choose(list(findings.probes))
    if best is None:
        return (
            f"Nothing that was tried fits into {given.free_gib:.1f} GiB: end other programs, "
            "shorten rows (--format.max-tokens N --format.too-long drop), or take a smaller --train.base-model."
        )
    told = f"{memory_of(best)} and the training steps about {interval(findings.run_time(best))}"
    if best is given:
        return f"Train with the settings as given: they take {told}."
    why = "do not fit" if not given.fits() else "are slower"
    return f"Add {best.flags} (the settings as given {why}): that takes {told}."


def memory_of(probe: Probe) -> str:
    """A probe's memory beside what is free."""
    return f"{probe.peak_gib or 0:.1f} of {probe.free_gib:.1f} GiB"


def why_not(probe: Probe) -> str:
    """Why a candidate does not fit; empty for one that does."""
    if probe.fits() or probe.message:
        return probe.message
    return f"needs {probe.needed_gib() or 0:.1f} GiB with memory to spare"


def interval(span: Span | None) -> str:
    """A time with its interval, as 4.5 min (4.2 to 5.1)."""
    if span is None:
        return "an unknown time"
    low, expected, high = (duration(seconds) for seconds in (span.low, span.expected, span.high))
    unit = expected.split()[1]
    if all(said.endswith(f" {unit}") for said in (low, high)):
        low, high = low.split()[0], high.split()[0]
    return f"{expected} ({low} to {high})"


def duration(seconds: float) -> str:
    """Seconds as a person says them: 40 s, 4.5 min, 25 min, 2.5 h, 3.0 days."""
    if seconds < 1.5 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 1.5 * _HOUR:
        return f"{seconds / _MINUTE:.{int(seconds < _TEN_MINUTES)}f} min"
    return f"{seconds / _HOUR:.1f} h" if seconds < 2 * _DAY else f"{seconds / _DAY:.1f} days"
