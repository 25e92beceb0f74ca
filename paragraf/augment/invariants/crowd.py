"""Crowd: rows with their variants in, those variants dropped that say again what another row says."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from paragraf.augment.invariants.wording import marks_of, question_mark
from paragraf.lineage import stem
from paragraf.records import Dropped, Line, Record
from paragraf.runner import HERE, Runner
from paragraf.similarity import NEAR, groups, nearest_leaks
from paragraf.snapshots import Piece, Rows, pieces, records_of
from paragraf.text import stable_hash

View = Callable[[Record], str]
"""The text by which rows are compared."""


def told_apart(rows: Rows, held_out: Sequence[Rows] = (), near: float = NEAR, runner: Runner = HERE) -> Iterator[Line]:
    """All rows in order, without the variants that repeat another row; rows that are no variants always stay.

    Dropped as `variant_equals_origin`: equal to a row of its lineage; as `equals_test_row`: its question is, or the row
    is nearly, one of the rows held out for validation and test; as `near_duplicate`: nearly a row of another lineage.
    Memory grows with the number of rows, not with their length.
    """
    held = list(pieces(rows))
    crowd = _Crowd(held, held_out, near, runner)
    for signs in runner.map(_signs, held):
        for sign in signs:
            crowd.add(sign)
    crowd.drop_equal()
    crowd.drop_asked()
    for view in (stem, _stem_and_answer):
        crowd.drop_near(view)
    position = 0
    for piece in held:
        for record in piece.records():
            fault = crowd.faults.get(position)
            yield Line.of(Dropped(record, *fault) if fault else record)
            position += 1


class _Sign(NamedTuple):
    """What is remembered of a row: 64-bit hashes, and whether it was derived from another row."""

    lineage: int
    asked: int
    marks: tuple[int, ...]
    is_variant: bool


def _signs(piece: Piece) -> list[_Sign]:
    return [
        _Sign(
            stable_hash(record.group or record.origin or record.id),
            question_mark(record.question),
            marks_of(record),
            bool(record.origin and record.technique),
        )
        for record in piece.records()
    ]


def _stem_and_answer(record: Record) -> str:
    return f"{stem(record)}\n{record.answer}"


@dataclass
class _Crowd:
    """Rows by position, and the faults found so far."""

    held: list[Piece]
    held_out: Sequence[Rows]
    near: float
    runner: Runner
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)
    lineages: "array[int]" = field(default_factory=lambda: array("Q"))
    asked: "array[int]" = field(default_factory=lambda: array("Q"))
    variant: bytearray = field(default_factory=bytearray)
    marks: "array[int]" = field(default_factory=lambda: array("Q"))
    marked: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, sign: _Sign) -> None:
        self.marks.extend(sign.marks)
        self.marked.extend([len(self.variant)] * len(sign.marks))
        self.lineages.append(sign.lineage)
        self.asked.append(sign.asked)
        self.variant.append(sign.is_variant)

    def drop_equal(self) -> None:
        """Of rows that share a mark the first stays, and rows that are no variants come first."""
        import numpy as np

        marks, rows = np.frombuffer(self.marks, np.uint64), np.frombuffer(self.marked, np.int64)
        variant = np.frombuffer(self.variant, np.uint8)
        order = np.lexsort((rows, variant[rows], marks))
        starts = np.concatenate(([True], marks[order][1:] != marks[order][:-1]))[: len(order)]
        firsts = rows[order][starts][np.cumsum(starts) - 1]
        again = (firsts != rows[order]) & (variant[rows[order]] == 1)
        for first, row in zip(firsts[again].tolist(), rows[order][again].tolist(), strict=True):
            is_kin = self.lineages[first] == self.lineages[row]
            if is_kin or row not in self.faults:
                self.faults[row] = ("variant_equals_origin", "") if is_kin else ("near_duplicate", "equal words")

    def drop_asked(self) -> None:
        """Variants whose question is asked in the rows held out."""
        known = {question_mark(record.question) for rows in self.held_out for record in records_of(rows)}
        for position in self._open():
            if self.asked[position] in known:
                self.faults[position] = "equals_test_row", "equal question"

    def drop_near(self, view: View) -> None:
        """Variants that nearly are a row held out, a row of another lineage, or an earlier variant of one."""
        waiting = self._open()
        if not waiting:
            return
        roots = [position for position, is_variant in enumerate(self.variant) if not is_variant]
        count = sum(1 for rows in self.held_out for _ in records_of(rows))
        outside = (view(record) for rows in self.held_out for record in records_of(rows))
        lowest = self._nearest(chain(outside, self._texts(view, roots)), view, waiting)
        for position, found in zip(waiting, lowest, strict=True):
            if found is not None and found < count:
                self.faults[position] = "equals_test_row", "near"
            elif found is not None:
                self._drop_stranger(position, roots[found - count])
        waiting = self._open()  # the lowest was kin: is the highest a stranger?
        roots.reverse()
        highest = self._nearest(self._texts_backwards(view), view, waiting)
        for position, found in zip(waiting, highest, strict=True):
            if found is not None:
                self._drop_stranger(position, roots[found])
        waiting = self._open()
        found_groups = groups(self._texts(view, waiting), self.near, runner=self.runner)
        for position, first in zip(waiting, found_groups, strict=True):
            self._drop_stranger(position, waiting[first])

    def _drop_stranger(self, position: int, other: int) -> None:
        if self.lineages[position] != self.lineages[other]:
            self.faults[position] = "near_duplicate", "near"

    def _nearest(self, texts: Iterable[str], view: View, waiting: Sequence[int]) -> list[int | None]:
        return nearest_leaks(texts, self._texts(view, waiting), self.near, runner=self.runner)

    def _open(self) -> list[int]:
        """Positions of the variants that are not dropped yet."""
        return [at for at, is_variant in enumerate(self.variant) if is_variant and at not in self.faults]

    def _texts(self, view: View, wanted: Sequence[int]) -> Iterator[str]:
        """The texts of some positions, which rise."""
        numbered = enumerate(record for piece in self.held for record in piece.records())
        following = iter(wanted)
        at = next(following, None)
        for position, record in numbered:
            if position == at:
                yield view(record)
                at = next(following, None)

    def _texts_backwards(self, view: View) -> Iterator[str]:
        """The texts of the rows that are no variants, the last one first."""
        position = len(self.variant)
        for piece in reversed(self.held):
            for record in reversed(piece.records()):
                position -= 1
                if not self.variant[position]:
                    yield view(record)
