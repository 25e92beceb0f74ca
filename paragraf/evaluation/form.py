"""Form: an answer in, why it is none that can be judged out: empty, unfinished, looping, not Polish, unreadable law."""

from collections.abc import Sequence
from typing import Literal

from paragraf.evaluation.marks import Mark, Word
from paragraf.language import is_polish
from paragraf.law import Citation
from paragraf.law.mentions import mentions
from paragraf.quality import LOOPING, repeated

Malformation = Literal["", "empty", "unfinished", "loop", "not_polish", "unreadable_citation"]

_KNOWN = int(Mark.KNOWN)
_STRIDE = 3  # every third word tells the language of an answer that is surely Polish
_SURELY = 0.85
_POLISH_LETTERS = "łąęśżź"
_FEWEST_WORDS = 6


def malformation(text: str, finished: bool, words: Sequence[Word], citations: Sequence[Citation]) -> Malformation:
    """The first reason why an answer is malformed; "" if there is none."""
    if not words:
        return "empty"
    if not finished:
        return "unfinished"
    if _loops([word[4] for word in words]):
        return "loop"
    if not _is_surely_polish(text, words) and not is_polish(text):
        return "not_polish"
    return "unreadable_citation" if not citations and "rt" in text and mentions(text) else ""


def _loops(said: Sequence[str]) -> bool:
    """Whether too much is said again; where few words are, no more runs of words can be."""
    return len(said) - len(set(said)) > LOOPING * (len(said) - 3) and repeated(said) > LOOPING


def _is_surely_polish(text: str, words: Sequence[Word]) -> bool:
    """Whether nearly all words are in the dictionary, and letters that no other language has are in the text."""
    seen = words[::_STRIDE]
    known = sum([word[1] & _KNOWN > 0 for word in seen])
    return len(seen) >= _FEWEST_WORDS and known >= _SURELY * len(seen) and sum(map(text.count, _POLISH_LETTERS)) >= 3
