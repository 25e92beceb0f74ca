"""Noise: a text in, the same text as people type it in a hurry out; what the law needs to be exact stays exact."""

import re
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Annotated, NamedTuple

from pydantic import Field

from paragraf.law import find
from paragraf.law.naming import act_names
from paragraf.privacy.spans import PLACEHOLDER
from paragraf.stage import StageSettings
from paragraf.task_words import parts_of_speech
from paragraf.text import without_diacritics


class NoiseSettings(StageSettings):
    """How many rows are typed anew in a hurry, and how carelessly."""

    share: Annotated[float, Field(ge=0, le=1, description="Share of rows that get a twin typed in a hurry.")] = 0.1
    strength: Annotated[float, Field(ge=0, le=1, description="Expected share of its words typed with a slip.")] = 0.25


_WORD = re.compile(r"(?P<word>[^\W\d_]+(?:[-'’][^\W\d_]+)*)(?P<mark>[,;:.?!]?)(?P<gap>\s*)")
_EXACT = re.compile(r"\S*(?:[\d@§%/]|www\.)\S*")  # a number, an address
_MOST_BETWEEN = 30  # characters between two citations; "w zw. z" there says that they are of one act
_SHORTEST_MISTYPED = 4  # letters; a slip in "nie" may turn the sense
_ALL_PLAIN = 0.7  # who leaves out a stroke mostly leaves out all of the word
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def noise(text: str, strength: float, rng: Random) -> str:
    """Type a text in a hurry: about `strength` (0 to 1) of the words that can be mistyped are, each in one way.

    Citations, names of acts, numbers, placeholders, acronyms and addresses stay, and no slip of the keys makes another
    word of the dictionary. The same state of `rng` gives the same text.
    """
    citations = find(text)
    exact = _exact(text, [citation.span for citation in citations])
    last = len(text.rstrip())
    pieces: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        pieces.append(text[end : match.start()])
        typed = _Typed(match["word"], match["mark"], match["gap"])
        if exact.isdisjoint(range(match.start(), match.end("mark"))):
            follows = "" if match.end("mark") >= last else text[match.end() : match.end() + 1]
            place = _Place(follows, is_exact_next=match.end() in exact, is_last=match.end("mark") >= last)
            typed = _mistyped(typed, place, strength, rng)
        pieces.extend(typed)
        end = match.end()
    made = "".join(pieces) + text[end:]
    return made if [item.key for item in find(made)] == [item.key for item in citations] else text


class _Typed(NamedTuple):
    """A word with the mark and the blank behind it."""

    word: str
    mark: str
    gap: str


class _Place(NamedTuple):
    """What stands behind a word, its mark and its blank."""

    follows: str
    is_exact_next: bool
    is_last: bool


def _exact(text: str, citations: list[tuple[int, int]]) -> set[int]:
    """Places of the characters that stay as they are."""
    lower, names = text.lower(), act_names()
    spans = [*citations, *(match.span() for pattern in (PLACEHOLDER, _EXACT) for match in pattern.finditer(text))]
    spans += [
        (first[1], second[0]) for first, second in pairwise(sorted(citations)) if second[0] - first[1] <= _MOST_BETWEEN
    ]
    if len(lower) == len(text):
        starts = (match.start() for match in _WORD.finditer(text))
        spans += [(start, named.end) for start in starts if (named := names.at(lower, start))]
    return {place for start, end in spans for place in range(start, end)}


def _mistyped(typed: _Typed, place: _Place, strength: float, rng: Random) -> _Typed:
    """A word in one of the ways in which it can be mistyped, or as it is."""
    draw, seed = rng.random(), rng.random()  # as many draws for each word, so that one edit does not move the others
    is_acronym = len(typed.word) > 1 and typed.word.isupper()
    if draw >= strength or is_acronym or "num" in parts_of_speech(typed.word.lower()):
        return typed
    own = Random(seed)
    ways = [found for way, weight in _WAYS for found in [way(typed, place, own)] * weight if found is not None]
    return own.choice(ways) if ways else typed


