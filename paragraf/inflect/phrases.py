"""Phrases: every way to read words as a noun phrase in one case, each turned into another case."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paragraf.inflect.lexicon import forms, is_graded
from paragraf.inflect.nominal import Case, Nominal, Number, Word
from paragraf.inflect.preferences import follows_noun, is_classifying, is_qualifying, is_somebody
from paragraf.inflect.tails import (
    agree,
    agrees_ahead,
    can_be_somebody,
    can_open_tail,
    counts_out,
    is_bound,
    is_verb,
    opens_clause,
)

CONJUNCTIONS = frozenset({"i", "oraz", "lub", "albo", "a", "ani", "bądź", ","})
_POSSESSIVE = frozenset({"jego", "jej", "ich"})
_MOST_BEFORE = 4  # words that may stand before the head of a phrase
_TITLES = frozenset({"pan", "pani", "państwo"})
_HIGHEST_COST = 3  # a dearer reading is no reading

Slot = tuple[str, ...]  # a word in the target case, in all its forms
Slots = tuple[Slot, ...]


class Turn(NamedTuple):
    """From which case into which."""

    source: Case
    target: Case


class Turned(NamedTuple):
    """One way to read and turn a phrase; the less likely the reading, the higher its cost."""

    cost: int
    words: Slots
    head: str
    number: Number


class _Head(NamedTuple):
    """The main noun of a phrase, read in one way."""

    place: int
    noun: Nominal
    gender: str


def turned(words: Sequence[Word], turn: Turn) -> Iterator[Turned]:
    """All ways to read the words as a phrase in the source case."""
    return _Reader(words, turn).phrase(0)


class _Reader:
    """Reads `PRE* HEAD POST* TAIL? (CONJUNCTION phrase)*` from left to right; only the tail stays as it is."""

    def __init__(self, words: Sequence[Word], turn: Turn) -> None:
        self._words = words
        self._turn = turn

    def phrase(self, start: int) -> Iterator[Turned]:
        """All ways to read the words from `start` to the end."""
        for place in range(start, min(start + _MOST_BEFORE + 1, len(self._words))):
            word = self._words[place]
            for noun, cost in self._heads(place):
                for gender in noun.genders:
                    head = _Head(place, noun, gender)
                    before = self._before(start, head)
                    own = _turned_word(word, [noun], self._turn.target, gender)
                    if before is None or not own:
                        continue
                    for found in self._after(place + 1, head):
                        if found.cost + cost <= _HIGHEST_COST:
                            yield found._replace(cost=found.cost + cost, words=(*before, own, *found.words))

    def _heads(self, place: int) -> Iterator[tuple[Nominal, int]]:
        """Readings of a word as the head, each with what it costs."""
        word, source = self._words[place], self._turn.source
        nouns = [noun for noun in word.nouns if source in noun.cases]
        if word.is_acronym and not any("unchanging" in noun.labels for noun in nouns):
            yield Nominal("acronym", word.text, "sg", frozenset({source}), frozenset({"?"}), "", frozenset()), 0
            return
        numbers = {noun.number for noun in nouns}
        is_adjective_there = agrees_ahead(self._words, place, source)
        for noun in nouns:
            yield noun, (2 if is_adjective_there else 0) + (1 if noun.number == "pl" and "sg" in numbers else 0)
        if not nouns and not self._agrees_later(place):
            for person in word.adjectives:
                genders = person.genders & {"m1"} or person.genders & {"f"}
                if source in person.cases and genders and is_somebody(person):
                    yield person._replace(genders=genders), 3

    def _agrees_later(self, place: int) -> bool:
        """Whether a word that follows before any preposition is a noun that the participle at `place` may describe."""
        for word in self._words[place + 1 :]:
            if "prep" in word.parts:
                return False
            for adjective in self._words[place].adjectives:
                if any(agree(adjective, noun, self._turn.source) for noun in word.nouns):
                    return True
        return False

    def _before(self, start: int, head: _Head) -> Slots | None:
        """The words between `start` and the head in the target case; None where one of them does not belong there."""
        slots: list[Slot] = []
        for place in range(start, head.place):
            word = self._words[place]
            slot = self._agreeing(place, head) or self._counting(word, head)
            if not slot and (word.text in _POSSESSIVE or (word.parts and word.parts <= {"adv", "part"})):
                slot = (word.text,)
            if not slot and start < place and self._is_between_adjectives(place, head):
                slot = (word.text,)
            if not slot:
                return None
            slots.append(slot)
        return tuple(slots)

    def _is_between_adjectives(self, place: int, head: _Head) -> bool:
        is_joining = self._words[place].text in CONJUNCTIONS and place + 1 < head.place
        return is_joining and bool(self._agreeing(place - 1, head)) and bool(self._agreeing(place + 1, head))

    def _agreeing(self, place: int, head: _Head) -> Slot:
        """An adjective of the head in the target case; nothing for a word that is none."""
        word = self._words[place]
        if place > head.place and counts_out(self._words, place):
            return ()
        fitting = [item for item in word.adjectives if _belongs(item, head, self._turn.source)]
        has_surname = head.noun.name in _TITLES or "imię" in head.noun.labels
        if place > head.place and self._is_surname_of_head(place, head) and not has_surname:
            return ()  # whose son is "syna Kowalskiego"?
        if place > head.place and has_surname:
            fitting = [
                item for item in word.nouns if "nazwisko" in item.labels and _belongs(item, head, self._turn.source)
            ]
        return _turned_word(word, fitting, self._turn.target, head.gender) if fitting else ()

    def _counting(self, word: Word, head: _Head) -> Slot:
        fitting = [
            item for item in word.numerals if head.noun.number == "pl" and _belongs(item, head, self._turn.source)
        ]
        return _turned_word(word, fitting, self._turn.target, head.gender) if fitting else ()

    def _after(self, place: int, head: _Head) -> Iterator[Turned]:
        """All ways to go on after the head and the adjectives that were already taken for its own."""
        right, left = self._leaning(place, head)
        for found in self._tail(place, head):
            yield found._replace(cost=found.cost + right)
        if place >= len(self._words):
            return
        if slot := self._agreeing(place, head):
            for found in self._after(place + 1, head):
                yield found._replace(cost=found.cost + left, words=(slot, *found.words))
            return
        word = self._words[place]
        if place + 1 >= len(self._words) or not (slot := self._agreeing(place + 1, head)):
            return
        is_joined = word.text in CONJUNCTIONS and place - 1 > head.place and bool(self._agreeing(place - 1, head))
        if (is_joined and not agrees_ahead(self._words, place + 1, self._turn.source)) or "adv" in word.parts:
            for found in self._after(place + 2, head):
                yield found._replace(words=((word.text,), slot, *found.words))

    def _leaning(self, place: int, head: _Head) -> tuple[int, int]:
        """What it costs to give the word at `place` to what follows, and to the head before it."""
        if place >= len(self._words) or not self._agreeing(place, head):
            return 0, 0
        own = [item for item in self._words[place].adjectives if _belongs(item, head, self._turn.source)]
        if not agrees_ahead(self._words, place, "gen"):
            return int(any(follows_noun(item, is_graded(item.lemma)) for item in own)), 0
        right = any(is_classifying(item, is_graded(item.lemma)) for item in own)
        left = any(is_qualifying(item, is_graded(item.lemma)) for item in own)
        return int(right), int(left)

    def _tail(self, place: int, head: _Head) -> Iterator[Turned]:
        """All ways to read the rest as words that do not follow the head's case, and as further phrases."""
        done = Turned(0, (), self._name(head), head.noun.number)
        words = self._words
        if place == len(words):
            yield done
            return
        if words[place].text in CONJUNCTIONS and not opens_clause(words, place):
            yield from self._conjoined(place, head)
            return
        cost = can_open_tail(words, place, head.noun.part)
        if cost is None:
            return
        kept: Slots = ()
        for at in range(place, len(words)):
            if at > place and words[at].text in CONJUNCTIONS:
                for found in self._conjoined(at, head):
                    yield found._replace(cost=found.cost + cost, words=(*kept, *found.words))
            if opens_clause(words, at):
                yield done._replace(cost=cost, words=(*kept, *((word.text,) for word in words[at:])))
                return
            slot = self._tail_word(at, place, head)
            if not slot:
                return
            kept = (*kept, slot)
        yield done._replace(cost=cost, words=kept)

    def _tail_word(self, at: int, opened: int, head: _Head) -> Slot:
        """A word of the tail, as a rule as it is; nothing where nobody can tell what it belongs to."""
        word = self._words[at]
        if is_verb(word) or self._is_surname_of_head(at, head):
            return ()
        if not word.adjectives or word.nouns or "adv" in word.parts or "prep" in self._words[at - 1].parts:
            return (word.text,)
        if agrees_ahead(self._words, at, None) or (at == opened and can_be_somebody(word)):
            return (word.text,)
        own = self._agreeing(at, head)
        if not is_bound(self._words, at, opened):
            return own
        return (word.text,) if not own or all(item.part == "adj" for item in word.adjectives) else ()

    def _is_surname_of_head(self, at: int, head: _Head) -> bool:
        surnames = [item for item in self._words[at].nouns if "nazwisko" in item.labels]
        is_next = head.gender in ("m1", "f") and at == head.place + 1
        return is_next and any(_belongs(item, head, self._turn.source) for item in surnames)

    def _name(self, head: _Head) -> str:
        """Basic form of a head; "posiadanie" and not the verb for a gerund."""
        if head.noun.part != "ger":
            return head.noun.name
        basic = head.noun._replace(number="sg")
        return next(iter(forms(basic, self._words[head.place].text, "nom", "n")), head.noun.name)

    def _conjoined(self, place: int, head: _Head) -> Iterator[Turned]:
        if place + 1 >= len(self._words):
            return
        name = self._name(head)
        number: Number = head.noun.number if self._words[place].text in ("lub", "albo", "bądź") else "pl"
        for found in self.phrase(place + 1):
            yield found._replace(words=((self._words[place].text,), *found.words), head=name, number=number)


def _belongs(adjective: Nominal, head: _Head, source: Case) -> bool:
    """Whether a reading of an adjective or numeral agrees with the head."""
    return adjective.number == head.noun.number and source in adjective.cases and (head.gender in adjective.genders)


def _turned_word(word: Word, readings: list[Nominal], target: Case, gender: str) -> Slot:
    """All forms of a word in the target case, written with the same capitals."""
    if readings[0].part == "acronym" or any("unchanging" in item.labels for item in readings):
        return (word.text,)
    text = word.text[len(word.prefix) :]
    made = {form for item in readings for form in forms(item, text, target, gender)}
    if text[:1].isupper():
        made = {form[:1].upper() + form[1:] for form in made}
    return tuple(word.prefix + form for form in sorted(made))
