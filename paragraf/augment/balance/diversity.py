"""Diversity: sketches of many texts in, those that are least alike out."""

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from paragraf.similarity.sketches import Ints, grams
from paragraf.text import normal_form

if TYPE_CHECKING:
    from numpy import uint64
    from numpy.typing import NDArray

Sketches: TypeAlias = "NDArray[uint64]"

WORDS = 6  # 64-bit words of a sketch: four of bits, and two whole minima that bring like texts side by side
_PERMUTATIONS = 256  # one bit of each: a likeness is told to about 0.06
_BITS = slice(0, 4)
_MINIMA = (4, 5)
_SHORTEST = 5  # characters of a text that has a letter 5-gram
_BLOCK = 2048  # texts that are compared all with all: the time grows with it, the memory does not
_SEED = 42


def sketch(text: str) -> bytes:
    """MinHash of the letter 5-grams of a text; texts that share more of them share more of its bits."""
    import numpy as np

    form = normal_form(text)
    minima = (grams(f"{form:<{_SHORTEST}}")[None, :] * _factors()[:, None]).min(axis=1)
    bits = np.packbits((minima * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(63) == 1).view(np.uint64)
    sketched: bytes = bits.tobytes() + minima[:2].tobytes()
    return sketched


def most_diverse(sketches: Sketches, ranks: Sketches, wanted: int) -> Ints:
    """Positions of `wanted` texts, each as unlike the ones before it as can be; of equals the one of lower rank.

    Many texts are laid out so that like ones lie together, and chosen from block by block, each giving its share.
    """
    import numpy as np

    order = np.lexsort((ranks, *(sketches[:, minimum] for minimum in reversed(_MINIMA))))
    chosen = [np.empty(0, np.int64)]
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        end = start + len(block)
        share = wanted * end // len(order) - wanted * start // len(order)
        block = block[np.argsort(ranks[block], kind="stable")]
        chosen.append(block[_farthest(sketches[block][:, _BITS], share)])
    return np.sort(np.concatenate(chosen))


def _farthest(bits: Sketches, wanted: int) -> Ints:
    """Greedy: the first text, then again and again the one whose nearest chosen one is farthest."""
    import numpy as np

    chosen = np.empty(wanted, np.int64)
    nearest = np.full(len(bits), _PERMUTATIONS + 1, np.int64)
    for place in range(wanted):
        found = int(nearest.argmax())
        chosen[place] = found
        differing = np.bitwise_count(bits ^ bits[found]).sum(axis=1, dtype=np.int64)
        np.minimum(nearest, differing, out=nearest)
        nearest[chosen[: place + 1]] = -1
    return chosen


@lru_cache(maxsize=1)
def _factors() -> Sketches:
    """Odd numbers, each of which orders all hashes in another way."""
    from random import Random

    import numpy as np

    rng = Random(_SEED)
    return np.array([rng.getrandbits(64) | 1 for _ in range(_PERMUTATIONS)], np.uint64)
