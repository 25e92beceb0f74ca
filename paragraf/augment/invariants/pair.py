"""Pair: a variant and its origin in, the reason why the variant does not say what its origin says out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from paragraf.augment.invariants.premises import CONTRAST, contrast_fault
from paragraf.augment.invariants.typing_noise import is_noise, mended
from paragraf.augment.invariants.wording import says_the_same
from paragraf.language import is_polish
from paragraf.records import Record
from paragraf.statements.facts import Fact, facts_of, values_of
from paragraf.statements.opposites import swapped
from paragraf.statements.stance import stance_of
from paragraf.text import normal_form

_SHOWN = 80  # characters
_ENOUGH_WORDS = 5  # fewer can be told apart only together with an answer

Fault = tuple[str, str]
"""The counted reason, and what was found."""


@dataclass(frozen=True, slots=True)
class _Said:
    """Question and answer of a row, without typing noise."""

    question: str
    answer: str

    def sides(self) -> tuple[str, str]:
        return self.question, self.answer


def fault_of(variant: Record, origin: Record) -> Fault | None:
    """Why a variant must be dropped: it repeats its origin, says another law, or is not Polish; None if it may live.

    A fact (citation, date, period, amount, number) stays on its side, question or answer; it may stand on the other
    side as well, and one that the origin states on both sides may leave one of them. Noise is compared in plain
    letters with its typing errors mended; a row that changes the law on purpose must have an answer that puts it right.
    """
    if says_the_same(variant, origin):
        return "variant_equals_origin", origin.id
    told, meant = _Said(variant.question, variant.answer), _Said(origin.question, origin.answer)
    if is_noise(variant.technique):
        told = _Said(mended(told.question, meant.question), mended(told.answer, meant.answer))
    both = _Both(variant, origin, told, meant)
    if variant.technique == CONTRAST:
        return contrast_fault(variant, origin) or _language(both)
    faults = (check(both) for check in (_choice, _facts, _stance, _opposites, _language))
    return next(filter(None, faults), None)


@dataclass(frozen=True, slots=True)
class _Both:
    variant: Record
    origin: Record
    told: _Said
    meant: _Said

    def changed_sides(self) -> Iterator[tuple[str, str]]:
        """What the variant says and what the origin says on each side where they differ."""
        for told, meant in zip(self.told.sides(), self.meant.sides(), strict=True):
            if told != meant:
                yield told, meant


def _choice(both: _Both) -> Fault | None:
    """The right choice of a closed item is the same text under whatever letter."""
    right = dict(both.variant.choices).get(both.variant.correct, "")
    was = dict(both.origin.choices).get(both.origin.correct, "")
    return None if normal_form(right) == normal_form(was) else ("choice_changed", f"{was} -> {right}")


def _facts(both: _Both) -> Fault | None:
    told, meant = ([values_of(side) for side in said.sides()] for said in (both.told, both.meant))
    known, now = meant[0] | meant[1], told[0] | told[1]
    lost = [meant[side] - told[side] - meant[1 - side] for side in (0, 1)]
    for change, values in (("lost", lost[0] | lost[1] | known - now), ("added", now - known)):
        for family, value in sorted(values):
            return f"{family}_changed", f"{change} {value}"
    for variant, origin in both.changed_sides():
        if moved := _reordered(variant, origin):
            return moved
    return None


def _reordered(text: str, origin: str) -> Fault | None:
    """Facts that changed places in a text that is otherwise the same."""
    told, meant = facts_of(text), facts_of(origin)
    values = [[fact[:2] for fact in facts] for facts in (told, meant)]
    if values[0] == values[1] or _skeleton(text, told) != _skeleton(origin, meant):
        return None
    changed = next((one, other) for one, other in zip(*values, strict=False) if one != other)
    return f"{changed[0][0]}_changed", f"{changed[1][1]} -> {changed[0][1]}"


def _skeleton(text: str, facts: tuple[Fact, ...]) -> str:
    """A text with blanks in place of its facts."""
    rest, at = [], 0
    for fact in facts:
        rest.append(text[at : fact.span[0]])
        at = max(at, fact.span[1])
    return normal_form(" ".join([*rest, text[at:]]))


def _stance(both: _Both) -> Fault | None:
    for told, meant in both.changed_sides():
        now, was = stance_of(told), stance_of(meant)
        if now.verdict and was.verdict and now.verdict != was.verdict:
            return "verdict_changed", f"{was.verdict} -> {now.verdict}"
        if now.denials != was.denials:
            return "negation_changed", f"{was.denials} -> {now.denials}"
        added, lost = now.modalities.keys() - was.modalities.keys(), was.modalities.keys() - now.modalities.keys()
        if added - now.implied or lost - was.implied:
            return "modality_changed", f"{_listed(was.modalities)} -> {_listed(now.modalities)}"
        fewer, more = was.modalities - now.modalities, now.modalities - was.modalities
        if fewer and more:
            return "modality_changed", f"{_listed(fewer)} -> {_listed(more)}"
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _opposites(both: _Both) -> Fault | None:
    for told, meant in both.changed_sides():
        if found := swapped(meant, told):
            return "opposite_changed", found
    return None


def _language(both: _Both) -> Fault | None:
    """The whole must be Polish, and a side that has become another text by itself too, unless it never looked so."""
    if not is_polish(f"{both.told.question} {both.told.answer}"):
        return "not_polish", both.variant.question[:_SHOWN]
    for told, meant in both.changed_sides():
        if len(told.split()) >= _ENOUGH_WORDS and not is_polish(told) and is_polish(meant):
            return "not_polish", told[:_SHOWN]
    return None
