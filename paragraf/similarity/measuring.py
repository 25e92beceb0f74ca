"""Measuring: proposed pairs in, what their exact likeness decides out; no pair is measured that decides nothing."""

from typing import TYPE_CHECKING, Protocol

from paragraf.similarity.shelf import Shelf
from paragraf.similarity.sketches import Ints

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

_AT_FIRST = 32  # pairs, and twice as many each time: what one decides closes others
_MOST_FAILED = 1 << 18


class Question(Protocol):
    """What is asked of near pairs, the lower row on the left: which texts they join, or what they leak."""

    def open(self, left: Ints, right: Ints) -> "NDArray[bool_]":
        """Which pairs of rows still matter."""
        ...

    def is_open(self, left: int, right: int) -> bool: ...

    def answer(self, left: int, right: int, jaccard: float) -> None:
        """Take note of a near pair of rows."""
        ...


class Measure:
    """Measures pairs of rows, none that failed before again."""

    def __init__(self, shelf: Shelf, question: Question) -> None:
        self._shelf = shelf
        self._question = question
        self._failed: set[int] = set()

    def settle(self, left: Ints, right: Ints) -> None:
        """Answer the question for these pairs, as far as they are open, those with the lowest rows first."""
        import numpy as np

        near = self._shelf.may_be_near(left, right)
        left, right = (side[near] for side in np.broadcast_arrays(left, right))
        left, right = np.minimum(left, right), np.maximum(left, right)
        order = np.lexsort((right, left))
        left, right = left[order], right[order]
        keep = self._question.open(left, right)
        left, right = left[keep], right[keep]
        count = _AT_FIRST
        while len(left):
            for one, other in zip(left[:count].tolist(), right[:count].tolist(), strict=True):
                self._measure(one, other)
            left, right = left[count:], right[count:]
            keep = self._question.open(left, right)
            left, right = left[keep], right[keep]
            count *= 2

    def _measure(self, left: int, right: int) -> None:
        pair = left << 32 | right
        if pair in self._failed or not self._question.is_open(left, right):
            return
        jaccard = self._shelf.jaccard(left, right)
        if jaccard >= self._shelf.shape.threshold:
            self._question.answer(left, right, jaccard)
            return
        if len(self._failed) == _MOST_FAILED:
            self._failed.clear()
        self._failed.add(pair)
