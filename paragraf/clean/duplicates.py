"""Duplicates: of rows that say the same, exactly or nearly, the first goes on; as many as the disk holds."""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from paragraf.publish import scratch
from paragraf.records import Dropped, Line, Record
from paragraf.runner import Runner
from paragraf.similarity import groups, particulars
from paragraf.snapshots import slices_of
from paragraf.text import normal_form, numbers
from paragraf.workspace import home


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with the id of its row and a key that is equal for rows that differ in typing only (128 bits)."""

    line: Line
    name: str
    key: bytes


def row_key(record: Record) -> bytes:
    """The key of a row for `Judged`."""
    told = [(normal_form(text), numbers(text)) for text in (record.question, record.answer)]
    return blake2b(repr(told).encode(errors="surrogatepass"), digest_size=16).digest()


def without_duplicates(rows: Iterable[Judged], near: float, runner: Runner) -> Iterator[Line]:
    """The lines of dropped rows, then all others in order, duplicates set aside as `exact_` or `near_duplicate`.

    Rows are near-duplicates when, with equal particulars, both the whole rows and the answers are near: a long question
    alike must not hide another answer.
    """
    with scratch(home() / "scratch") as folder:
        spool = _Spool(folder)
        yield from spool.take(rows)
        earlier = _near_duplicates(spool, near, runner)
        for position, line in enumerate(spool.lines()):
            yield _set_aside(line, "near_duplicate", earlier[position]) if position in earlier else line


class _Spool:
    """Rows on disk between two looks at them; memory holds their ids and keys."""

    def __init__(self, folder: Path) -> None:
        self._rows = folder / "rows.jsonl"
        self._notes = folder / "notes.jsonl"
        self.names: list[str] = []

    def take(self, rows: Iterable[Judged]) -> Iterator[Line]:
        """Keep the first row of each key; give the lines of the others."""
        first: dict[bytes, str] = {}
        with self._rows.open("wb") as kept, self._notes.open("wb") as notes:
            for row in rows:
                if not row.line.row:
                    yield row.line
                elif row.key in first:
                    yield _set_aside(row.line, "exact_duplicate", first[row.key])
                else:
                    first[row.key] = row.name
                    self.names.append(row.name)
                    kept.write(row.line.row.encode() + b"\n")
                    notes.write(row.line.note.encode() + b"\n")

    def records(self) -> Iterator[Record]:
        return (record for piece in slices_of(self._rows) for record in piece.records())

    def lines(self) -> Iterator[Line]:
        with self._rows.open(encoding="utf-8", newline="\n") as rows, self._notes.open("rb") as notes:
            for row, note in zip(rows, notes, strict=True):
                told = note.decode().rstrip("\n")
                yield Line(row.rstrip("\n"), told, tuple(json.loads(told)["reason"].split("+")) if told else ())


def _near_duplicates(spool: _Spool, near: float, runner: Runner) -> dict[int, str]:
    """Position -> id of the earlier row that says nearly the same."""
    whole = groups((f"{record.question}\n{record.answer}" for record in spool.records()), near, particulars, runner)
    sizes = defaultdict[int, int](int)
    for lowest in whole:
        sizes[lowest] += 1
    alike = [position for position, lowest in enumerate(whole) if sizes[lowest] > 1]
    chosen = set(alike)
    told = [(record.answer, record.correct) for at, record in enumerate(spool.records()) if at in chosen]
    answers = groups([answer for answer, _ in told], near, particulars, runner)
    first: dict[Hashable, int] = {}
    earlier: dict[int, str] = {}
    for position, group, (_, correct) in zip(alike, answers, told, strict=True):
        lowest = first.setdefault((whole[position], group, correct), position)
        if lowest != position:
            earlier[position] = spool.names[lowest]
    return earlier


def _set_aside(line: Line, reason: str, earlier: str) -> Line:
    return Line.of(Dropped(Record.from_json(line.row), reason, f"of {earlier}"))
