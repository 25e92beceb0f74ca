"""Key facts: the atomic facts of a right answer in, what another answer makes of each one out."""

from collections.abc import Iterable, Sequence

from paragraf.evaluation.comparison import SAID, Comparison, Masks, Pair, Verdict, says_little
from paragraf.evaluation.fact import Fact, concepts_in, fact_of
from paragraf.evaluation.quantities import Quantity
from paragraf.evaluation.reading import Reading, read, uncited

_NEED = 0.55  # share of the words of a fact that must be said
_NEED_BESIDE_A_NUMBER = 0.35
_NEED_OF_THE_QUESTION = 0.7  # where the question has said all words before
_LEAST = 0.25  # what the reference answer must say of a fact, or nobody is asked for it
_SLACK = 0.9


class Sheet:
    """The facts of one record, read once.

    Words of the question count less, and so do those that the reference answer does without. What the reference answer
    does not say, as far as can be read, nobody is asked for: a number is left out of the fact, the share of words that
    is needed sinks, and a fact of which nothing is found is set aside (`unread`).
    """

    def __init__(self, facts: Sequence[str], question: str = "", reference: str = "") -> None:
        asked, told = read(uncited(question)), read(uncited(reference))
        said = concepts_in(told) if reference else None
        self._take([fact_of(text, concepts_in(asked), said) for text in facts])
        for fact in self.facts:
            fact.need = _need(fact)
        held = [asked.quantities, told.quantities, *(fact.quantities for fact in self.facts)]
        self._known = frozenset(quantity.value for quantities in held for quantity in quantities)
        self._pairs = frozenset(pair for quantities in held[1:] for pair in _pairs(quantities))
        self.unread = self._follow(reference) if reference else []
        self._is_tellable = not self._affirms(self.read(uncited(reference)))

    def read(self, text: str) -> Reading:
        """An answer without its citations, read for what the facts speak of."""
        return read(text, self._wanted)

    def verdicts(self, reading: Reading) -> list[Verdict]:
        """One verdict a fact; facts that are set aside have none."""
        masks, turned = self._masks(reading)
        return [
            "absent"
            if says_little(fact, masks[number], reading)
            else Comparison(fact, masks[number], turned[number], reading).verdict(self._known, self._pairs)
            for number, fact in enumerate(self.facts)
        ]

    def affirms_the_denied(self, reading: Reading) -> bool:
        """Whether an answer says plainly what the first fact denies, as one does that falls for a false premise.

        It is not asked where the reference answer looks as if it did.
        """
        return self._is_tellable and self._affirms(reading)

    def _affirms(self, reading: Reading) -> bool:
        masks, turned = self._masks(reading)
        return bool(self.facts) and Comparison(self.facts[0], masks[0], turned[0], reading).affirms_the_denied()

    def _masks(self, reading: Reading) -> tuple[list[Masks], list[Masks]]:
        """For each fact what the clauses of an answer say of its words, and what opposites of them."""
        masks: list[Masks] = [{} for _ in self.facts]
        turned: list[Masks] = [{} for _ in self.facts]
        for concept, clause, denial, _ in reading.hits:
            said = SAID[denial]
            for number, place in self._index.get(concept, ()):
                held = masks[number]
                held[clause] = held.get(clause, 0) | said << place
            for number, place in self._opposites.get(concept, ()):
                held = turned[number]
                held[clause] = held.get(clause, 0) | 1 << place
        return masks, turned

    def _take(self, facts: list[Fact]) -> None:
        """Hold these facts, and know by each concept which words of which facts it says or turns."""
        self.facts = facts
        self._index: dict[str, list[tuple[int, int]]] = {}
        self._opposites: dict[str, list[tuple[int, int]]] = {}
        for number, fact in enumerate(facts):
            own = {concept for slot in fact.slots for concept in slot.concepts}
            for place, slot in enumerate(fact.slots):
                for concept in slot.concepts:
                    self._index.setdefault(concept, []).append((number, place))
                for concept in set(slot.opposites) - own:
                    self._opposites.setdefault(concept, []).append((number, place))
        self._wanted = self._index.keys() | self._opposites.keys()

    def _follow(self, reference: str) -> list[str]:
        """Ask of nobody what the reference answer does not say; the facts of which it says nothing."""
        kept, unread = [], []
        reading = self.read(uncited(reference))
        for fact, masks, turned in zip(self.facts, *self._masks(reading), strict=True):
            comparison = Comparison(fact, masks, turned, reading)
            fact.is_turnable = not comparison.is_turned()
            gone = comparison.missing_everywhere()
            fact.quantities = tuple(q for q in fact.quantities if q not in gone)
            fact.is_spread = len(comparison.missing) > len(gone)
            least = 0.0 if fact.quantities else _LEAST
            fact.need = min(fact.need, max(least, _SLACK * comparison.words))
            fact.says_no = fact.says_no and comparison.says_no_too()
            if comparison.words < _LEAST and not fact.quantities:
                unread.append(fact.text)
            else:
                kept.append(fact)
        self._take(kept)
        return unread


def _need(fact: Fact) -> float:
    """Share of the words, by weight, that must be said; each number that must be said, too, stands for a word."""
    count = len(fact.quantities)
    if not count:
        return _NEED if any(slot.weight >= 1 for slot in fact.slots) else _NEED_OF_THE_QUESTION
    if count == 1:
        return _NEED_BESIDE_A_NUMBER
    return max(0.0, (_NEED * (fact.weights.total + count) - count) / fact.weights.total) if fact.slots else 0.0


def _pairs(quantities: Iterable[Quantity]) -> set[Pair]:
    """Values that stand together."""
    bundles: dict[int, list[Quantity]] = {}
    for quantity in quantities:
        bundles.setdefault(quantity.bundle, []).append(quantity)
    return {
        (one.value, other.value, other.side)
        for held in bundles.values()
        for one in held
        for other in held
        if one.value != other.value
    }
