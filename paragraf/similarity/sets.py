"""Sets: positions that belong together."""

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paragraf.similarity.sketches import Ints

_DEEP = 8  # steps to the lowest position after which it pays to make all ways short


class DisjointSets:
    """Positions 0 to `size` - 1 in sets that grow by joining."""

    def __init__(self, size: int) -> None:
        self._parent = array("q", range(size))

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._lowest(one), self._lowest(other)))
        self._parent[high] = low

    def are_joined(self, one: int, other: int) -> bool:
        return self._lowest(one) == self._lowest(other)

    def lowest(self) -> list[int]:
        """For each position the lowest one in its set."""
        self._shorten()
        return self._parent.tolist()

    def lowest_of(self, positions: "Ints") -> "Ints":
        """For some positions the lowest ones in their sets."""
        import numpy as np

        parent = np.frombuffer(self._parent, dtype=np.int64)
        found = parent[positions]
        for _ in range(_DEEP):
            further = parent[found]
            if (further == found).all():
                return found
            found = further
        self._shorten()
        return parent[positions]

    def _lowest(self, position: int) -> int:
        parent = self._parent
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    def _shorten(self) -> None:
        import numpy as np

        parent = np.frombuffer(self._parent, dtype=np.int64)
        while ((further := parent[parent]) != parent).any():
            parent[:] = further
