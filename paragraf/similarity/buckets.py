"""Buckets: rows that a band's keys bring together in, the pairs of them that are still open out."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from paragraf.similarity.sketches import Ints

if TYPE_CHECKING:
    from numpy import bool_
    from numpy.typing import NDArray

Telling = Callable[[Ints], Ints]
"""Something about each of some rows, at this moment."""

_WIDE = 64  # rows; a bucket with more is gone through row by row, so that joined ones cost nothing
_TURN, _PAIRS = 512, 1 << 16  # rows that are served at once, and pairs
_ROW_BITS = 32  # a bucket and its row are searched as one number
_STALE = 16  # turns that labels stay good enough: an old one only makes for pairs that are closed by now


def neighbours(rows: Ints, equal: "NDArray[bool_]") -> tuple[Ints, Ints]:
    """Each row with the next one of its bucket."""
    return rows[:-1][equal], rows[1:][equal]


def across(rows: Ints, equal: "NDArray[bool_]", labels: Telling) -> Iterator[tuple[Ints, Ints]]:
    """All pairs that are in one bucket and differ in label, a bounded number at a time; one row may stand for many.

    A bucket of one label costs as much as it has rows, and one of several labels as much as it has pairs across them.
    """
    import numpy as np

    if len(rows) == 0:
        return
    starts = np.concatenate(([0], np.flatnonzero(~equal) + 1))
    sizes = np.diff(np.concatenate((starts, [len(rows)])))
    held = labels(rows)
    mixed = np.minimum.reduceat(held, starts) != np.maximum.reduceat(held, starts)
    small = np.repeat(mixed & (sizes <= _WIDE), sizes)
    yield from _small(rows[small], np.repeat(starts, sizes)[small], held[small])
    for bucket in np.flatnonzero(mixed & (sizes > _WIDE)):
        yield from _wide(rows[starts[bucket] : starts[bucket] + sizes[bucket]], labels)


def below(rows: Ints, equal: "NDArray[bool_]", border: int, limits: Telling) -> Iterator[tuple[Ints, Ints]]:
    """Each row from `border` on with the rows of its bucket below its limit, a bounded number of pairs at a time.

    Limits are asked for anew each time: what the first pairs decide spares the later ones.
    """
    import numpy as np

    bucket = np.concatenate(([0], np.cumsum(~equal)))[: len(rows)]
    places = bucket << _ROW_BITS | rows  # rising
    starts = np.searchsorted(places, bucket << _ROW_BITS)
    waiting = np.flatnonzero(rows >= border)
    while len(waiting):
        turn = waiting[:_TURN]
        counts = np.searchsorted(places, bucket[turn] << _ROW_BITS | limits(rows[turn])) - starts[turn]
        ends = np.cumsum(counts)
        taken = max(1, int(np.searchsorted(ends, _PAIRS, "right")))
        turn, counts, ends = turn[:taken], counts[:taken], ends[:taken]
        waiting = waiting[taken:]
        left = np.repeat(starts[turn] - ends + counts, counts) + np.arange(ends[-1])
        yield rows[left], np.repeat(rows[turn], counts)


def _small(rows: Ints, buckets: Ints, labels: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs at every distance, of all small buckets at once."""
    import numpy as np

    at = np.arange(len(rows))
    for distance in range(1, _WIDE):
        at = at[at < len(rows) - distance]
        at = at[buckets[at] == buckets[at + distance]]
        if len(at) == 0:
            return
        differ = at[labels[at] != labels[at + distance]]
        yield rows[differ], rows[differ + distance]


def _wide(rows: Ints, labels: Telling) -> Iterator[tuple[Ints, Ints]]:
    """Each row outside the most frequent label with all that differ and had no turn yet."""
    import numpy as np

    held = labels(rows)
    _, places, counts = np.unique(held, return_index=True, return_counts=True)
    inside = places[np.argmax(counts)]
    had_turn = np.zeros(len(rows), bool)
    turns = 0
    for place in np.flatnonzero(held != held[inside]):
        mine, most = labels(rows[[place, inside]])
        if mine == most:
            continue
        if turns % _STALE == 0:
            held = labels(rows)
        turns += 1
        had_turn[place] = True
        others = rows[(held != mine) & ~had_turn]
        yield rows[place : place + 1], others
