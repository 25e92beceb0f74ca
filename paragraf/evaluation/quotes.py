"""Quotes: the quotations of an answer in, how many of those that can be checked are in the provision they name, out."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from paragraf.law import Citation
from paragraf.law.statutes import StatuteIndex
from paragraf.text import normal_form

FAITHFUL = 0.95  # share of the quoted words that must stand in the provision, in their order
_MARKS = '„”“"«»'
_QUOTED = re.compile(r"„([^„”“\"]+)[”“\"]|“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»")
_FEWEST_WORDS = 5  # fewer are a term in quotation marks
_FAR = 200  # characters between a quotation and the provision that it is of
_BROKEN = re.compile(r"-[ \t]*\n\s*")
_LEFT_OUT = re.compile(r"\(?(?:\.\.\.|…)\)?|\[[^\]]*\]")


def has_quotes(text: str) -> bool:
    """Whether there is a quotation mark at all."""
    return any(mark in text for mark in _MARKS)


def quotes(text: str, citations: Sequence[Citation], on: date | None) -> tuple[int, int]:
    """How many quotations name a provision whose text is imported, and how many of those are faithful to it."""
    index = StatuteIndex.open()
    checked = faithful = 0
    for match in _QUOTED.finditer(text):
        words = normal_form(_LEFT_OUT.sub(" ", next(filter(None, match.groups())))).split()
        source = _source(match.span(), citations) if len(words) >= _FEWEST_WORDS else None
        provision = index.text(source.key, on) if source else None
        if provision is None:
            continue
        checked += 1
        faithful += in_order(words, _words(provision)) >= FAITHFUL * len(words)
    return checked, faithful


def in_order(words: Sequence[str], source: Sequence[str]) -> int:
    """Length of the longest common subsequence of two texts in words.

    Bit by bit over the source, whose row of the usual table is one number: each word of the other text is one addition.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(source):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(source)) - 1
    row = full
    for word in words:
        found = row & places.get(word, 0)
        row = (row + found | row - found) & full
    return len(source) - row.bit_count()


def _source(span: tuple[int, int], citations: Sequence[Citation]) -> Citation | None:
    """The provision nearest to a quotation; one that stands inside the quotation is part of it."""
    near = [(_distance(span, citation.span), citation) for citation in citations if citation.article]
    distance, found = min(near, key=lambda pair: pair[0], default=(_FAR, None))
    return found if distance < _FAR else None


def _distance(span: tuple[int, int], other: tuple[int, int]) -> int:
    if other[0] >= span[0] and other[1] <= span[1]:
        return _FAR
    return max(other[0] - span[1], span[0] - other[1])


@lru_cache(maxsize=4096)
def _words(provision: str) -> list[str]:
    return normal_form(_BROKEN.sub("", provision)).split()
