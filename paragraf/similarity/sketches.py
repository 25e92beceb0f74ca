"""Sketches: a block of texts in, what finds their near-duplicates out; the part of the work for many processes."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Self, TypeAlias

from paragraf.similarity.guards import Guard, form_of

if TYPE_CHECKING:
    from numpy import int64, uint32, uint64
    from numpy.typing import NDArray

Ints: TypeAlias = "NDArray[int64]"
Longs: TypeAlias = "NDArray[uint64]"
Words: TypeAlias = "NDArray[uint32]"

NEAR = 0.7  # Jaccard of letter 5-grams: finds every pair of two typos a row, and none that share a template only
PERMUTATIONS = 384  # two bits of each estimate a likeness at NEAR with a standard error of 0.028

_GRAM = 5
_FEWEST_WORDS = 5
_MISSED = 0.0005  # share of the pairs at the threshold that no band proposes
_ERRORS = 4  # standard errors below the threshold that an estimate may be: misses 3 in 100,000
_SEED = 42
_BLOCK = 2000  # texts
_LONGEST_BLOCK = 1_000_000  # characters
_BATCH = 250  # texts whose digests are Python numbers for a moment
_ODD = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio (Knuth's multiplicative hashing)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a sketch is cut into bands: texts meet when all rows of a band are equal."""

    threshold: float
    bands: int
    rows: int
    most_differing: tuple[int, int]  # permutations of a pair that may differ in one bit, and in either of two

    @classmethod
    def of(cls, threshold: float) -> Self:
        """The longest bands that still find a pair at the threshold: they propose few pairs that share a template."""
        likely = min(threshold, 0.99)
        bands, rows = PERMUTATIONS, 1
        for longer in range(1, PERMUTATIONS):
            needed = math.ceil(math.log(_MISSED) / math.log1p(-(likely**longer)))
            if needed * longer <= PERMUTATIONS:
                bands, rows = needed, longer
        return cls(threshold, bands, rows, (_most_differing(threshold, 1), _most_differing(threshold, 2)))


@dataclass(frozen=True, slots=True)
class Sketched:
    """A block of texts, in order; all but `identities` holds the texts that are long enough to be compared."""

    identities: Longs  # [text, 2]: hash of normal form and guard
    places: Ints  # of the long texts in the block
    guards: Longs
    keys: Words  # [band, long text]: equal where all rows of the band and the guards are
    bits: Longs  # [bit, 64 permutations, long text]: two bits of each minimum
    forms: bytes  # the normal forms, one after the other
    lengths: Words  # of the forms, in bytes


def blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts in lists of a bounded size."""
    block: list[str] = []
    length = 0
    for text in texts:
        block.append(text)
        length += len(text)
        if len(block) == _BLOCK or length >= _LONGEST_BLOCK:
            yield block
            block, length = [], 0
    if block:
        yield block


def sketched(shape: Shape, guard: Guard, block: Sequence[str]) -> Sketched:
    """All that is ever asked of a block of texts; the same in every process."""
    import numpy as np

    identities, guards, forms, places = bytearray(), bytearray(), [], []
    for place, text in enumerate(block):
        form = form_of(text)
        encoded = form.encode("utf-8", "surrogatepass")
        guarded = blake2b(repr(guard(text)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        identities += blake2b(encoded, digest_size=16, key=guarded).digest()
        if form.count(" ") >= _FEWEST_WORDS - 1:
            places.append(place)
            guards += guarded
            forms.append(form)
    guard_hashes = np.frombuffer(bytes(guards), np.uint64)
    digests = _digests(forms)
    encodings = [form.encode("utf-8", "surrogatepass") for form in forms]
    return Sketched(
        np.frombuffer(bytes(identities), np.uint64).reshape(-1, 2),
        np.array(places, np.int64),
        guard_hashes,
        _keys(digests, guard_hashes, shape),
        _bits(digests),
        b"".join(encodings),
        np.array([len(encoding) for encoding in encodings], np.uint32),
    )


def _most_differing(threshold: float, bits: int) -> int:
    """How many permutations of a pair at the threshold differ in some of so many bits, but for rare pairs."""
    differing = (1 - threshold) * (1 - 0.5**bits)  # equal minima never do, others mostly
    spread = math.sqrt(PERMUTATIONS * differing * (1 - differing))
    return math.ceil(PERMUTATIONS * differing + _ERRORS * spread)


def grams(form: str) -> Longs:
    """Hashes of the different letter 5-grams of a normal form, sorted."""
    import numpy as np

    found = _windows(np.frombuffer(form.encode("utf-32-le", "surrogatepass"), np.uint32))
    found.sort()
    return found[np.concatenate(([True], found[1:] != found[:-1]))]


def _windows(codes: Words) -> Longs:
    """Hash of each five neighbouring characters."""
    import numpy as np

    odd = np.uint64(_ODD)
    reach = len(codes) - _GRAM + 1
    hashes = codes[:reach].astype(np.uint64)
    for offset in range(1, _GRAM):
        hashes *= odd
        hashes += codes[offset : offset + reach]
    hashes ^= hashes >> np.uint64(32)
    hashes *= odd
    return hashes


def _digests(forms: Sequence[str]) -> Words:
    """MinHash of the grams of each form: [form, permutation]."""
    import numpy as np
    from rensa import RMinHash

    batches = [np.empty((0, PERMUTATIONS), np.uint32)]
    for start in range(0, len(forms), _BATCH):
        batch = forms[start : start + _BATCH]
        ends = np.cumsum([len(form) for form in batch])
        hashes = _windows(np.frombuffer("".join(batch).encode("utf-32-le", "surrogatepass"), np.uint32))
        within = np.ones(len(hashes), bool)
        for reach in range(1, _GRAM):
            within[ends[:-1] - reach] = False  # this window goes on into the next form
        firsts = np.concatenate(([0], ends - (_GRAM - 1) * np.arange(1, len(batch) + 1)))
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            hashes[within], firsts.astype(np.uint64), PERMUTATIONS, _SEED
        )
        batches.append(np.array(matrix.to_rows(), np.uint32))
    return np.concatenate(batches)


def _keys(digests: Words, guards: Longs, shape: Shape) -> Words:
    """32 bits of the hash of each band with the guard: [band, form]."""
    import numpy as np

    used = digests[:, : shape.bands * shape.rows].T.reshape(shape.bands, shape.rows, -1)
    mixed = np.repeat(guards[None, :], shape.bands, axis=0)
    for row in range(shape.rows):
        mixed ^= used[:, row]
        mixed *= np.uint64(_ODD)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _bits(digests: Words) -> Longs:
    """Two bits of each minimum: [bit, 64 permutations, form]."""
    import numpy as np

    mixed = digests * np.uint32(_ODD & 0xFFFFFFFF)
    bits = [np.packbits(mixed >> np.uint32(place) & np.uint32(1) == 1, axis=1).view(np.uint64).T for place in (31, 30)]
    return np.stack(bits)
