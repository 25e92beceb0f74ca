"""Growth: rows of small categories in, requests for variants of them out, until the categories are full."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import NamedTuple

from paragraf.augment.balance.corpus import Corpus
from paragraf.augment.balance.settings import BalanceSettings, category_of
from paragraf.augment.invariants import marks_of
from paragraf.records import Record
from paragraf.snapshots import Piece

More = Callable[[Record, int, Random], Iterator[Record]]
"""Variants of a row, up to so many; a function that another process can import."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A category that has fewer rows than wanted, since no more variants could be made."""

    category: str
    wanted: int
    got: int


class Order(NamedTuple):
    """A piece, the position of its first row, and how many variants are asked of some of its rows, by place in it."""

    piece: Piece
    start: int
    asked: dict[int, int]


def grown(settings: BalanceSettings, more: More, order: Order) -> dict[int, list[Record]]:
    """The variants of each row asked, by its place in the piece; the same in every process."""
    if not order.asked:
        return {}
    records = order.piece.records()
    return {
        place: list(islice(more(records[place], count, Random(f"{settings.seed}:{records[place].id}")), count))
        for place, count in order.asked.items()
    }


class Growth:
    """What was asked of each row so far, and how many rows each small category still lacks."""

    def __init__(self, corpus: Corpus, quotas: Mapping[str, int], settings: BalanceSettings) -> None:
        self._corpus, self._quotas, self._settings = corpus, quotas, settings
        self._missing = {
            category: wanted - corpus.counts[category]
            for category, wanted in quotas.items()
            if wanted > corpus.counts[category]
        }
        self._asked = array("H", bytes(2 * len(corpus.roots)))
        self._barren: set[int] = set()  # rows of which no more come
        self._new: set[int] = set()  # marks of the variants taken
        self._round = 0

    def orders(self, pieces: Sequence[Piece]) -> list[Order]:
        """One order a piece for the next round; each round asks twice as many variants for what is missing."""
        allotted: dict[int, int] = {}
        for category, missing in self._missing.items():
            allotted |= self._allotted(category, missing << self._round)
        self._round += 1
        orders, start = [], 0
        for piece, size in zip(pieces, self._corpus.sizes, strict=True):
            places = range(size)
            orders.append(Order(piece, start, {at: allotted[start + at] for at in places if start + at in allotted}))
            start += size
        return orders

    def taken(self, record: Record, order: Order, place: int, variants: list[Record]) -> Iterator[Record]:
        """Those of a row's variants that are new and of its category, while it lacks any."""
        asked = order.asked.get(place)
        if not asked:
            return
        if len(variants) < asked:
            self._barren.add(order.start + place)
        category = category_of(record, self._settings.by)
        for variant in variants:
            if not self._missing.get(category):
                return
            marks = marks_of(variant)
            if category_of(variant, self._settings.by) != category or not self._new.isdisjoint(marks):
                continue
            if not self._corpus.is_known(marks):
                self._new.update(marks)
                self._missing[category] -= 1
                yield variant

    def shortfalls(self) -> list[Shortfall]:
        """The categories that are not full, by name."""
        return [
            Shortfall(category, self._quotas[category], self._quotas[category] - missing)
            for category, missing in sorted(self._missing.items())
            if missing
        ]

    def _allotted(self, category: str, missing: int) -> dict[int, int]:
        """Position -> variants to ask for, spread evenly over the rows that are no variants and may have more."""
        most = self._settings.most_variants
        open_rows = [
            position
            for position in self._corpus.members.get(category, ())
            if self._corpus.roots[position] and self._asked[position] < most and position not in self._barren
        ]
        open_rows.sort(key=lambda position: (self._asked[position], self._corpus.ranks[position]))
        allotted: dict[int, int] = {}
        for place, position in enumerate(open_rows):
            share = missing // len(open_rows) + (place < missing % len(open_rows))
            if share:
                self._asked[position] = allotted[position] = min(most, self._asked[position] + share)
        return allotted
