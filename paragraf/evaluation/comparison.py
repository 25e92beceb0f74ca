"""Comparison: one fact and what an answer says in, whether it is said, said otherwise or not said out."""

from collections.abc import Iterable
from typing import Literal

from paragraf.evaluation.fact import Fact
from paragraf.evaluation.quantities import Quantity, Side
from paragraf.evaluation.reading import Reading
from paragraf.statements.stance import Modality

Verdict = Literal["covered", "contradicted", "absent"]
Pair = tuple[str, str, Side]
"""A value, and another one with its side that may stand with it."""
Masks = dict[int, int]
"""By clause the words of a fact that it says: bit n for the slot n, further bits for those that it denies or lacks."""

_MINUS, _LACKING = 16, 32
_ALL = (1 << _MINUS) - 1
SAID = {"": 1, "denied": 1 << _MINUS, "lacking": 1 << _LACKING}
# Calibrated on the tuned half of tests/gold/key_facts.jsonl and on changed answers of the sample.
_NUMBER_BONUS = 0.5  # what a number of the fact adds to a sentence that may be the one that states it
_NO_BONUS = 0.1  # the same for a no in the place of a no
_SECOND_SENTENCE = 0.05  # what a second sentence must add
_SPEAKS_OF_IT = 0.6  # share of the words from which the rest is held against the fact
_SPEAKS_OF_ITS_NUMBER = 0.5
_MAIN = 0.4  # share of the words in the clause that says yes or no
_REST = 0.75  # share of the other words, where one stands turned into its opposite
_TELLS_APART = 0.15  # share of the words that belong to one of two numbers
_OPPOSED: dict[Modality, tuple[Modality, ...]] = {
    "may": ("may not", "should not"),
    "may not": ("may", "must", "should"),
    "must": ("may not", "need not"),
    "need not": ("must", "should"),
    "should": ("may not", "need not", "should not"),
    "should not": ("must", "should"),
}
_AGREED: dict[Modality, Modality] = {
    "must": "should",
    "should": "must",
    "may not": "should not",
    "should not": "may not",
}


def speaks(mask: int) -> int:
    """Bits of the words that are said, whether denied or not."""
    return (mask | mask >> _MINUS | mask >> _LACKING) & _ALL


def says_little(fact: Fact, masks: Masks, reading: Reading) -> bool:
    """Whether an answer says too little of a fact to cover or to contradict it, as a glance shows."""
    if fact.quantities:
        missing = len(_not_said(fact, reading.quantities))
        if not missing or len(fact.quantities) > 1:
            return not masks and missing == len(fact.quantities)
    said = 0
    for mask in masks.values():
        said |= mask
    return fact.weights[speaks(said)] < (_SPEAKS_OF_ITS_NUMBER if fact.quantities else min(fact.need, _MAIN))


def _is_one_side(side: Side, quantity: Quantity) -> bool:
    return not side or not quantity.side or side == quantity.side


def _not_said(fact: Fact, told: Iterable[Quantity]) -> list[Quantity]:
    return [quantity for quantity in fact.quantities if not any(map(quantity.is_said_by, told))]


