"""Snapshots: rows at rest between the stages, written and read as a stream, named by the digest of their content."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from paragraf.errors import Damaged
from paragraf.publish import MANIFEST, publish_as, read_manifest, verify
from paragraf.records import Line, Outcome, Part, Record
from paragraf.workspace import at_rest, home, relative

ROWS, NOTES = "rows.jsonl", "quarantine.jsonl"
_TECHNIQUE = re.compile(r'"technique": "([^"\\]+)"')  # no text can hold this: its quotation marks are escaped
_SLICE_BYTES = 1 << 20  # about a thousand rows: little to lose in memory, enough to be worth a process's while
_SLICE_ROWS = 1000


class Receipt(BaseModel):
    """A small frozen value that travels between tasks and names content by its digest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    digest: str

    def content(self) -> str:
        """What the receipt stands for; two receipts of equal content are the same work to a later stage."""
        return self.digest

    def is_there(self) -> bool:
        """Whether the content is still on disk, under its seal."""
        return (at_rest(self.path) / MANIFEST).is_file()


class Snapshot(Receipt):
    """Rows at rest; the digest is of the rows alone, so what was set aside never makes later stages run again."""

    rows: int
    dropped: dict[str, int] = {}
    changed: dict[str, int] = {}
    derived: dict[str, int] = {}  # rows by the technique that made them

    @classmethod
    def write(cls, stage: str, outcomes: Iterable[Outcome | Line]) -> Self:
        """Publish rows as they come, and beside them a note of every dropped and every changed row with its reason.

        If the outcomes end in an error, nothing is left.
        """
        rows, dropped, changed, derived = 0, Counter[str](), Counter[str](), Counter[str]()
        with publish_as(home() / "rows", stage) as staged:
            with (staged.folder / ROWS).open("wb") as kept, (staged.folder / NOTES).open("wb") as notes:
                for outcome in outcomes:
                    line = outcome if isinstance(outcome, Line) else Line.of(outcome)
                    (changed if line.row else dropped).update(line.reasons)
                    if line.row:
                        rows += 1
                        derived.update(_TECHNIQUE.findall(line.row))
                        kept.write(line.row.encode() + b"\n")
                    if line.note:
                        notes.write(line.note.encode() + b"\n")
            digests = staged.seal()
            staged.name = f"{stage}-{sha256(str(sorted(digests.items())).encode()).hexdigest()[:16]}"
        return cls(
            path=relative(staged.final),
            digest=digests[ROWS],
            rows=rows,
            dropped=dict(dropped.most_common()),
            changed=dict(changed.most_common()),
            derived=dict(derived.most_common()),
        )

    def slices(self) -> "Iterator[Slice]":
        """The rows in pieces that another process can read for itself, in order.

        Raises:
            Damaged: the files do not match their manifest, or are not those that this receipt names.
        """
        folder = at_rest(self.path)
        verify(folder)
        if read_manifest(folder)[ROWS] != self.digest:
            raise Damaged(f"{folder}: holds other rows than the {self.digest[:12]} expected; delete it and run again.")
        return slices_of(folder / ROWS)

    def records(self) -> Iterator[Record]:
        """The rows, in order, one in memory at a time; raises Damaged like `slices`."""
        return (record for piece in self.slices() for record in piece.records())

    def read(self) -> list[Record]:
        """All rows in memory, for work on few rows; raises Damaged like `slices`."""
        return list(self.records())

    def summary(self) -> str:
        """The stage's line in the log."""
        total = self.rows + sum(self.dropped.values())
        told = [f"Kept {self.rows} of {total} rows; dropped: {listed(self.dropped)}"]
        return "; changed: ".join(told + ([listed(self.changed)] if self.changed else [])) + "."


class Splits(BaseModel):
    """Three disjoint parts of a corpus."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: Snapshot
    valid: Snapshot
    test: Snapshot

    def parts(self) -> Iterator[tuple[Part, Snapshot]]:
        yield from (("train", self.train), ("valid", self.valid), ("test", self.test))

    def content(self) -> str:
        return sha256("".join(f"{part.digest}\n" for _, part in self.parts()).encode()).hexdigest()

    def is_there(self) -> bool:
        return all(part.is_there() for _, part in self.parts())

    def with_train(self, train: Snapshot) -> "Splits":
        """The same splits with other training rows."""
        return Splits(train=train, valid=self.valid, test=self.test)


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of a file of rows, by bytes: it begins with a row and ends with one."""

    path: Path
    start: int
    end: int

    def lines(self) -> list[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.end - self.start).split(b"\n")[:-1]

    def records(self) -> list[Record]:
        return [Record.from_json(line) for line in self.lines()]


@dataclass(frozen=True, slots=True)
class Held:
    """Rows in memory under the same face as a slice of a file."""

    rows: tuple[Record, ...]

    def records(self) -> list[Record]:
        return list(self.rows)


Piece = Slice | Held
Rows = Snapshot | Path | Iterable[Record]
"""Rows at rest, in a file with one row a line, or in memory; what is no snapshot or file must bear to be read twice."""


def snapshot_folders() -> list[Path]:
    """The folders of all snapshots in the workspace; a folder's name begins with the stage that wrote it."""
    return sorted(path.parent for path in (home() / "rows").glob(f"*/{ROWS}") if (path.parent / MANIFEST).is_file())


def pieces(rows: Rows) -> Iterator[Piece]:
    """Rows in pieces of about a thousand, in order, wherever they are."""
    if isinstance(rows, Snapshot | Path):
        yield from rows.slices() if isinstance(rows, Snapshot) else slices_of(rows)
        return
    waiting = iter(rows)
    while piece := tuple(islice(waiting, _SLICE_ROWS)):
        yield Held(piece)


def records_of(rows: Rows) -> Iterator[Record]:
    """Rows one by one, in order, wherever they are."""
    if isinstance(rows, Snapshot | Path):
        return (record for piece in pieces(rows) for record in piece.records())
    return iter(rows)


def slices_of(path: Path) -> Iterator[Slice]:
    """Stretches of about a megabyte of a file with one row a line."""
    size, start = path.stat().st_size, 0
    with path.open("rb") as file:
        while start < size:
            file.seek(min(start + _SLICE_BYTES, size))
            file.readline()
            end = file.tell()
            yield Slice(path, start, end)
            start = end


def listed(counts: dict[str, int]) -> str:
    """Counts with their names, in a line."""
    return ", ".join(f"{count} {reason}" for reason, count in counts.items()) or "none"
