"""Similarity: near-duplicates among texts, never merging two that differ in a number.

Two texts are near-duplicates when enough of their letter 5-grams are the same (Jaccard) and their guards are equal.
MinHash only proposes pairs; every pair is then measured on 5-grams made anew, so that memory holds one sketch a text.
Texts under five words are near-duplicates only when their normal forms are equal.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from paragraf.text import normal_form, numbers

Guard = Callable[[str], Hashable]

NEAR = 0.7  # Jaccard of letter 5-grams: finds every pair of two typos a row, and none that share a template only

_GRAM = 5
_FEWEST_WORDS = 5
_MISSED = 0.001  # share of the pairs at the threshold that MinHash may fail to propose
_LONGEST_SKETCH = 600  # four bytes each
_BATCH = 4096


def groups(texts: Sequence[str], threshold: float = NEAR, guard: Guard = numbers) -> list[int]:
    """For each text the lowest position in its group of near-duplicates; a text unlike all others gets its own.

    `threshold` is a Jaccard from 0.3 (anything in the same field) to 1 (the same 5-grams).
    """
    sets = DisjointSets(len(texts))
    forms = [normal_form(text) for text in texts]
    guards = [guard(text) for text in texts]
    first: dict[Hashable, int] = {}
    for position, key in enumerate(zip(forms, guards, strict=True)):
        sets.join(first.setdefault(key, position), position)
    for positions in _by_guard(forms, guards, sorted(first.values())).values():
        bucket = [forms[position] for position in positions]
        for row, others in _earlier(bucket, threshold):
            grams = _grams(bucket[row])
            for other in others:
                pair = (positions[row], positions[other])
                if not sets.are_joined(*pair) and _jaccard(grams, _grams(bucket[other])) >= threshold:
                    sets.join(*pair)
    return sets.lowest()


def leaks(
    train_texts: Sequence[str], other_texts: Sequence[str], threshold: float = NEAR, guard: Guard = numbers
) -> list[tuple[int, int, float]]:
    """Every near-duplicate pair across two sets, sorted: position in the first, in the second, Jaccard (0 to 1)."""
    forms = [[normal_form(text) for text in texts] for texts in (train_texts, other_texts)]
    guards = [[guard(text) for text in texts] for texts in (train_texts, other_texts)]
    found: set[tuple[int, int, float]] = set()
    equal = _positions(zip(forms[0], guards[0], strict=True))
    for query, key in enumerate(zip(forms[1], guards[1], strict=True)):
        found.update((position, query, 1.0) for position in equal.get(key, ()))
    train, other = (_by_guard(forms[side], guards[side], range(len(forms[side]))) for side in (0, 1))
    for shared in train.keys() & other.keys():
        indexed = [forms[0][position] for position in train[shared]]
        queried = [forms[1][position] for position in other[shared]]
        for row, proposed in _across(indexed, queried, threshold):
            grams = _grams(queried[row])
            for position in proposed:
                jaccard = _jaccard(grams, _grams(indexed[position]))
                if jaccard >= threshold:
                    found.add((train[shared][position], other[shared][row], jaccard))
    return sorted(found)


def particulars(text: str) -> tuple[str, ...]:
    """All small things that change what a legal text says: a stricter guard, for when merging loses a row.

    Beyond the numbers: 178a against 178b, lit. a against lit. b, k.c. against k.k., two years against three, the first
    instance against the second, may against may not.
    """
    form = normal_form(text)
    telling = [match[0] for pattern in _TELLING for match in pattern.finditer(form)]
    return (*numbers(text), *sorted(telling), *sorted(_ROMAN.findall(text)))


class DisjointSets:
    """Positions 0 to `size` - 1 in sets that grow by joining."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._lowest(one), self._lowest(other)))
        self._parent[high] = low

    def are_joined(self, one: int, other: int) -> bool:
        return self._lowest(one) == self._lowest(other)

    def lowest(self) -> list[int]:
        """For each position the lowest one in its set."""
        return [self._lowest(position) for position in range(len(self._parent))]

    def _lowest(self, position: int) -> int:
        while self._parent[position] != position:
            self._parent[position] = self._parent[self._parent[position]]
            position = self._parent[position]
        return position


