"""Finding: what one check found, in words for a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FAULT_CODE = 69  # EX_UNAVAILABLE of sysexits.h: something that is needed cannot be used
_HEADINGS = ("check", "state", "what was found", "what to do")

Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A warning can be worked with; a fault stops some command."""

    check: str
    state: Level
    found: str
    remedy: str = "-"


def table(findings: Sequence[Finding]) -> str:
    """The findings under headings, one a line, columns aligned."""
    rows = [_HEADINGS, *((one.check, one.state, one.found, one.remedy) for one in findings)]
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    )
