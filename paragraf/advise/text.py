"""Text: findings in, a page for a terminal out: the advice, a table of what was measured, and what is not in it."""

from collections.abc import Iterator, Sequence

from paragraf.advise.candidates import can_pack
from paragraf.advise.findings import Findings, interval, sentence_of, why_not
from paragraf.advise.probe import SPARE_GIB, SPARE_SHARE, Probe
from paragraf.train.settings import LoraSettings

_HEAD = ("settings", "rows at once", "peak GiB", "free GiB", "fits", "one epoch", "all steps", "add to the command")


def render(findings: Findings) -> str:
    """The page; its first line is the advice."""
    machine = findings.machine
    about = (
        f"{findings.base} ({findings.parameters / 1e6:,.0f} million numbers) on {machine.device}; "
        f"{machine.rows:,} training rows, {machine.epoch_tokens:,.0f} tokens an epoch, "
        f"the longest row {machine.longest:,}; {findings.settings.epochs:g} epochs."
    )
    table = aligned([_HEAD, *(_cells(findings, probe) for probe in findings.probes)])
    told = [f"{probe.name}: {reason}." for probe in findings.probes if (reason := why_not(probe))]
    parts = [sentence_of(findings), about, table, *told, "\n".join(f"- {note}" for note in _notes(findings))]
    return "".join(f"{part}\n\n" for part in parts).rstrip() + "\n"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as text, each column as wide as its widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _cells(findings: Findings, probe: Probe) -> tuple[str, ...]:
    epoch, run = probe.time(findings.machine.epoch_tokens), findings.run_time(probe)
    return (
        probe.name,
        str(probe.rows_at_once or "-"),
        f"{probe.peak_gib:.1f}" if probe.peak_gib is not None else "-",
        f"{probe.free_gib:.1f}",
        "yes" if probe.fits() else "no",
        interval(epoch) if epoch else "-",
        interval(run) if run else "-",
        probe.flags or "(nothing)",
    )


def _notes(findings: Findings) -> Iterator[str]:
    yield (
        "Peak: of real steps on the longest rows. Fits: peak and "
        f"{SPARE_SHARE[findings.machine.kind]:.0%} and {SPARE_GIB:g} GiB more are free, "
        "for the heap of a long run, measurements, checkpoints and other programs."
    )
    measurements = findings.settings.monitor.points + 1
    yield (
        "Times: the median step, and in brackets the fastest and the slowest one, for all tokens. Not in them: start, "
        f"checkpoints, {measurements} measurements of quality (on a CPU each takes the time of several steps), "
        "and what else the machine will do."
    )
    if findings.settings.accelerate:
        yield "Measured on one device; several (--train.accelerate) deal the rows out among them."
    if isinstance(findings.settings, LoraSettings):
        yield from _other_ways(findings, findings.settings)


def _other_ways(findings: Findings, settings: LoraSettings) -> Iterator[str]:
    least, free = findings.full_gib(), findings.machine.free_gib
    could = "measure it with --train.backend full" if least < free else "it cannot fit here"
    yield f"Not measured: training all weights, at least {least:.1f} GiB (16 bytes a number); {could}."
    if settings.precision == "bf16":
        could = "measure it with --train.precision 4bit" if can_pack() else "needs pip install 'paragraf[qlora]'"
        tried = any("--train.precision" in probe.flags for probe in findings.probes)
        yield from () if tried else [f"Not measured: a base in 8 or 4 bits (slower, less memory); {could}."]
