"""Finding: what is to be forgotten in; every row of the workspace that is meant or derives from one that is, out."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from paragraf.lineage import asked
from paragraf.publish import read_manifest
from paragraf.records import Record
from paragraf.snapshots import NOTES, ROWS, snapshot_folders
from paragraf.text import normal_form


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are meant: that with an id, or all whose question or answer holds a text, however it is typed."""

    row: str = ""
    matching: str = ""

    def is_telling(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.row or normal_form(self.matching))

    def means(self, record: Record) -> bool:
        if self.row:
            return self.row == record.id
        text = normal_form(self.matching)
        return any(text in normal_form(told) for told in (record.question, record.answer))


@dataclass(frozen=True, slots=True)
class Note:
    """A row in a snapshot, and the id of the row that it was set aside for as a duplicate of, if it was."""

    record: Record
    twin_of: str = ""


@dataclass(slots=True)
class Found:
    """Rows to forget, in every form in which they lie in snapshots.

    Attributes:
        meant: ids of the rows that were named, and `derived` of those that derive from them.
        holders: digest of the rows of a snapshot -> how many of these rows are in it.
        kin: ids of rows in the same lineage groups that are rows of their own, and stay.
    """

    records: list[Record] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    holders: dict[str, int] = field(default_factory=dict)
    kin: list[str] = field(default_factory=list)


def find(wanted: Wanted) -> Found:
    """The rows that are meant and all that were made of them, ask the same, or were set aside as their duplicates."""
    meant = {note.record.id for _, note in _notes() if wanted.means(note.record)}
    ids, questions = set(meant), set[str]()
    while True:
        before = len(ids), len(questions)
        for _, note in _notes():
            record = note.record
            question = asked(record.question) if normal_form(record.question) else ""
            if {record.id, record.origin, note.twin_of} & ids or question in questions:
                ids.add(record.id)
                questions |= {question} - {""}
        if before == (len(ids), len(questions)):
            return _collected(meant, ids)


def _collected(meant: set[str], ids: set[str]) -> Found:
    found = Found(meant=sorted(meant), derived=sorted(ids - meant))
    seen, groups = set[Record](), set[str]()
    holders: dict[str, set[str]] = defaultdict(set)
    for folder, note in _notes():
        if note.record.id in ids:
            holders[read_manifest(folder)[ROWS]].add(note.record.id)
            groups |= {note.record.group} - {""}
            seen.add(note.record)
    found.holders = {digest: len(held) for digest, held in holders.items()}
    found.records = sorted(seen, key=lambda record: (record.id, record.to_json()))
    found.kin = sorted({note.record.id for _, note in _notes() if note.record.group in groups} - ids)
    return found


def remaining(ids: Iterable[str]) -> Iterator[Record]:
    """The rows of all snapshots that stay."""
    gone = set(ids)
    return (note.record for _, note in _notes() if note.record.id not in gone)


def _notes() -> Iterator[tuple[Path, Note]]:
    """Every row of every snapshot, and every row that one set aside or changed, as it was."""
    for folder in snapshot_folders():
        for line in _lines_of(folder / ROWS):
            yield folder, Note(Record.from_json(line))
        for line in _lines_of(folder / NOTES):
            note = json.loads(line)
            detail = str(note.get("detail", ""))
            is_twin = note["reason"] in ("exact_duplicate", "near_duplicate") and detail.startswith("of ")
            yield folder, Note(Record.from_json(json.dumps(note["row"])), detail.removeprefix("of ") if is_twin else "")


def _lines_of(path: Path) -> Iterator[bytes]:
    if path.is_file():
        with path.open("rb") as file:
            yield from (line for line in file if line.strip())
