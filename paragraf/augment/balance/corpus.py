"""Corpus: what a balance remembers of every row, and which rows it can do without."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from paragraf.augment.balance.diversity import WORDS, most_diverse, sketch
from paragraf.augment.balance.settings import BalanceSettings, category_of
from paragraf.augment.invariants import marks_of
from paragraf.snapshots import Piece
from paragraf.text import stable_hash

_BYTES = 8 * WORDS


class Sign(NamedTuple):
    """What is remembered of a row; `rank` is a hash of its id and the seed, by which rows are put in a fair order."""

    category: str
    rank: int
    marks: tuple[int, ...]
    sketch: bytes
    is_root: bool


def signs_of(settings: BalanceSettings, piece: Piece) -> list[Sign]:
    """One sign a row, in order; the same in every process."""
    return [
        Sign(
            category_of(record, settings.by),
            stable_hash(f"{settings.seed}:{record.id}"),
            marks_of(record),
            sketch(record.question),
            not record.technique,
        )
        for record in piece.records()
    ]


class Corpus:
    """Signs of all rows by position."""

    def __init__(self) -> None:
        self.sizes: list[int] = []  # rows of each piece
        self.counts: Counter[str] = Counter()
        self.members: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self.roots = bytearray()
        self.ranks = array("Q")
        self.marks = array("Q")
        self._sketches = bytearray()
        self._is_sorted = False

    def add(self, signs: list[Sign]) -> None:
        """Remember the rows of one more piece."""
        self.sizes.append(len(signs))
        for sign in signs:
            self.members[sign.category].append(len(self.roots))
            self.counts[sign.category] += 1
            self.roots.append(sign.is_root)
            self.ranks.append(sign.rank)
            self.marks.extend(sign.marks)
            self._sketches += sign.sketch

    def is_known(self, marks: tuple[int, ...]) -> bool:
        """Whether a row carries one of the marks."""
        import numpy as np

        if not self._is_sorted:
            self.marks = array("Q", np.unique(np.frombuffer(self.marks, np.uint64)).tobytes())
            self._is_sorted = True
        known = np.frombuffer(self.marks, np.uint64)
        wanted = np.array(marks, np.uint64)
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return bool((known[places] == wanted).any())

    def surplus(self, quotas: Mapping[str, int]) -> dict[int, str]:
        """Position and category of each row that is over its category's quota: variants first, then the most alike."""
        over: dict[int, str] = {}
        for category, positions in self.members.items():
            if len(positions) > quotas[category]:
                kept = set(self._kept(positions, quotas[category]))
                over |= {position: category for position in positions if position not in kept}
        return over

    def _kept(self, positions: "array[int]", wanted: int) -> list[int]:
        roots = [position for position in positions if self.roots[position]]
        if wanted < len(roots):
            return self._diverse(roots, wanted)
        others = [position for position in positions if not self.roots[position]]
        return roots + self._diverse(others, wanted - len(roots))

    def _diverse(self, positions: list[int], wanted: int) -> list[int]:
        import numpy as np

        at = np.array(positions, np.int64)
        sketches = np.frombuffer(self._sketches, np.uint64).reshape(-1, WORDS)[at]
        ranks = np.frombuffer(self.ranks, np.uint64)[at]
        found: list[int] = at[most_diverse(sketches, ranks, wanted)].tolist()
        return found
