"""Rejoining: words that a page or a line broke in two, in one again, where the dictionary leaves no doubt."""

import re

from paragraf.dictionary import analyser, readings
from paragraf.language import is_known

_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]{2,30})-([ \t]{0,4}\n\s{0,20}|[ \t]{1,4})([^\W\d_]{2,30})(?![\w-])")
_SPACED = re.compile(r"(?<![^\s(„\"])([^\W\d_]{2,30}) (?=([^\W\d_]{2,30})(?![\w-]))")
_WORD = re.compile(r"[^\W\d_]{2,}")
_DIACRITIC = re.compile("[ąćęłńśźż]")
_NAMES = {"imię", "nazwisko", "nazwa_geograficzna", "nazwa_własna", "nazwa_organizacji", "przydomek"}
_SHORTEST_JOINED = 7  # letters; shorter words come about by chance
_FOREIGN = frozenset(
    ("ab", "ad", "con", "de", "del", "der", "des", "du", "ex", "in", "inter", "intra", "per", "pro", "von")
)


def rejoined(text: str) -> str:
    """The text without breaks inside words: "odpowie- dzialność", "zadość uczynienie" where one half is no word.

    "osobowo- kapitałowa" and "dwu- i trzyletni" are no broken words; "komandytowo- akcyjna" loses its space alone.
    """
    if "- " in text or "-\n" in text or "-\t" in text:
        text = _HYPHENATED.sub(_without_hyphen, text)
    if not all(map(is_known, _WORD.findall(text))) and _DIACRITIC.search(text):
        text = _SPACED.sub(_without_space, text)
    return text


def _without_hyphen(broken: re.Match[str]) -> str:
    first, gap, second = broken.groups()
    if not _may_be_one_word(first, second):
        return broken[0]
    if _is_compound_adjective(first, second):
        return broken[0] if is_known(first) else f"{first}-{second}"
    if not _is_one_word(first + second):
        return broken[0]
    stands_alone = is_known(first) and is_known(second) and not _is_preposition(first)
    return broken[0] if stands_alone and "\n" not in gap else first + second


def _without_space(broken: re.Match[str]) -> str:
    first, second = broken.groups()
    if len(first + second) < _SHORTEST_JOINED or first.lower() in _FOREIGN or not _may_be_one_word(first, second):
        return broken[0]
    halves_are_words = is_known(first) and is_known(second)
    return broken[0] if halves_are_words or not _is_one_word(first + second) else first


def _may_be_one_word(first: str, second: str) -> bool:
    return (second.islower() and first[1:].islower()) or (first.isupper() and second.isupper())


def _is_one_word(word: str) -> bool:
    """Whether the dictionary has a word as one, and not as a name."""
    return any(not _NAMES & reading.labels for reading in readings(word))


def _is_compound_adjective(first: str, second: str) -> bool:
    return any(tag == "adja" for _, _, (_, _, tag, _, _) in analyser()(f"{first}-{second}"))


def _is_preposition(word: str) -> bool:
    """Behind a preposition a dash makes no sense: "po- winien" is a broken word."""
    return any(reading.tag.startswith("prep") for reading in readings(word.lower()))
