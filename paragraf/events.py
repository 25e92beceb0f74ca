"""Events: an append-only log of what happened to runs and models, one JSON object a line."""

import fcntl
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from paragraf.workspace import home

Fact = str | int | float | bool | None | list[str]


def log_path() -> Path:
    return home() / "events.jsonl"


def record_event(kind: str, facts: Mapping[str, Fact]) -> None:
    """Append one event; a line is written whole, also when several processes write at once."""
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(
        {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, **facts}, ensure_ascii=False
    )
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _close_torn_line(file.fileno())
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_events(kind: str | None = None) -> list[dict[str, Fact]]:
    """Events in the order written; a line torn by a crash is passed over."""
    if not log_path().is_file():
        return []
    found = []
    for line in log_path().read_bytes().splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if kind is None or event.get("kind") == kind:
            found.append(event)
    return found


def _close_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        os.write(descriptor, b"\n")
