"""Clean: rows in, whole Polish rows out, and every row that was changed or set aside with its reasons."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from paragraf.clean.duplicates import Judged, row_key, without_duplicates
from paragraf.clean.rows import clean_row
from paragraf.clean.settings import CleanSettings
from paragraf.errors import TooFewRows
from paragraf.law.changes import STALE, Changes
from paragraf.records import Changed, Dropped, Line, Outcome, Record
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Piece, Rows, pieces
from paragraf.tombstones import Tombstones, forgotten

__all__ = ["CleanSettings", "clean", "clean_row"]


class Known(NamedTuple):
    """What this workspace was told of rows: which are forgotten, and which provisions have changed."""

    tombstones: Tombstones
    changes: Changes

    def judge(self, record: Record, outcome: Outcome) -> Outcome:
        """What becomes of a row after all: dropped as forgotten or stale, else as cleaning found."""
        row = outcome if isinstance(outcome, Record) else outcome.record
        if self.tombstones.holds(row):
            return forgotten(record.source)
        if not isinstance(outcome, Dropped) and (hit := self.changes.unknown_to(row)):
            return Dropped(row, STALE, f"cites {hit[1]}; {hit[0]}")
        return outcome


def clean(rows: Rows, settings: CleanSettings, runner: Runner = HERE) -> Iterator[Line]:
    """Rows with sound, tidy text that are worth learning from; of equal and nearly equal ones the first.

    What was forgotten, and what rests on a provision that has changed since its day, is dropped.
    The same question with different answers stays: the split keeps such rows together.

    Raises, at the end:
        TooFewRows: fewer than `settings.min_rows` are left.
    """
    known = Known(Tombstones.read(), Changes.read())
    work = partial(_clean_piece, settings, known)
    judged = (row for piece in runner.map(work, pieces(rows)) for row in piece)
    kept, dropped = 0, Counter[str]()
    for line in without_duplicates(judged, settings.near_duplicate_jaccard, runner):
        if line.row:
            kept += 1
        else:
            dropped.update(line.reasons)
        yield line
    if kept < settings.min_rows:
        reasons = ", ".join(f"{count} {reason}" for reason, count in dropped.most_common()) or "none"
        raise TooFewRows(
            f"clean: {settings.min_rows} rows are needed. Kept {kept} of {kept + dropped.total()} rows; dropped:"
            f" {reasons}. Add rows, mend the source or lower --clean.min-rows."
        )


def _clean_piece(settings: CleanSettings, known: Known, piece: Piece) -> list[Judged]:
    found = []
    for record in piece.records():
        outcome = known.judge(record, clean_row(record, settings))
        if isinstance(outcome, Dropped):
            found.append(Judged(Line.of(outcome), record.id, b""))
        else:
            row = outcome.record if isinstance(outcome, Changed) else outcome
            found.append(Judged(Line.of(outcome), record.id, row_key(row)))
    return found
