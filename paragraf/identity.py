"""Identity: which process this is, so that a number used again is never taken for its old owner."""

import os
import re
from dataclasses import dataclass
from typing import Self

import psutil

_LABEL = re.compile(r"p(\d+)t(\d+)$")


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """Process number with its start time in hundredths of a second since 1970 (survives a reboot as "dead")."""

    pid: int
    started: int

    @classmethod
    def mine(cls) -> Self:
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> Self:
        return cls(pid, round(psutil.Process(pid).create_time() * 100))

    @classmethod
    def from_label(cls, text: str) -> Self:
        """Read the identity at the end of a name; a name without one belongs to nobody alive."""
        match = _LABEL.search(text)
        return cls(int(match[1]), int(match[2])) if match else cls(0, 0)

    def label(self) -> str:
        """Short form that fits into a file name."""
        return f"p{self.pid}t{self.started}"

    def is_alive(self) -> bool:
        """Whether the very same process still runs (a zombie does not)."""
        try:
            process = psutil.Process(self.pid)
            # the clock may be set while a process runs: a second of difference is the same start
            same = abs(round(process.create_time() * 100) - self.started) <= 100
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False
