"""Dictionary: the readings and forms that a dictionary of Polish has for a word, built once a process."""

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from typing import NamedTuple

_UNKNOWN = "ign"
_LOST_MARKS = {plain: plain + marked for plain, marked in zip("acelnosACELNOS", "ąćęłńóśĄĆĘŁŃÓŚ", strict=True)}
_LOST_MARKS |= {"z": "zżź", "Z": "ZŻŹ"}
_MOST_SPELLINGS = 64
_NO_LETTER = "\ufffd"  # what a cut-off answer ends with; the library writes two lines to stderr for each
_NO_WORD = "ø"  # in no word of the dictionary
Form = tuple[str, str, str, list[str], list[str]]
Analysis = list[tuple[int, int, Form]]


class Reading(NamedTuple):
    """One way to read a word.

    Attributes:
        lemma: basic form without the dictionary's own suffix, "Jan" for Janowi.
        tag: part of speech and form, "subst:sg:dat:m1".
        labels: what a noun names: "imię", "nazwisko", "nazwa_geograficzna", "nazwa_pospolita" ...
        styles: "daw.", "pot.", "bot." ...; empty for an everyday word.
    """

    lemma: str
    tag: str
    labels: frozenset[str]
    styles: tuple[str, ...]


def readings(word: str) -> list[Reading]:
    """All readings of the whole word, none for a word that the dictionary does not know; the letter case counts."""
    analysis = analyser()(word)
    last = max((end for _, end, _ in analysis), default=0)
    return [
        Reading(lemma.partition(":")[0], tag, frozenset(labels), tuple(styles))
        for start, end, (_, lemma, tag, labels, styles) in analysis
        if start == 0 and end == last and tag != _UNKNOWN
    ]


def restored(text: str) -> list[Reading]:
    """Readings of a word in lower case, with the Polish letters that it may have lost if it is unknown without."""
    return readings(text) or [reading for spelling in spellings(text) for reading in readings(spelling)]


def spellings(text: str) -> list[str]:
    """The words that a word typed without Polish letters may mean."""
    if len(text) < 4 or not text.isascii():
        return []
    choices = [_LOST_MARKS.get(letter, letter) for letter in text]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MOST_SPELLINGS:
        choices = [
            choice if "l" in choice or "s" in choice or place > len(text) - 5 else choice[0]
            for place, choice in enumerate(choices)
        ]
    return ["".join(letters) for _, letters in zip(range(_MOST_SPELLINGS), product(*choices), strict=False)][1:]


@lru_cache(maxsize=1)
def analyser() -> Callable[[str], Analysis]:
    """The dictionary's own call; it cannot be pickled, so it is never handed from process to process."""
    import morfeusz2

    analyse: Callable[[str], Analysis] = morfeusz2.Morfeusz(generate=False).analyse
    return lambda text: analyse(text.replace(_NO_LETTER, _NO_WORD))


@lru_cache(maxsize=1)
def generator() -> Callable[[str], list[Form]]:
    """All forms of a basic form, each with its lemma, tag, labels and styles; no more to be handed on."""
    import morfeusz2

    generate: Callable[[str], list[Form]] = morfeusz2.Morfeusz(analyse=False).generate
    return generate
