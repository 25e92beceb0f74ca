"""Sift: cleaned rows and the past in; the rows that no version has met, and why the others are set aside, out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from paragraf.records import Dropped, Line, Record
from paragraf.runner import HERE, Runner
from paragraf.similarity import nearest_leaks
from paragraf.snapshots import Rows, records_of
from paragraf.validate.leaks import stem_and_answer, views

View = Callable[[Record], str]


def sift(
    rows: Sequence[Record],
    learned: Sequence[Rows],
    tested: Sequence[Rows],
    near: float,
    runner: Runner = HERE,
) -> Iterator[Line]:
    """The rows that nearly repeat none that was learned, and that ask nothing that was tested or validated with.

    A question that was learned with another answer stays: the law may have changed.
    """
    same = like(rows, learned, (_whole, stem_and_answer), near, runner)
    asked = like(rows, tested, views(has_choices=True), near, runner)
    groups = {record.group for record in _all(tested) if record.group}
    for row in rows:
        if row.id in asked or row.group in groups:
            yield Line.of(Dropped(row, "tested_before", asked.get(row.id, row.group)))
        elif row.id in same:
            yield Line.of(Dropped(row, "learned_before", same[row.id]))
        else:
            yield Line.of(row)


def like(
    rows: Sequence[Record], known: Sequence[Rows], compared: Iterable[View], near: float, runner: Runner = HERE
) -> dict[str, str]:
    """Row id -> id of a known row that it is nearly the same as, in one of the views that are compared."""
    ids = [record.id for record in _all(known)]
    found: dict[str, str] = {}
    for view in compared if ids and rows else ():
        seen = nearest_leaks(map(view, _all(known)), map(view, rows), near, runner=runner)
        for row, position in zip(rows, seen, strict=True):
            if position is not None:
                found.setdefault(row.id, ids[position])
    return found


def _all(known: Sequence[Rows]) -> Iterator[Record]:
    return chain.from_iterable(map(records_of, known))


def _whole(record: Record) -> str:
    return f"{record.question}\n{record.answer}"
