"""Identity: which process this is, so that a number used again is never taken for its old owner."""

import hashlib
import os
import re
import socket
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import psutil

_LABEL = re.compile(r"h([0-9a-f]{6})b([0-9a-f]{6})p(\d+)t(\d+)$")


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """Host, start of that host, process number and start of the process in clock ticks since the host's start.

    None of these moves when somebody sets the clock.
    """

    host: str
    boot: str
    pid: int
    started: int

    @classmethod
    def mine(cls) -> Self:
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> Self:
        """Identity of a running process; raises psutil.NoSuchProcess."""
        return cls(_host(), _boot(), pid, _started(pid))

    @classmethod
    def from_label(cls, text: str) -> Self:
        """Read the identity at the end of a name; a name without one belongs to nobody alive."""
        match = _LABEL.search(text)
        return cls(match[1], match[2], int(match[3]), int(match[4])) if match else cls(_host(), "", 0, 0)

    def label(self) -> str:
        """Short form that fits into a file name."""
        return f"h{self.host}b{self.boot}p{self.pid}t{self.started}"

    def is_of_this_host(self) -> bool:
        """Whether it can be seen from here; a container is a host of its own."""
        return self.host == _host()

    def is_alive(self) -> bool:
        """Whether the very same process still runs (a zombie does not); of another host's process: taken for alive."""
        if not self.is_of_this_host():
            return True
        if self.boot != _boot():
            return False
        try:
            return _started(self.pid) == self.started and psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


@lru_cache
def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]


@lru_cache
def _boot() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id")
    text = boot.read_text("ascii") if boot.is_file() else str(round(psutil.boot_time()))
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _started(pid: int) -> int:
    try:
        # the 22nd field of proc(5)'s stat; the 2nd, a name in brackets, may hold blanks
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19])
    except FileNotFoundError:
        return round(psutil.Process(pid).create_time() * 100)
    except ProcessLookupError as error:
        raise psutil.NoSuchProcess(pid) from error
