"""Inflect: a Polish noun phrase in one case in, the same phrase in another case out, or the reason why not.

Nothing is guessed. Every way to read the phrase is tried and the likeliest ones must agree on the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

from paragraf.inflect.lexicon import words_of
from paragraf.inflect.nominal import Case, Number
from paragraf.inflect.phrases import Turn, Turned, turned

__all__ = ["Answered", "Case", "Declined", "Number", "attempt", "inflect"]

_MOST_WORDS = 14  # a longer phrase has a clause in it, or is none
_MOST_WAYS = 200
_UNCHANGING = ("art.", "§", "ust.", "pkt")  # a citation stands in every case as it is
_NO_BLANK_BEFORE = (",", ";", ":")

Reason = Literal["too_long", "unknown_word", "no_reading", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A phrase in the case that was asked for.

    Attributes:
        head: basic form of its main noun, of the first one of several.
        number: of the verb that it takes as a subject; None where its readings differ.
    """

    phrase: str
    head: str
    number: Number | None


@dataclass(frozen=True, slots=True)
class Declined:
    """Why a phrase was left alone."""

    reason: Reason
    detail: str = ""


def inflect(phrase: str, source: Case, target: Case) -> str | None:
    """The phrase, which stands in the case `source`, in the case `target`; None where that is not certain."""
    answer = attempt(phrase, source, target)
    return answer.phrase if isinstance(answer, Answered) else None


def attempt(phrase: str, source: Case, target: Case) -> Answered | Declined:
    """What `inflect` returns, with the head of the phrase, or with the reason of a refusal."""
    words = words_of(phrase)
    if not words or len(words) > _MOST_WORDS:
        return Declined("too_long")
    if words[0].text in _UNCHANGING:
        return Answered(phrase, words[0].text, "sg")
    unknown = next((word.text for word in words if word.is_unknown), None)
    if unknown is not None:
        return Declined("unknown_word", unknown)
    best = _Best()
    for way, found in enumerate(turned(words, Turn(source, target))):
        best.add(found)
        if way >= _MOST_WAYS:
            return Declined("ambiguous", "too many readings")
    return best.answer()


class _Choice(NamedTuple):
    head: str
    number: Number


class _Best:
    """The cheapest readings seen so far: each text with what was taken for its head."""

    def __init__(self) -> None:
        self._cost = 1_000
        self._found: dict[str, set[_Choice]] = {}

    def add(self, found: Turned) -> None:
        if found.cost > self._cost:
            return
        if found.cost < self._cost:
            self._cost, self._found = found.cost, {}
        for words in product(*found.words):
            self._found.setdefault(_joined(words), set()).add(_Choice(found.head, found.number))

    def answer(self) -> Answered | Declined:
        if not self._found:
            return Declined("no_reading")
        if len(self._found) > 1:
            return Declined("ambiguous", " | ".join(sorted(self._found)))
        text, choices = next(iter(self._found.items()))
        numbers = {choice.number for choice in choices}
        return Answered(text, min(choices).head, numbers.pop() if len(numbers) == 1 else None)


def _joined(words: Iterable[str]) -> str:
    text = " ".join(words)
    for mark in _NO_BLANK_BEFORE:
        text = text.replace(f" {mark}", mark)
    return text
