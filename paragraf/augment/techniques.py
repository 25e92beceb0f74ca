"""Techniques: a row in, the variants that rules make of it out, each proved to say what its origin says."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from paragraf.augment.contrast import contrasts
from paragraf.augment.invariants import fault_of
from paragraf.augment.noise import noise
from paragraf.augment.settings import AugmentSettings
from paragraf.augment.variations import Refusal, Variation, framed, variations
from paragraf.records import Dropped, Line, Record

_MOST_TRIES = 3  # noise that changed nothing is tried again


def rule_made(record: Record, settings: AugmentSettings) -> Iterator[Line]:
    """The variants of a row for the techniques that it is drawn for; what fails is dropped, what is declined counted.

    Whether it is drawn depends on its id and the seed, not on its position or on other rows.
    """
    if record.technique:
        return
    random = Random(f"{settings.seed}:{record.id}")
    drawn = [random.random() for _ in range(4)]
    if drawn[0] < settings.variation_share:
        yield from _varied(record, random, settings)
    if drawn[1] < settings.template_share:
        found = framed(record, random)
        if isinstance(found, Variation):
            yield _line(record, _reworded(record, "template", found, settings))
        else:
            yield _declined(found)
    if drawn[2] < settings.noise.share:
        yield _line(record, _typed(record, random, settings))
    if drawn[3] < settings.contrast_share:
        for made in contrasts(record, 1, random):
            yield _line(record, replace(made, seed=settings.seed))


def more_of(record: Record, count: int, random: Random, settings: AugmentSettings) -> Iterator[Record]:
    """Up to `count` variants of a row, no two alike: first other words, then other typing."""
    asked = [found for found in variations(record) if isinstance(found, Variation)]
    random.shuffle(asked)
    made = [_reworded(record, "variation", found, settings) for found in asked[:count]]
    made += [_typed(record, random, settings) for _ in range(count - len(made))]
    seen = {record.question}
    for number, variant in enumerate(made, start=1):
        if variant.question not in seen and fault_of(variant, record) is None:
            seen.add(variant.question)
            yield replace(variant, id=f"{record.id}~{variant.technique}-more-{number}")


def checked(record: Record, variant: Record, settings: AugmentSettings) -> Line:
    """A variant that a language model made, kept or dropped."""
    return _line(record, replace(variant, seed=settings.seed))


def _varied(record: Record, random: Random, settings: AugmentSettings) -> Iterator[Line]:
    found = list(variations(record))
    made = [item for item in found if isinstance(item, Variation)]
    if made:
        yield _line(record, _reworded(record, "variation", random.choice(made), settings))
    else:
        yield from map(_declined, [item for item in found if isinstance(item, Refusal)] or [Refusal("", "no_frame")])


def _reworded(record: Record, technique: str, made: Variation, settings: AugmentSettings) -> Record:
    return replace(
        record,
        id=f"{record.id}~{technique}",
        question=made.question,
        origin=record.origin or record.id,
        technique=technique,
        seed=settings.seed,
    )


def _typed(record: Record, random: Random, settings: AugmentSettings) -> Record:
    question = record.question
    for _ in range(_MOST_TRIES):
        question = noise(record.question, settings.noise.strength, random)
        if question != record.question:
            break
    return _reworded(record, "noise", Variation(question, "noise"), settings)


def _line(record: Record, variant: Record) -> Line:
    fault = fault_of(variant, record)
    return by_technique(Line.of(Dropped(variant, *fault))) if fault else Line.of(variant)


def by_technique(line: Line) -> Line:
    """A dropped variant's line whose reason names the technique that lost it."""
    outcome = line.outcome()
    if not isinstance(outcome, Dropped):
        return line
    return Line.of(replace(outcome, reason=f"{outcome.record.technique or 'row'}:{outcome.reason}"))


def _declined(refusal: Refusal) -> Line:
    """Counted only: there is no variant that could be kept."""
    return Line("", "", (f"{'template' if refusal.rule == 'template' else 'variation'}:declined_{refusal.reason}",))