def _plain(typed: _Typed, place: _Place, rng: Random) -> _Typed | None:
    """Without strokes and tails, all or one of them."""
    marked = [at for at, letter in enumerate(typed.word) if without_diacritics(letter) != letter]
    if not marked:
        return None
    if rng.random() < _ALL_PLAIN:
        return typed._replace(word=without_diacritics(typed.word))
    at = rng.choice(marked)
    return typed._replace(word=_with(typed.word, at, without_diacritics(typed.word[at])))


def _small(typed: _Typed, place: _Place, rng: Random) -> _Typed | None:
    return typed._replace(word=typed.word.lower()) if typed.word[0].isupper() else None


def _unmarked(typed: _Typed, place: _Place, rng: Random) -> _Typed | None:
    """Without the mark, but for the dot of an abbreviation."""
    if not typed.mark or not (typed.gap or place.is_last):
        return None
    is_end = place.is_last or place.follows.isupper()
    if typed.mark == "." and (len(typed.word) < _SHORTEST_MISTYPED or not is_end):
        return None
    return typed._replace(mark="")


def _joined(typed: _Typed, place: _Place, rng: Random) -> _Typed | None:
    """Without the blank after a comma."""
    is_free = typed.mark == "," and typed.gap == " " and place.follows.isalpha() and not place.is_exact_next
    return typed._replace(gap="") if is_free else None


def _slipped(typed: _Typed, place: _Place, rng: Random) -> _Typed | None:
    """A letter of the next key."""
    at = _middle(typed.word, rng)
    if at is None or not (near := _NEIGHBOURS.get(typed.word[at])):
        return None
    return _unless_a_word(typed, _with(typed.word, at, rng.choice(near)))


def _doubled(typed: _Typed, place: _Place, rng: Random) -> _Typed | None:
    at = _middle(typed.word, rng)
    return None if at is None else _unless_a_word(typed, _with(typed.word, at, typed.word[at] * 2))


def _swapped(typed: _Typed, place: _Place, rng: Random) -> _Typed | None:
    """Two neighbours in the wrong order."""
    at = _middle(typed.word, rng)
    if at is None or at + 1 >= len(typed.word) or typed.word[at] == typed.word[at + 1]:
        return None
    word = typed.word
    return _unless_a_word(typed, word[:at] + word[at + 1] + word[at] + word[at + 2 :])


_Way = Callable[[_Typed, _Place, Random], _Typed | None]
# Weights by feeling, not by count: what people leave out is more than what they hit wrong.
_WAYS: tuple[tuple[_Way, int], ...] = (
    *((_plain, 6), (_small, 3), (_unmarked, 3), (_joined, 1)),
    *((_slipped, 1), (_doubled, 1), (_swapped, 1)),
)


def _middle(word: str, rng: Random) -> int | None:
    """Place of a letter other than the first one; none in a short word or one with a hyphen."""
    return rng.randrange(1, len(word)) if len(word) >= _SHORTEST_MISTYPED and word.isalpha() else None


def _with(word: str, at: int, letters: str) -> str:
    return word[:at] + letters + word[at + 1 :]


def _unless_a_word(typed: _Typed, word: str) -> _Typed | None:
    return None if parts_of_speech(word.lower()) else typed._replace(word=word)


def _neighbours() -> dict[str, str]:
    """The keys left, right, above and below of each letter on the programmer's keyboard."""
    near: dict[str, str] = {"ż": "ź", "ź": "ż"}  # AltGr with z and with x
    for row, letters in enumerate(_ROWS):
        for at, letter in enumerate(letters):
            beside = letters[max(at - 1, 0) : at] + letters[at + 1 : at + 2]
            above = _ROWS[row - 1][at : at + 2] if row else ""
            below = _ROWS[row + 1][max(at - 1, 0) : at + 1] if row + 1 < len(_ROWS) else ""
            near[letter] = beside + above + below
    return near


_NEIGHBOURS = _neighbours()
