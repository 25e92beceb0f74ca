"""Reading: a text in, what it speaks of, counts, denies, allows and orders out, by clause and sentence."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from paragraf.evaluation.abstention import TELLING
from paragraf.evaluation.counting import Counter
from paragraf.evaluation.marks import NOTHING, Mark, Word, words_of
from paragraf.evaluation.quantities import Quantity
from paragraf.law import Citation, find
from paragraf.statements.stance import Modality

Denial = Literal["", "denied", "lacking"]  # "lacking": after "bez" or "brak", whose reach is not known for sure
Hit = tuple[str, int, Denial, int]
"""A concept, the clause that speaks of it, whether it is denied there, and the place of the word."""

_OPPOSITE: dict[Modality, Modality] = {
    "may": "may not",
    "must": "need not",
    "should": "should not",
    "may not": "may",
    "need not": "must",
    "should not": "should",
}
_REACH = 6  # words within which "nie" finds what it denies, and "może" its verb
_HOLDING = 3  # words from "ma" to "prawo"
_BEFORE_THEM = frozenset(["przez", "na", "za", "o", "w", "po", "nad", "pod", "przed"])  # "za nie" is "for them"
_IMPERSONAL = frozenset(["da", "mozna", "sposob", "podejmuje"])  # "nie da się powiedzieć"
_TELLING_WHAT = frozenset(["informacji", "danych", "wiedzy"])  # "brak mi danych"
_NOT_DENIED = frozenset(["tylko", "wiecej", "mniej", "pozniej", "dluzej", "krocej", "wczesniej"])
_NOT, _LACKS, _HOLDS, _HELD = map(int, (Mark.NOT, Mark.LACKS, Mark.HOLDS, Mark.HELD))
_DENYING = _NOT | _LACKS
_DENIED, _NEGATIVE, _INFINITIVE = map(int, (Mark.DENIED, Mark.NEGATIVE, Mark.INFINITIVE))
_ENDS, _MAY_END, _LINKS, _QUANTITY = map(int, (Mark.ENDS, Mark.MAY_END, Mark.LINKS, Mark.QUANTITY))
_BREAKS = int(Mark.BREAKS)
_COMPARING = int(Mark.LESS | Mark.MORE | Mark.LOWER)
_STOPS = _ENDS | _MAY_END | _BREAKS
_ALLOWS, _DECLINES = map(int, (Mark.ALLOWS, Mark.DECLINES))
_STATING = _DENYING | _HELD | _NEGATIVE | _QUANTITY | _ALLOWS | _DECLINES
_EVENTS = _STOPS | _STATING


class Modal(NamedTuple):
    """Something allowed or ordered, and the concepts of the verb that is; none where no verb follows."""

    modality: Modality
    clause: int
    verb: tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """What a text says, as far as the wanted concepts and all quantities go.

    Attributes:
        words: all of them, as they do their part in a sentence.
        sentence_of: the number of the sentence of each clause.
        negative: clauses that say no in some way.
        linked: clauses that depend on another one.
        denies: whether "nie", "bez" or "brak" stands anywhere.
        may_decline: whether a word stands there with which answers are declined: "wiem", "potrafię", "trudno".
    """

    words: Sequence[Word]
    hits: list[Hit] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    modals: list[Modal] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=lambda: [0])
    negative: set[int] = field(default_factory=set)
    linked: set[int] = field(default_factory=set)
    denies: bool = False
    may_decline: bool = False


def read(text: str, wanted: Set[str] | None = None) -> Reading:
    """Read a text without citations; `wanted` are the concepts that are looked for, None for all."""
    return _Reader(words_of(text), wanted).read()


def uncited(text: str) -> str:
    """A text without its citations."""
    return without(text, find(text))


def without(text: str, citations: Sequence[Citation]) -> str:
    """A text without some of its citations."""
    rest, at = [], 0
    for citation in citations:
        start, end = citation.span
        rest.append(text[at:start])
        at = max(at, end)
    return "".join([*rest, text[at:]])


class _Reader:
    """Goes once over the words that do something."""

    def __init__(self, words: Sequence[Word], wanted: Set[str] | None) -> None:
        self._words = [*words, NOTHING, NOTHING]  # so that there is always a next word
        self._wanted = wanted
        self._reading = Reading(words)
        self._counter = Counter(self._words)
        self._denied: dict[int, Denial] = {}
        self._governed: set[int] = set()

    def read(self) -> Reading:
        reading, words, wanted, denied = self._reading, self._words, self._wanted, self._denied
        hits, sentence_of = reading.hits, reading.sentence_of
        clause = sentence = 0
        if (words[0][1] | words[1][1]) & _LINKS:
            reading.linked.add(0)
        for place in self._events():
            concepts, marks, _, _, _, _ = words[place]
            if concepts:
                denial = denied.get(place, "")
                if marks & _DENIED:
                    denial = _doubled(denial)
                for concept in concepts:
                    if wanted is None or concept in wanted:
                        hits.append((concept, clause, denial, place))
            if marks & _STATING:
                self._state(place, clause, sentence)
            if marks & _STOPS:
                following = words[place + 1]
                if marks & _ENDS or (marks & _MAY_END and following[5]):
                    sentence += 1
                elif not marks & _BREAKS:
                    continue
                clause += 1
                sentence_of.append(sentence)
                if (following[1] | words[place + 2][1]) & _LINKS:  # "gdy", "a jeżeli"
                    reading.linked.add(clause)
        return reading

    def _events(self) -> list[int]:
        """Places of the words that are wanted or do something."""
        words, wanted = self._words, self._wanted
        if wanted is None:
            return [place for place, word in enumerate(words) if word[0] or word[1] & _EVENTS]
        disjoint = wanted.isdisjoint
        return [place for place, word in enumerate(words) if word[1] & _EVENTS or (word[0] and not disjoint(word[0]))]

    def _state(self, place: int, clause: int, sentence: int) -> None:
        """Note what a word denies, allows, orders or counts."""
        marks = self._words[place].marks
        if marks & _NEGATIVE:
            self._reading.negative.add(clause)
        if marks & (_ALLOWS | _HELD):
            self._allow_or_order(place, clause)
        if marks & _DENYING:
            self._deny(place)
        if marks & _QUANTITY:
            self._reading.quantities += self._counter.take(place, clause, sentence)
        if marks & _DECLINES and (
            not marks & _LACKS or any(word[4] in _TELLING_WHAT for word in self._words[place : place + 5])
        ):
            self._reading.may_decline = True

    def _deny(self, place: int) -> None:
        """Note what a "nie", "bez" or "brak" denies: the next word that says something, unless it only compares."""
        words = self._words
        if place and words[place - 1].plain in _BEFORE_THEM:
            return
        self._reading.denies = True
        if words[place].marks & _STOPS:
            return
        if words[place + 1][4] in _IMPERSONAL and any(w[4].startswith(TELLING) for w in words[place + 2 : place + 8]):
            self._reading.may_decline = True
        if words[place + 1][4] in _NOT_DENIED:
            return
        for at in range(place + 1, min(len(words), place + _REACH)):
            concepts, marks, modality, _, _, _ = words[at]
            if marks & (_COMPARING | _QUANTITY):
                return
            if concepts or modality or marks & _HELD:
                is_sure = words[place].marks & _NOT and not self._begins_clause(place)
                self._denied[at] = "denied" if is_sure else "lacking"
                return
            if marks & _STOPS:
                return

    def _begins_clause(self, place: int) -> bool:
        """Whether a "nie" only sets something apart: "sąd, a nie urząd"."""
        before = place - 2 if place > 1 and self._words[place - 1].plain == "a" else place - 1
        return before >= 0 and bool(self._words[before].marks & _BREAKS)

    def _allow_or_order(self, place: int, clause: int) -> None:
        """Note a modality with its verb; "nie może zakazać" forbids to forbid, so the second is but a verb."""
        words = self._words
        word = words[place]
        denial = self._denied.get(place)
        modality = word.modality
        if place in self._governed:
            return
        if word.marks & _HELD:
            holds = any(other.marks & _HOLDS for other in words[max(0, place - _HOLDING) : place])
            modality = "may" if holds or denial else None
        is_limit = (words[place + 1][1] | words[place + 2][1]) & _COMPARING
        if modality is None or is_limit:  # "nie może przekroczyć 10 lat" bans nothing
            return
        if words[place + 1].plain == "sie" and word.plain.startswith("nalez"):
            modality = "may"
        told = _OPPOSITE[modality] if denial else modality
        self._reading.modals.append(Modal(told, clause, self._verb(place)))

    def _verb(self, place: int) -> tuple[str, ...]:
        """The concepts of the verb that a modal word governs."""
        words = self._words
        for at in range(place + 1, min(len(words), place + 1 + _REACH)):
            concepts, marks, _, _, _, _ = words[at]
            if words[at - 1][1] & _STOPS:
                break
            if marks & _INFINITIVE and concepts:
                self._governed.add(at)
                return concepts
        return ()


def _doubled(denial: Denial) -> Denial:
    """What "nie" makes of a word that denies by itself: "nie jest nieważna"."""
    return "denied" if not denial else "" if denial == "denied" else denial
