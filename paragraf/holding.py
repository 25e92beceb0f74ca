"""Holding: a lock file in; held as long as a block lasts, and freed by the kernel however its holder ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paragraf.errors import Busy

SHARED, ALONE = fcntl.LOCK_SH, fcntl.LOCK_EX


@contextmanager
def held(path: Path, taken: str, kind: int = ALONE) -> Iterator[None]:
    """Hold the lock of a file, which is made if need be, without waiting for it.

    Raises:
        Busy: another process holds it; says `taken`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(taken) from error
        yield
