"""Matching: the provisions that a text should cite and those that it cites in, how well they agree out."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from paragraf.law.citations import Citation
from paragraf.law.scanner import find

_MOST = 50  # provisions that one range stands for
_PARTS = re.compile(r"(?P<start>.*?)(?P<last>\d+|[a-zł])(?P<end>\)?)")
_LETTERS = "abcdefghijklłmnopqrstuvwxyz"


class Match(NamedTuple):
    """How well two sets of provisions agree, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


def compared(expected: Iterable[str], said: Iterable[str]) -> Match:
    """Precision, recall and F1 of two sets of citation keys; all 1.0 when both are empty."""
    wanted, given = set(expected), set(said)
    if not wanted or not given:
        return Match(*[float(not wanted and not given)] * 3)
    hit = len(wanted & given)
    return Match(hit / len(given), hit / len(wanted), 2 * hit / (len(wanted) + len(given)))


def cited(text: str) -> list[str]:
    """Keys at the level of act and article of all provisions that a text cites."""
    return articles(find(text))


def articles(citations: Iterable[Citation]) -> list[str]:
    """Keys cut to act and article, ranges spelled out; what has no article is left out."""
    return [key for citation in citations if citation.article for key in expanded(citation.level1)]


def provisions(citations: Iterable[Citation]) -> list[str]:
    """Whole keys, ranges spelled out; what has no article is left out."""
    return [key for citation in citations if citation.article for key in expanded(citation.key)]


def expanded(key: str) -> tuple[str, ...]:
    """The keys of all provisions that a range names, at most 50: "kc:art=118..120" is three."""
    return _spelled_out(key) if ".." in key else (key,)


@lru_cache(maxsize=65536)
def _spelled_out(key: str) -> tuple[str, ...]:
    act, _, units = key.rpartition(":")
    pairs = (unit.partition("=") for unit in units.split(";"))
    told = [[f"{name}={number}" for number in _numbers(numbers)] for name, _, numbers in pairs]
    return tuple(f"{act}:{';'.join(chosen)}" for chosen in islice(product(*told), _MOST))


def _numbers(numbers: str) -> Collection[str]:
    """The numbers of "118..120", "43a..43c" or "22(1)..22(3)"; only both ends where what lies between is not known."""
    first, _, last = numbers.partition("..")
    start, stop = _PARTS.fullmatch(first), _PARTS.fullmatch(last)
    if not last or not start or not stop:
        return [part for part in (first, last) if part]
    if start["start"] != stop["start"] or start["end"] != stop["end"]:
        return first, last
    between = list(_between(start["last"], stop["last"]))
    return [f"{start['start']}{rank}{start['end']}" for rank in between] or (first, last)


def _between(first: str, last: str) -> Iterator[str]:
    if first.isdecimal() and last.isdecimal():
        yield from (str(number) for number in islice(range(int(first), int(last) + 1), _MOST))
    elif first in _LETTERS and last in _LETTERS:
        yield from _LETTERS[_LETTERS.index(first) : _LETTERS.index(last) + 1]