class Comparison:
    """One fact and one answer.

    `masks` and `turned` tell in which clauses the answer says words of the fact and opposites of them.
    """

    __slots__ = ("_first", "_inside", "_last", "_masks", "_reading", "_turned", "fact", "missing", "words")

    def __init__(self, fact: Fact, masks: Masks, turned: Masks, reading: Reading) -> None:
        self.fact = fact
        self._masks = masks
        self._turned = turned
        self._reading = reading
        self._first, self._last, spoken = self._window()
        self.words = fact.weights[spoken]
        self._inside: list[Quantity] = []
        self.missing: list[Quantity] = []
        if fact.quantities:
            told = reading.quantities
            self._inside = told if fact.is_spread else [q for q in told if self._first <= q.sentence <= self._last]
            self.missing = _not_said(fact, self._inside)

    def missing_everywhere(self) -> list[Quantity]:
        """The quantities of the fact that stand nowhere in the answer."""
        return _not_said(self.fact, self._reading.quantities) if self.missing else []

    def verdict(self, known: frozenset[str], pairs: frozenset[Pair]) -> Verdict:
        """What the answer makes of the fact.

        `known` are values that a right answer may state beside those of the fact, `pairs` those that may stand
        together.
        """
        if self.fact.is_turnable and self.is_turned():
            return "contradicted"
        if self.fact.quantities and (self._has_wrong_number(known) or self._is_swapped(pairs) or self._is_crossed()):
            return "contradicted"
        return "covered" if not self.missing and self.words >= self.fact.need and self.says_no_too() else "absent"

    def says_no_too(self) -> bool:
        """Whether the answer says no somewhere near, if the fact does."""
        return not self.fact.says_no or any(map(self._is_inside, self._reading.negative))

    def affirms_the_denied(self) -> bool:
        """Whether a main clause says plainly a word that the fact denies, and no clause denies it."""
        reading, anywhere = self._reading, 0
        for mask in self._masks.values():
            anywhere |= mask >> _MINUS
        plain = [
            mask
            for clause, mask in self._masks.items()
            if clause not in reading.linked and clause not in reading.negative
        ]
        denied = [1 << place for place, slot in enumerate(self.fact.slots) if slot.denial == "denied"]
        return any(mask & bit and not anywhere & bit for mask in plain for bit in denied)

    def _is_inside(self, clause: int) -> bool:
        return self._first <= self._reading.sentence_of[clause] <= self._last

    def _window(self) -> tuple[int, int, int]:
        """First and last of the one or two sentences that say most of the fact, and the bits of what they say."""
        sentence_of, weights = self._reading.sentence_of, self.fact.weights
        said: Masks = {}
        for clause, mask in self._masks.items():
            sentence = sentence_of[clause]
            said[sentence] = said.get(sentence, 0) | speaks(mask)
        bonus = self._bonus()
        best, window = 0.0, (0, -1, 0)
        for sentence in sorted(said.keys() | bonus.keys()) if bonus else sorted(said):
            following = sentence + 1
            spoken = said.get(sentence, 0)
            score = weights[spoken] + bonus.get(sentence, 0.0)
            if score > best:
                best, window = score, (sentence, sentence, spoken)
            if following in said or following in bonus:
                spoken |= said.get(following, 0)
                score = weights[spoken] + bonus.get(sentence, 0.0) + bonus.get(following, 0.0) - _SECOND_SENTENCE
                if score > best:
                    best, window = score, (sentence, following, spoken)
        return window

    def _bonus(self) -> dict[int, float]:
        """By sentence what numbers of the fact, or a no for its no, add to the words."""
        fact, bonus = self.fact, dict[int, float]()
        for quantity in fact.quantities:
            for sentence in {told.sentence for told in self._reading.quantities if quantity.is_said_by(told)}:
                bonus[sentence] = bonus.get(sentence, 0.0) + _NUMBER_BONUS
        if fact.says_no:
            for sentence in {self._reading.sentence_of[clause] for clause in self._reading.negative}:
                bonus[sentence] = bonus.get(sentence, 0.0) + _NO_BONUS
        return bonus

    def is_turned(self) -> bool:
        """Whether the answer says the fact with an odd number of turns: denied, forbidden, or with its opposite."""
        if self.words < _MAIN:
            return False
        weights = self.fact.weights
        clauses = [(weights[speaks(mask)], -clause) for clause, mask in self._masks.items() if self._is_inside(clause)]
        if not clauses:
            return False
        share, negated = max(clauses)
        main = -negated
        turns = self._denials(main) + self._modal_turns(main) + self._lacks_what_is_allowed(main)
        if self.words >= _SPEAKS_OF_IT and share >= _MAIN and turns % 2:
            return True
        return bool(self._turned) and self._says_the_opposite(main, share)

    def _denials(self, main: int) -> int:
        """How many words of the fact are denied in the main clause of the answer where it does not, or the other way.

        A word that the answer also says as the fact does, in whatever place, is none of them.
        """
        reading, own = self._reading, self._masks[main]
        anywhere = 0
        for mask in self._masks.values():
            anywhere |= mask
        if not self.fact.denies and anywhere >> _MINUS == 0:
            return 0
        sentence = [clause for clause in self._masks if reading.sentence_of[clause] == reading.sentence_of[main]]
        says_no = not reading.negative.isdisjoint(sentence)
        lacking = 0
        if not any("not" in modal.modality for modal in reading.modals if modal.clause in sentence):
            for clause in set(sentence) - reading.linked:
                lacking |= self._masks[clause] >> _LACKING
        turns = 0
        for place, slot in enumerate(self.fact.slots):
            if slot.denial == "denied":
                turns += own >> place & 1 and not anywhere >> _MINUS >> place & 1 and not says_no
            elif not slot.denial and not self.fact.denies and main not in reading.linked:
                turns += (own >> _MINUS | lacking) >> place & 1 and not anywhere >> place & 1
        return turns

    def _modal_turns(self, main: int) -> int:
        """How often the fact allows what the answer forbids, or orders what it leaves free."""
        if not self.fact.modals:
            return 0
        near = [modal for modal in self._reading.modals if self._is_inside(modal.clause)]
        turns = 0
        for mine in self.fact.modals:
            told = {modal.modality for modal in near if not set(modal.verb).isdisjoint(mine.verb)}
            if not told and main not in self._reading.linked:
                told = {modal.modality for modal in near if modal.clause == main}
            agrees = mine.modality in told or _AGREED.get(mine.modality) in told
            turns += not agrees and not told.isdisjoint(_OPPOSED[mine.modality])
        return turns

    def _lacks_what_is_allowed(self, main: int) -> bool:
        """Whether the answer forbids without what the fact allows with: "nie może wejść bez zgody"."""
        if not any(modal.modality == "may" for modal in self.fact.modals):
            return False
        is_forbidden = any(modal.modality == "may not" and modal.clause == main for modal in self._reading.modals)
        own = sum(1 << place for place, slot in enumerate(self.fact.slots) if not slot.denial)
        return is_forbidden and bool(self._masks[main] >> _LACKING & own)

    def _says_the_opposite(self, main: int, share: float) -> bool:
        """Whether all but one word is said, and in the place of that one its opposite."""
        opposite = self._turned.get(main, 0)
        for mask in self._masks.values():
            opposite &= ~speaks(mask)
        if not opposite:
            return False
        weights, slots = self.fact.weights, self.fact.slots
        rests = (1 - weights[1 << place] for place in range(len(slots)) if opposite >> place & 1)
        return any(rest > 0 and share / rest >= _REST for rest in rests)

    def _has_wrong_number(self, known: frozenset[str]) -> bool:
        """Whether the one number that is missing has another one in its place."""
        fact = self.fact
        if len(self.missing) != 1 or not fact.slots:
            return False
        if len(fact.quantities) == 1 and self.words < _SPEAKS_OF_ITS_NUMBER:
            return False
        missing = self.missing[0]
        others = [quantity for quantity in fact.quantities if quantity is not missing]
        beside = {told.sentence for told in self._inside if any(other.is_said_by(told) for other in others)}
        for told in self._inside:
            if not told.is_rival_of(missing) or (beside and told.sentence not in beside):
                continue
            if told.value == missing.value or told.value not in known:
                return True
        return False

    def _is_swapped(self, pairs: frozenset[Pair]) -> bool:
        """Whether of two numbers that belong together one stands with a stranger, and never with its own."""
        quantities = self.fact.quantities
        if len(quantities) < 2:
            return False
        bundles: dict[int, list[Quantity]] = {}
        for told in self._inside:
            bundles.setdefault(told.bundle, []).append(told)
        own = {quantity.value for quantity in quantities}
        for partner in quantities:
            beside = {value for value, other, side in pairs if other == partner.value and _is_one_side(side, partner)}
            held = [bundle for bundle in bundles.values() if any(map(partner.is_said_by, bundle))]
            for quantity in quantities if held else ():
                if quantity is partner or any(any(map(quantity.is_said_by, bundle)) for bundle in held):
                    continue
                for told in (told for bundle in held for told in bundle):
                    is_stranger = told.value not in own and told.value not in beside
                    if is_stranger and told.is_rival_of(quantity):
                        return True
        return False

    def _is_crossed(self) -> bool:
        """Whether two numbers of the fact changed places: "rodzice połowę, małżonek jedną czwartą"."""
        fact, told = self.fact, self._reading.quantities
        own = {quantity.value for quantity in fact.quantities}
        for quantity in fact.quantities:
            beside = fact.beside(quantity)
            if not beside or fact.weights[beside] < _TELLS_APART:
                continue
            if any(quantity.is_said_by(other) and speaks(self._masks.get(other.clause, 0)) & beside for other in told):
                continue
            for other in told:
                is_other = other.value in own and other.value != quantity.value and other.is_rival_of(quantity)
                if is_other and speaks(self._masks.get(other.clause, 0)) & beside == beside:
                    return True
        return False
