"""Rewriting: the parts that models learned from and were measured with, written anew without the rows that go.

Their source may be gone, and a later training may want to see old rows again; who holds the name of an old snapshot
finds the new one by `successor`.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from paragraf.publish import publish_file
from paragraf.records import PARTS, Record
from paragraf.snapshots import ROWS, Snapshot, records_of
from paragraf.tombstones import Tombstones, keyed_hash, tombstones_folder
from paragraf.workspace import home

_STAGES = (*PARTS, "augment")


def rewrite(gone: Iterable[str], forgotten: Collection[Record], hashes: Collection[str]) -> set[str]:
    """Write the parts among things that go without forgotten rows; gives what was written, which has to stay.

    That may be among the things that go: a part that has no such row is its own writing, and no successor.
    A group that bears the hash of a forgotten question gets a keyed one in its place, the same everywhere.
    """
    known, written = _successors(), set[str]()
    for name in gone:
        stage = name.removeprefix("rows/").rsplit("-", 1)[0]
        rows = home() / name / ROWS
        if name.startswith("rows/") and stage in _STAGES and rows.is_file():
            part = Snapshot.write(stage, _kept(records_of(rows), forgotten, hashes))
            written.add(part.path)
            if part.path != name:
                known[name] = part.model_dump(mode="json")
    publish_file(_file(), json.dumps(known, indent=1, sort_keys=True).encode())
    return written


def successor(path: str) -> Snapshot | None:
    """The snapshot that stands in the place of one that was forgotten from, by its path inside the workspace."""
    known, found = _successors(), None
    while path in known:
        found = Snapshot.model_validate(known.pop(path))  # each once: older versions told some to be their own
        path = found.path
    return found


def _kept(rows: Iterable[Record], forgotten: Collection[Record], hashes: Collection[str]) -> Iterator[Record]:
    key = Tombstones.read().key
    for row in rows:
        if row not in forgotten:
            yield replace(row, group=keyed_hash(key, row.group)[:12]) if row.group in hashes else row


def _successors() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(_file().read_bytes()) if _file().is_file() else {}
    return found


def _file() -> Path:
    return tombstones_folder() / "successors.json"
