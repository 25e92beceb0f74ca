"""Inbox: the workspace's folder for new rows in; the files there that are whole, and those nobody was told of, out.

Whoever puts a file there writes it under a hidden name and renames it, or just writes: a file counts once it has been
left alone for a while. A name or kind of file that could mislead a reader or a page is left out and told.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from paragraf.publish import publish_file
from paragraf.reader import ENDINGS
from paragraf.workspace import home

INBOX = "inbox"  # the folder's name, and the word for it in load.source
QUIET_SECONDS = 5.0  # since the last write; a copy on a slow network pauses for less
_Signature = tuple[int, int, int]  # inode, size and time of the last write


class Arrival(NamedTuple):
    """A content that nobody was told of."""

    name: str
    size: int
    digest: str


class Look(NamedTuple):
    """What a look into the inbox found new: contents, and files that are left out with the reason of each."""

    arrived: list[Arrival]
    left_out: list[str]


def inbox() -> Path:
    """Where the inbox is; whoever waits for files makes it."""
    return home() / INBOX


def whole_files(now: float) -> list[Path]:
    """Files with rows that nobody is writing any more, in the order of their names; `now` in seconds since 1970."""
    return [path for path in _entries() if not _fault(path) and _is_quiet(path, now)]


def is_empty(source: str, now: float) -> bool:
    """Whether a source is the inbox, and there is nothing in it to read."""
    return source == INBOX and not whole_files(now)


class Watch:
    """Looks into the inbox again and again; what was told is in a file of the workspace, and outlives this process."""

    def __init__(self) -> None:
        self._told = _told()
        self._digests: dict[_Signature, str] = {}  # so that a file is read once and not at every look
        self._left_out: set[str] = set()

    def look(self, now: float) -> Look:
        """What is new since the last look; a content is new until `tell` was called with it."""
        left_out = {path.name: fault for path in _entries() if (fault := _fault(path))}
        new_faults = [f"{ascii(name)[:120]}: {left_out[name]}" for name in sorted(left_out.keys() - self._left_out)]
        self._left_out = set(left_out)
        found = {one.digest: one for one in self._arrivals(now) if one.digest not in self._told}
        return Look(list(found.values()), new_faults)

    def tell(self, arrival: Arrival) -> None:
        """Write down that somebody was told."""
        self._told.add(arrival.digest)
        publish_file(_told_path(), json.dumps(sorted(self._told)).encode())

    def _arrivals(self, now: float) -> Iterator[Arrival]:
        digests = {}
        for path in whole_files(now):
            found = _hashed(path, self._digests)
            if found:  # else it changed while it was read, and is no longer quiet
                signature, digest = found
                digests[signature] = digest
                yield Arrival(path.name, signature[1], digest)
        self._digests = digests


def _entries() -> list[Path]:
    """What lies in the inbox, without what is hidden or a note."""
    try:
        found = sorted(inbox().iterdir())
    except FileNotFoundError:
        return []
    return [path for path in found if not path.name.startswith(".") and path.suffix.lower() != ".md"]


def _fault(path: Path) -> str:
    """Why a file is left out for good, or nothing."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return ""
    if not path.name.isprintable():
        return "left out: its name has signs that cannot be shown; rename it"
    if not stat.S_ISREG(kind):
        return f"left out: {'a link' if stat.S_ISLNK(kind) else 'no file'}; put the file itself here"
    if path.suffix.lower() not in ENDINGS:
        return f"left out: its name must end with one of {', '.join(ENDINGS)}"
    return ""


def _is_quiet(path: Path, now: float) -> bool:
    """Whether a file has content and was left alone; a clock that is ahead elsewhere does not hold it back for ever."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return found.st_size > 0 and abs(now - found.st_mtime) >= QUIET_SECONDS


def _hashed(path: Path, known: dict[_Signature, str]) -> tuple[_Signature, str] | None:
    """What tells this state of a file from others, and its SHA-256 (hex); None if it changed meanwhile."""
    try:
        # neither a link that was put in its place since, nor a pipe that nobody writes to, may catch us
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        before = _signature(descriptor)
        if before is None:
            return None
        digest = known.get(before) or hashlib.file_digest(file, "sha256").hexdigest()
        return (before, digest) if _signature(descriptor) == before else None


def _signature(descriptor: int) -> _Signature | None:
    found = os.fstat(descriptor)
    return (found.st_ino, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _told() -> set[str]:
    try:
        return set(json.loads(_told_path().read_bytes()))
    except (OSError, ValueError):  # a lost file costs runs that find nothing new
        return set()


def _told_path() -> Path:
    return home() / "inbox-told.json"
