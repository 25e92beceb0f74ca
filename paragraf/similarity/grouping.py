"""Grouping: texts in, for each the first of its near-duplicates out."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from paragraf.runner import HERE, Runner
from paragraf.similarity.buckets import across, neighbours
from paragraf.similarity.guards import Guard
from paragraf.similarity.measuring import Measure
from paragraf.similarity.sets import DisjointSets
from paragraf.similarity.shelf import shelf_for
from paragraf.similarity.sketches import NEAR, Ints
from paragraf.text import numbers

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray


def groups(texts: Iterable[str], threshold: float = NEAR, guard: Guard = numbers, runner: Runner = HERE) -> list[int]:
    """For each text the lowest position in its group of near-duplicates; a text unlike all others gets its own.

    `threshold` is a Jaccard from 0.3 (anything in the same field) to 1 (the same 5-grams). Neighbours in a bucket come
    first in all bands: in texts of one topic they join nearly everything, and what is joined is not compared again.
    """
    import numpy as np

    with shelf_for(threshold) as shelf:
        shelf.add(texts, guard, runner)
        firsts = shelf.firsts()
        sets = DisjointSets(len(shelf))
        for position in np.flatnonzero(firsts != np.arange(len(firsts))).tolist():
            sets.join(int(firsts[position]), position)
        compared = firsts[shelf.positions] == shelf.positions
        joins = _Joins(sets, shelf.positions)
        measure = Measure(shelf, joins)
        for band in range(shelf.shape.bands):
            measure.settle(*neighbours(*shelf.bucketed(band, compared)))
        for band in range(shelf.shape.bands):
            for left, right in across(*shelf.bucketed(band, compared), joins.labels):
                measure.settle(left, right)
        return sets.lowest()


class _Joins:
    """Near pairs join; a pair is open until its rows are in one set."""

    def __init__(self, sets: DisjointSets, positions: Ints) -> None:
        self._sets = sets
        self._positions = positions

    def labels(self, rows: Ints) -> Ints:
        return self._sets.lowest_of(self._positions[rows])

    def open(self, left: Ints, right: Ints) -> "NDArray[bool_]":
        differ: NDArray[bool_] = self.labels(left) != self.labels(right)
        return differ

    def is_open(self, left: int, right: int) -> bool:
        return not self._sets.are_joined(int(self._positions[left]), int(self._positions[right]))

    def answer(self, left: int, right: int, _: float) -> None:
        self._sets.join(int(self._positions[left]), int(self._positions[right]))
