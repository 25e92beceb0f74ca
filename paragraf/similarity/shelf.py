"""Shelf: the sketches of many texts at rest, texts and bands on disk, the small things in memory."""

import os
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from paragraf.runner import Runner
from paragraf.similarity.guards import Guard
from paragraf.similarity.sketches import PERMUTATIONS, Ints, Longs, Shape, Sketched, blocks, grams, sketched

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

_WORDS_OF_BITS = PERMUTATIONS // 64
_CHUNK = 1 << 15  # pairs compared at once: their bits stay in the processor's cache
_MOST_GRAMS = 6_000_000  # remembered at a time, 8 bytes each
_ROW_BITS = 32  # a key and its row are sorted as one number


@contextmanager
def shelf_for(threshold: float) -> Iterator["Shelf"]:
    """An empty shelf; its files have no name, so the system takes them back at the end, even if the process dies."""
    with TemporaryFile() as forms, TemporaryFile() as keys:
        yield Shelf(Shape.of(threshold), forms, keys)


class Shelf:
    """Texts by position, in the order they came, and by row: those of them that are long enough to be compared."""

    def __init__(self, shape: Shape, forms: IO[bytes], keys: IO[bytes]) -> None:
        self.shape = shape
        self._forms, self._keys = forms, keys
        self._blocks: list[tuple[int, int]] = []  # where a block's keys begin in the file, and how many texts it has
        self._offsets = array("q", [0])
        self._identities, self._guards, self._positions = array("Q"), array("Q"), array("q")
        self._bits = [[array("Q") for _ in range(_WORDS_OF_BITS)] for _ in range(2)]
        self._remembered: dict[int, Longs] = {}
        self._grams = 0

    def __len__(self) -> int:
        return len(self._identities) // 2

    def add(self, texts: Iterable[str], guard: Guard, runner: Runner) -> None:
        """Sketch more texts, wherever the runner works."""
        for block in runner.map(partial(sketched, self.shape, guard), blocks(texts)):
            self._add(block)
        self._forms.flush()
        self._keys.flush()

    @property
    def positions(self) -> Ints:
        """Position of each row."""
        import numpy as np

        return np.frombuffer(self._positions, np.int64)

    def firsts(self) -> Ints:
        """For each position the lowest one with an equal normal form and guard."""
        import numpy as np

        identities = np.frombuffer(self._identities, np.uint64).reshape(-1, 2)
        order = np.lexsort((identities[:, 1], identities[:, 0]))  # stable: the lowest of the equal ones comes first
        ordered = identities[order]
        starts = np.concatenate(([True], (ordered[1:] != ordered[:-1]).any(axis=1)))[: len(order)]
        firsts = np.empty(len(order), np.int64)
        firsts[order] = order[starts][np.cumsum(starts) - 1]
        return firsts

    def bucketed(self, band: int, compared: "NDArray[bool_]") -> tuple[Ints, "NDArray[bool_]"]:
        """The rows to compare, equal keys of a band side by side and rising, and whether each equals the next."""
        import numpy as np

        keys = [np.empty(0, np.uint32)]
        keys += [
            np.frombuffer(os.pread(self._keys.fileno(), 4 * count, start + 4 * count * band), np.uint32)
            for start, count in self._blocks
        ]
        rows = np.flatnonzero(compared).astype(np.uint64)
        packed = (np.concatenate(keys)[compared].astype(np.uint64) << np.uint64(_ROW_BITS)) | rows
        packed.sort()
        equal = (packed[1:] ^ packed[:-1]) >> np.uint64(_ROW_BITS) == 0
        return (packed & np.uint64(0xFFFFFFFF)).astype(np.int64), equal

    def may_be_near(self, left: Ints, right: Ints) -> "NDArray[bool_]":
        """Which pairs of rows are worth measuring: of equal guards, and near by the estimate."""
        import numpy as np

        likely = [np.empty(0, bool)]
        for start in range(0, len(right), _CHUNK):
            other = right[start : start + _CHUNK]
            one = left if len(left) == 1 else left[start : start + _CHUNK]
            likely.append(self._are_likely(one, other))
        return np.concatenate(likely)

    def jaccard(self, left: int, right: int) -> float:
        """Share of the letter 5-grams of two rows that are in both."""
        import numpy as np

        one, other = self._grams_of(left), self._grams_of(right)
        together = np.concatenate((one, other))
        together.sort()
        shared = int(np.count_nonzero(together[1:] == together[:-1]))
        return shared / (len(together) - shared)

    def _are_likely(self, one: Ints, other: Ints) -> "NDArray[bool_]":
        import numpy as np

        first, second = ([np.frombuffer(word, np.uint64) for word in bit] for bit in self._bits)
        guards = np.frombuffer(self._guards, np.uint64)
        differing = np.zeros(len(other), np.uint16)
        for word in first:
            differing += np.bitwise_count(word[one] ^ word[other])
        likely = differing <= self.shape.most_differing[0]
        at = np.flatnonzero(likely)
        one, other = np.broadcast_to(one, other.shape)[at], other[at]
        differing = np.zeros(len(other), np.uint16)
        for word, finer in zip(first, second, strict=True):
            differing += np.bitwise_count((word[one] ^ word[other]) | (finer[one] ^ finer[other]))
        likely[at] = (differing <= self.shape.most_differing[1]) & (guards[one] == guards[other])
        return likely

    def _add(self, block: Sketched) -> None:
        import numpy as np

        self._positions.frombytes((block.places + len(self)).tobytes())
        self._offsets.frombytes((np.cumsum(block.lengths, dtype=np.int64) + self._offsets[-1]).tobytes())
        self._identities.frombytes(block.identities.tobytes())
        self._guards.frombytes(block.guards.tobytes())
        for held, words in zip(self._bits, block.bits, strict=True):
            for part, word in zip(held, words, strict=True):
                part.frombytes(word.tobytes())
        self._forms.write(block.forms)
        self._blocks.append((self._keys.tell(), block.keys.shape[1]))
        self._keys.write(block.keys.tobytes())

    def _grams_of(self, row: int) -> Longs:
        found = self._remembered.get(row)
        if found is None:
            start, end = self._offsets[row], self._offsets[row + 1]
            form = os.pread(self._forms.fileno(), end - start, start).decode("utf-8", "surrogatepass")
            found = grams(form)
            self._grams += len(found)
            if self._grams > _MOST_GRAMS:
                self._remembered.clear()
                self._grams = len(found)
            self._remembered[row] = found
        return found
