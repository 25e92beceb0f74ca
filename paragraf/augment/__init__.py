"""Augment: training rows in, the same rows and variants of their questions out that keep the law and the language."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random

from paragraf.augment.balance import balance
from paragraf.augment.invariants import told_apart
from paragraf.augment.paraphrase import back_translations, paraphrases
from paragraf.augment.settings import AugmentSettings
from paragraf.augment.techniques import by_technique, checked, more_of, rule_made
from paragraf.generator import Generator
from paragraf.publish import scratch
from paragraf.records import Dropped, Line, Record
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Piece, Rows, pieces, records_of
from paragraf.workspace import home

__all__ = ["AugmentSettings", "augment"]

_IN_FLIGHT = 20_000  # rows whose paraphrases may still be on their way


def augment(
    rows: Rows, held_out: Sequence[Rows], settings: AugmentSettings, generator: Generator, runner: Runner = HERE
) -> Iterator[Line]:
    """All rows and their variants; a variant that fails a check is dropped, its reason named `technique:reason`.

    `held_out` are the validation and test rows, which no variant may repeat. Which rows get a variant depends on their
    id and the seed, not on their position or the number of processes.
    """
    with scratch(home() / "scratch") as folder:
        made = folder / "made.jsonl"
        by_rules = chain.from_iterable(runner.map(partial(_augment_piece, settings), pieces(rows)))
        yield from _spool(chain(by_rules, _by_model(rows, settings, generator)), made)
        if settings.balance.by:
            even = folder / "even.jsonl"
            more = partial(_more, settings)
            yield from _spool(balance(made, settings.balance, more, runner=runner), even)
            made = even
        yield from map(by_technique, told_apart(made, held_out, runner=runner))


def _augment_piece(settings: AugmentSettings, piece: Piece) -> list[Line]:
    return [line for record in piece.records() for line in (Line.of(record), *rule_made(record, settings))]


def _more(settings: AugmentSettings, record: Record, count: int, random: Random) -> Iterator[Record]:
    return more_of(record, count, random, settings)


def _by_model(rows: Rows, settings: AugmentSettings, generator: Generator) -> Iterator[Line]:
    origins: OrderedDict[str, Record] = OrderedDict()

    def remembered() -> Iterator[Record]:
        for record in records_of(rows):
            origins[record.id] = record
            if len(origins) > _IN_FLIGHT:
                origins.popitem(last=False)
            yield record

    worded = paraphrases(remembered(), generator, settings.paraphrase, Random(settings.seed))
    translated = back_translations(remembered(), generator, settings.back_translation, Random(settings.seed))
    for outcome in chain(worded, translated):
        if isinstance(outcome, Dropped):
            yield by_technique(Line.of(outcome))
        elif isinstance(outcome, Record):
            yield checked(origins[outcome.origin], outcome, settings)


def _spool(lines: Iterable[Line], path: Path) -> Iterator[Line]:
    """Write the rows that are kept so far to a file; give the lines of the others."""
    with path.open("wb") as file:
        for line in lines:
            if line.row:
                file.write(line.row.encode() + b"\n")
            else:
                yield line
