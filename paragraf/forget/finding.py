"""Finding: what is to be forgotten in; every row of the workspace that is meant or derives from one that is, out."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paragraf.lineage import asked
from paragraf.publish import read_manifest
from paragraf.records import Record
from paragraf.similarity import DisjointSets
from paragraf.snapshots import NOTES, ROWS, snapshot_folders
from paragraf.text import normal_form
from paragraf.tombstones import Tombstones


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
        different: how many rows the meant ones are; more than their ids if rows of several sources share an id.
    """

    records: list[Record] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    holders: dict[str, int] = field(default_factory=dict)
    kin: list[str] = field(default_factory=list)
    different: int = 0


def find(wanted: Wanted) -> Found:
    """The rows that are meant and all that were made of them, ask the same, or were set aside as their duplicates.

    An id is a row's own within one load alone: rows of different snapshots that name it are kin only if they share a
    mark, too.
    """
    notes = [(folder, note.record) for folder, note in _notes() if wanted.means(note.record)]
    gone, questions = {record for _, record in notes}, set[str]()
    named: dict[str, set[str]] = defaultdict(set)  # id -> marks of rows that bear it
    while True:
        before = len(gone), len(questions), sum(map(len, named.values()))
        for folder, note in _notes():
            record = note.record
            question = asked(record.question) if normal_form(record.question) else ""
            if record in gone or question in questions or _is_named(folder, note, named):
                gone.add(record)
                questions |= {question} - {""}
                named[record.id] |= _marks(folder, record)
        if before == (len(gone), len(questions), sum(map(len, named.values()))):
            return _collected(notes, gone)


def _is_named(folder: Path, note: Note, named: Mapping[str, set[str]]) -> bool:
    """Whether a row bears or names the id of a row that it shares a mark with."""
    names = named.keys() & {note.record.id, note.record.origin, note.twin_of}
    return any(not named[name].isdisjoint(_marks(folder, note.record)) for name in names)


def _marks(folder: Path, record: Record) -> set[str]:
    """What rows of one id share, one of it at least, if they are one row: snapshot, group, question or long answer."""
    return {folder.name, record.group, *Tombstones(b"", frozenset()).of([record])} - {""}


def _collected(notes: list[tuple[Path, Record]], gone: set[Record]) -> Found:
    meant = {record.id for _, record in notes}
    found = Found(records=sorted(gone, key=lambda record: (record.id, record.to_json())), meant=sorted(meant))
    found.derived = sorted({record.id for record in gone} - meant)
    found.different = _different(notes)
    groups = {record.group for record in gone} - {""}
    holders, kin = defaultdict[str, set[str]](set), set[str]()
    for folder, note in _notes():
        if note.record in gone:
            holders[read_manifest(folder)[ROWS]].add(note.record.id)
        elif note.record.group in groups:
            kin.add(note.record.id)
    found.holders = {digest: len(held) for digest, held in holders.items()}
    found.kin = sorted(kin)
    return found


def _different(notes: list[tuple[Path, Record]]) -> int:
    """How many rows these are, each perhaps in many forms and snapshots."""
    sets, first = DisjointSets(len(notes)), dict[tuple[str, str], int]()
    for position, (folder, record) in enumerate(notes):
        for mark in _marks(folder, record):
            sets.join(position, first.setdefault((record.id, mark), position))
    return len(set(sets.lowest()))


def remaining(gone: Iterable[Record]) -> Iterator[Record]:
    """The rows of all snapshots that stay."""
    forms = set(gone)
    return (note.record for _, note in _notes() if note.record not in forms)


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
