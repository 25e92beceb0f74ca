"""Crossing: two sets of texts in, the near-duplicates that one has in the other out."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING

from paragraf.runner import HERE, Runner
from paragraf.similarity.buckets import below
from paragraf.similarity.guards import Guard
from paragraf.similarity.measuring import Measure, Question
from paragraf.similarity.shelf import Shelf, shelf_for
from paragraf.similarity.sketches import NEAR, Ints
from paragraf.text import numbers

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray


def nearest_leaks(
    train_texts: Iterable[str],
    other_texts: Iterable[str],
    threshold: float = NEAR,
    guard: Guard = numbers,
    runner: Runner = HERE,
) -> list[int | None]:
    """For each of the other texts the lowest position of a training text that it is a near-duplicate of."""
    with shelf_for(threshold) as shelf:
        border = _fill(shelf, train_texts, other_texts, guard, runner)
        nearest = _Nearest(shelf, border)
        _settle(shelf, nearest)
        found = nearest.lowest[nearest.likes[border:]]
    return [position if position < border else None for position in found.tolist()]


def leaks(
    train_texts: Iterable[str],
    other_texts: Iterable[str],
    threshold: float = NEAR,
    guard: Guard = numbers,
    runner: Runner = HERE,
) -> list[tuple[int, int, float]]:
    """Every near-duplicate pair across two sets, sorted: position in the first, in the second, Jaccard (0 to 1).

    For small sets: two copies of one corpus have more pairs than memory holds; `nearest_leaks` has no such bound.
    """
    with shelf_for(threshold) as shelf:
        border = _fill(shelf, train_texts, other_texts, guard, runner)
        every = _Every(shelf, border)
        _settle(shelf, every)
    members: dict[int, list[int]] = defaultdict(list)
    for position, like in enumerate(every.likes.tolist()):
        members[like].append(position)
    return sorted(
        (one, other - border, jaccard)
        for (left, right), jaccard in every.found.items()
        for one, other in product(members[left], members[right])
    )


def _fill(shelf: Shelf, train: Iterable[str], other: Iterable[str], guard: Guard, runner: Runner) -> int:
    """Put both sets on the shelf; the position where the second begins."""
    shelf.add(train, guard, runner)
    border = len(shelf)
    shelf.add(other, guard, runner)
    return border


def _settle(shelf: Shelf, crossing: "_Crossing") -> None:
    """Measure all pairs across the border that are open."""
    measure = Measure(shelf, crossing)
    compared = crossing.likes[shelf.positions] == shelf.positions
    for band in range(shelf.shape.bands):
        for left, right in below(*shelf.bucketed(band, compared), crossing.border_row, crossing.limits):
            measure.settle(left, right)


class _Crossing(Question):
    """Two sets side by side: positions from `border` on are of the second."""

    def __init__(self, shelf: Shelf, border: int) -> None:
        import numpy as np

        self._positions = shelf.positions
        self.border_row = int(np.searchsorted(self._positions, border))
        self._firsts = shelf.firsts()
        # for each text the lowest equal one of its own set
        self.likes = self._firsts.copy()
        _, places, same = np.unique(self._firsts[border:], return_index=True, return_inverse=True)
        self.likes[border:] = places[same] + border

    @abstractmethod
    def limits(self, rows: Ints) -> Ints:
        """For rows of the second set: the row of the first below which a near one would matter."""


class _Nearest(_Crossing):
    """Near pairs lower what is known; a pair is open if its training text is lower yet."""

    def __init__(self, shelf: Shelf, border: int) -> None:
        import numpy as np

        super().__init__(shelf, border)
        self.lowest = np.minimum(self._firsts, border)

    def limits(self, rows: Ints) -> Ints:
        import numpy as np

        return np.searchsorted(self._positions, self.lowest[self._positions[rows]])

    def open(self, left: Ints, right: Ints) -> "NDArray[bool_]":
        return self._positions[left] < self.lowest[self._positions[right]]

    def is_open(self, left: int, right: int) -> bool:
        return bool(self._positions[left] < self.lowest[self._positions[right]])

    def answer(self, left: int, right: int, _: float) -> None:
        self.lowest[self._positions[right]] = self._positions[left]


class _Every(_Crossing):
    """Near pairs are kept with their likeness; a pair is open until it is known."""

    def __init__(self, shelf: Shelf, border: int) -> None:
        import numpy as np

        super().__init__(shelf, border)
        others = np.unique(self.likes[border:])
        equal = others[self._firsts[others] < border]
        self.found = dict.fromkeys(zip(self._firsts[equal].tolist(), equal.tolist(), strict=True), 1.0)

    def limits(self, rows: Ints) -> Ints:
        import numpy as np

        return np.full(len(rows), self.border_row)

    def open(self, left: Ints, right: Ints) -> "NDArray[bool_]":
        import numpy as np

        return np.ones(len(left), bool)

    def is_open(self, left: int, right: int) -> bool:
        return (int(self._positions[left]), int(self._positions[right])) not in self.found

    def answer(self, left: int, right: int, jaccard: float) -> None:
        self.found[int(self._positions[left]), int(self._positions[right])] = jaccard
