"""Inbox lines: JSON Lines in the inbox in; which of their lines are forgotten rows out.

They may be their owner's only copy, so another row stays, even if it says some of the same words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from paragraf.errors import BadRow
from paragraf.forget.contents import readings, text_of
from paragraf.forget.traces import Traces, squeezed
from paragraf.formats import format_of, to_record
from paragraf.inbox import inbox
from paragraf.lines import Place
from paragraf.reader import Row
from paragraf.records import Record
from paragraf.strict_json import parse
from paragraf.tombstones import Tombstones

_ENDINGS = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Known:
    """By what forgotten rows are known again: traces in any text, tombstones where a text is a row."""

    traces: Traces
    tombstones: Tombstones

    def is_row(self, line: bytes) -> bool:
        """Whether a line is a row that `load` leaves out, or a forgotten one in other words under its old id."""
        row = _row_of(line)
        return row is not None and self._means(row)

    def first_left(self, path: Path) -> Place | None:
        """The first line of a file that is such a row, or holds a trace and is no row that can be read."""
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            row = _row_of(line)
            if any(map(self.traces.are_in, readings(line))) if row is None else self._means(row):
                return Place(path, number)
        return None

    def _means(self, row: Row) -> bool:
        if any(self.tombstones.holds(Record("", text, text)) for text in strings(row)):
            return True  # also under names of fields that only the run's settings tell
        try:
            record = to_record(row, format_of(row) or "qa", Place(Path(), 0))
        except BadRow:
            return False
        said = squeezed(f"{record.question}\n{record.answer}")
        is_reworded = record.id in self.traces.ids and any(True for _ in self.traces.found_in(said))
        return is_reworded or self.tombstones.holds(record)


def has_lines(path: Path) -> bool:
    """Whether a file is one of JSON Lines in the inbox."""
    return path.parent == inbox() and path.suffix.lower() in _ENDINGS


def strings(value: object) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def _row_of(line: bytes) -> Row | None:
    try:
        row = parse(text_of(line) or "")
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