_TELLING = (
    re.compile(r"\w*\d\w*[a-z]\w*"),
    re.compile(r"\blit(?:era|ery)? [a-z]{1,2}\b"),
    re.compile(r"\bkodeks\w* (?:postepowania )?\w{4}"),
    re.compile(r"\b[a-z](?: [a-z])+\b"),
    re.compile(r"\b(?:nie|bez)\b"),
    re.compile(
        r"\b(?:dw(?:a|ie|och|om|oma|u)|trz(?:y|ech|em|ema)|czter(?:y|ech|em|ema)|(?:piec|szesc|dziewiec|dziesiec)(?:iu)?"
        r"|sied(?:em|miu)|os(?:iem|miu)|\w+nas(?:cie|tu)|dw(?:adziescia|udziestu)|\w+(?:dziesci|dziestu|dziesiat)"
        r"|\w+dziesieciu|sto|stu|dwiescie|\w+sta|\w+set|tysi\w+|polow\w+"
        r"|pierwsz\w{1,3}|drug\w{1,3}|trzec\w{1,4}|czwart\w{1,3}|piat\w{1,3}|szost\w{1,3}|osob\w+)\b"
    ),
)
_ROMAN = re.compile(r"\b(?:[IVX]{2,}|V|X)\b")


def _by_guard(forms: Sequence[str], guards: Sequence[Hashable], positions: Iterable[int]) -> dict[Hashable, list[int]]:
    """Positions of the texts that are long enough to compare, by guard: only within one can there be a pair."""
    buckets: dict[Hashable, list[int]] = defaultdict(list)
    for position in positions:
        if len(forms[position].split()) >= _FEWEST_WORDS:
            buckets[guards[position]].append(position)
    return buckets


def _positions(keys: Iterable[Hashable]) -> dict[Hashable, list[int]]:
    positions: dict[Hashable, list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        positions[key].append(position)
    return positions


def _earlier(forms: Sequence[str], threshold: float) -> Iterator[tuple[int, list[int]]]:
    """Each text that has any, with the positions of the ones before it that may be as near as `threshold`."""
    if len(forms) < 2:
        return
    index = _Index(threshold)
    for position, (size, sketch) in enumerate(index.sketches(forms)):
        if others := index.near(size, sketch):
            yield position, others
        index.add(size, sketch)


def _across(indexed: Sequence[str], queried: Sequence[str], threshold: float) -> Iterator[tuple[int, list[int]]]:
    """Each queried text that has any, with the positions of the indexed ones that may be as near as `threshold`."""
    index = _Index(threshold)
    for size, sketch in index.sketches(indexed):
        index.add(size, sketch)
    for position, (size, sketch) in enumerate(index.sketches(queried)):
        if others := index.near(size, sketch):
            yield position, others


class _Index:
    """MinHash sketches of texts in the order they were added, found again by likeness."""

    def __init__(self, threshold: float) -> None:
        from rensa import RMinHashLSH

        bands, rows = _shape(threshold)
        self._threshold = threshold
        self._permutations = bands * rows
        # five standard errors: a pair at the threshold is as good as never estimated below
        self._least_estimate = threshold - 5 * math.sqrt(threshold * (1 - threshold) / self._permutations)
        self._buckets = RMinHashLSH(threshold=threshold, num_perm=self._permutations, num_bands=bands)
        self._held: list[tuple[int, Any]] = []

    def sketches(self, forms: Sequence[str]) -> Iterator[tuple[int, Any]]:
        """Number of grams and sketch of each text."""
        from rensa import RMinHash

        for start in range(0, len(forms), _BATCH):
            grams = [list(_grams(form)) for form in forms[start : start + _BATCH]]
            sketches = RMinHash.from_token_sets(grams, num_perm=self._permutations, seed=42)
            yield from zip(map(len, grams), sketches, strict=True)

    def add(self, size: int, sketch: Any) -> None:
        self._buckets.insert(len(self._held), sketch)
        self._held.append((size, sketch))

    def near(self, size: int, sketch: Any) -> list[int]:
        """Positions of the texts that are worth measuring: of like size, and near by the estimate."""
        smallest, largest = self._threshold * size, size / self._threshold
        held, estimate, least = self._held, sketch.jaccard, self._least_estimate
        return [
            position
            for position in self._buckets.query(sketch)
            if smallest <= held[position][0] <= largest and estimate(held[position][1]) >= least
        ]


def _shape(threshold: float) -> tuple[int, int]:
    """Bands and rows a band that miss under one in a thousand of the pairs at the threshold, with the longest bands.

    Long bands propose few pairs that only share a template; the sketch's length is what they cost.
    """
    shape = (_LONGEST_SKETCH, 1)
    for rows in range(1, 17):
        missed_by_band = 1 - min(threshold, 0.99) ** rows
        bands = math.ceil(math.log(_MISSED) / math.log(missed_by_band))
        if bands * rows > _LONGEST_SKETCH:
            break
        shape = (bands, rows)
    return shape


def _grams(form: str) -> set[str]:
    return {form[start : start + _GRAM] for start in range(max(1, len(form) - _GRAM + 1))}


def _jaccard(one: set[str], other: set[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
