"""Fact: one atomic fact of a right answer, read once, so that many answers can be held against it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from paragraf.evaluation.concepts import is_frame, opposites_of
from paragraf.evaluation.quantities import Quantity
from paragraf.evaluation.reading import Denial, Modal, Reading, read, uncited

MOST_SLOTS = 16
_FRAME = 0.3  # weight of a word that rules in general are told with
_ASKED = 0.4  # of one that the question said before, so that an answer may leave it out
_UNSAID = 0.3  # share of its weight that a word keeps if the reference answer does without it


class Slot(NamedTuple):
    """One word of a fact: what an answer may say in its place, what would turn the fact round, how much it counts."""

    concepts: tuple[str, ...]
    opposites: tuple[str, ...]
    weight: float
    denial: Denial
    clause: int


class Weights(dict[int, float]):
    """Share (0 to 1) of the words of a fact, by weight, that the bits of a mask stand for; 1 for numbers alone."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        super().__init__()
        self._weights = [slot.weight for slot in slots]
        self.total = sum(self._weights)

    def __missing__(self, mask: int) -> float:
        said = sum(weight for place, weight in enumerate(self._weights) if mask >> place & 1)
        self[mask] = share = said / self.total if self._weights else 1.0
        return share


@dataclass(slots=True)
class Fact:
    """A fact that an answer must state.

    Attributes:
        text: as it was written.
        slots: its words that speak of something, at most 16.
        quantities: all of them must be said.
        modals: what it allows, forbids or orders, but for what it only supposes.
        says_no: it denies or forbids, so an answer that never says no cannot say the same.
        denies: a word of it is denied.
        is_turnable: whether it can be told from its opposite: not where the reference answer looks like the opposite.
        is_spread: its numbers may stand far from its words, as they do in the reference answer.
        need: share of its words, by weight, that an answer must say.
    """

    text: str
    slots: tuple[Slot, ...]
    quantities: tuple[Quantity, ...]
    modals: tuple[Modal, ...]
    says_no: bool
    denies: bool
    is_turnable: bool = True
    is_spread: bool = False
    need: float = 1.0
    weights: Weights = field(init=False)

    def __post_init__(self) -> None:
        self.weights = Weights(self.slots)

    def beside(self, quantity: Quantity) -> int:
        """Bits of the words that tell a quantity from a rival of another clause: "małżonek połowę, rodzice ćwierć"."""
        rivals = {other.clause for other in self.quantities if other.kind == quantity.kind and other is not quantity}
        if not rivals or quantity.clause in rivals:
            return 0
        return sum(1 << place for place, slot in enumerate(self.slots) if slot.clause == quantity.clause)


def fact_of(text: str, asked: Container[str], said: Container[str] | None) -> Fact:
    """Read a fact; `asked` and `said` are the concepts of the question and, if there is one, of the right answer."""
    reading = read(uncited(text))
    slots: list[Slot] = []
    for _, hits in groupby(reading.hits, itemgetter(3)):
        told = list(hits)
        concepts = tuple(concept for concept, *_ in told)
        if all(set(slot.concepts).isdisjoint(concepts) for slot in slots):
            _, clause, denial, _ = told[0]
            slots.append(Slot(concepts, opposites_of(concepts), _weight(concepts, asked, said), denial, clause))
    modals = tuple(modal for modal in reading.modals if modal.clause not in reading.linked)
    denies = reading.denies or any(slot.denial for slot in slots)
    says_no = denies or any("not" in modal.modality for modal in reading.modals)
    return Fact(text, tuple(slots[:MOST_SLOTS]), tuple(reading.quantities), modals, says_no, denies)


def concepts_in(reading: Reading) -> frozenset[str]:
    """All that a text speaks of."""
    return frozenset(concept for concept, *_ in reading.hits)


def _weight(concepts: tuple[str, ...], asked: Container[str], said: Container[str] | None) -> float:
    weight = _FRAME if all(map(is_frame, concepts)) else 1.0
    if any(concept in asked for concept in concepts):
        weight = min(weight, _ASKED)
    if said is not None and not any(concept in said for concept in concepts):
        weight *= _UNSAID
    return weight
