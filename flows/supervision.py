"""Supervision: programs that must not stay dead: one that ends is started again, and all end with the block."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from paragraf.errors import ChildFailed
from paragraf.processes import end_child, how_ended

_POLL_SECONDS = 0.5
_QUICK_SECONDS = 30.0  # a program that ends sooner has hardly begun its work
_MOST_QUICK = 5  # such ends in a row, with pauses of 1, 2, 4 and 8 seconds between


@dataclass(frozen=True, slots=True)
class Service:
    """A program that is kept up; it is started again only while what it needs is there."""

    name: str
    log: Path
    start: Callable[[], subprocess.Popen[bytes]]
    has_its_needs: Callable[[], bool] = lambda: True


class _Kept:
    """A service, the process that it is now, and how often it ended early."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._quick = 0
        self._due = 0.0
        self._began = time.monotonic()
        self.child: subprocess.Popen[bytes] | None = service.start()

    def look(self, tell: Callable[[str], None]) -> None:
        """Start it again if it has ended and it is time.

        Raises:
            ChildFailed: it ends at once again and again; names its log.
        """
        name = self.service.name
        if self.child is None:
            if time.monotonic() >= self._due and self.service.has_its_needs():
                self._began = time.monotonic()
                self.child = self.service.start()
                tell(f"{name} is started again.")
            return
        if (code := self.child.poll()) is None:
            return
        end_child(self.child)  # and with it what it left in its group
        self.child = None
        self._quick = self._quick + 1 if time.monotonic() - self._began < _QUICK_SECONDS else 0
        if self._quick >= _MOST_QUICK:
            raise ChildFailed(
                f"{self.service.log}: {name} ended {how_ended(code)}, {self._quick} times in a row right after its "
                "start; see the log."
            )
        pause = 2 ** (self._quick - 1) if self._quick else 0
        self._due = time.monotonic() + pause
        tell(f"{name} ended {how_ended(code)}; it is started again{f' in {pause} s' if pause else ''}.")

    def end(self) -> None:
        if self.child:
            end_child(self.child)


class Supervisor:
    """Keeps services up, in the order in which they were added; Linux ends them with the thread that does so."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._kept: list[_Kept] = []

    def add(self, service: Service) -> subprocess.Popen[bytes]:
        """Start a service and keep it up from now on; gives its first process."""
        kept = _Kept(service)
        self._kept.append(kept)
        assert kept.child is not None  # it was just started  # noqa: S101
        return kept.child

    def watch(self, stop: Event, meanwhile: Sequence[Callable[[], None]] = ()) -> None:
        """Start again what ends, until `stop` is set; `meanwhile` is done at each look."""
        while not stop.wait(_POLL_SECONDS):
            for kept in self._kept:
                kept.look(self._tell)
            for do in meanwhile:
                do()

    def end(self, but: int = 0) -> None:
        """End all but the first few, the last one first."""
        while len(self._kept) > but:
            self._kept.pop().end()


@contextmanager
def supervisor(tell: Callable[[str], None]) -> Iterator[Supervisor]:
    """A supervisor whose services end with the block."""
    found = Supervisor(tell)
    try:
        yield found
    finally:
        found.end()
