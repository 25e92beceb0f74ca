"""Augment: training rows in, the same rows and rule-made variants of their questions out."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from random import Random
from typing import Annotated

from pydantic import Field

from paragraf.law import find
from paragraf.records import Dropped, Line, Outcome, Record
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Piece, Rows, pieces
from paragraf.stage import StageSettings
from paragraf.text import without_diacritics


class AugmentSettings(StageSettings):
    """Which variants are made of training rows; validation and test rows are never touched."""

    no_diacritics_share: Annotated[
        float, Field(ge=0, le=1, description="Share of rows that get a twin asked without Polish diacritics.")
    ] = 0.1
    seed: Annotated[int, Field(ge=0, description="Same seed, same variants.")] = 7


def augment(rows: Rows, settings: AugmentSettings, runner: Runner = HERE) -> Iterator[Line]:
    """All rows, each followed by its variants; a variant that says nothing new is dropped and counted.

    Which rows get a variant depends on their id and the seed, not on their position.
    """
    for lines in runner.map(partial(_augment_piece, settings), pieces(rows)):
        yield from lines


def variants(record: Record, settings: AugmentSettings) -> Iterator[Outcome]:
    """What is made of one row."""
    if Random(f"{settings.seed}:{record.id}").random() >= settings.no_diacritics_share:
        return
    variant = replace(
        record,
        id=f"{record.id}~no-diacritics",
        question=_plain_outside_citations(record.question),
        origin=record.origin or record.id,
        technique="no_diacritics",
    )
    if variant.question == record.question:
        yield Dropped(variant, "variant_equals_origin", record.id)
    else:
        yield variant


def _augment_piece(settings: AugmentSettings, piece: Piece) -> list[Line]:
    return [Line.of(row) for record in piece.records() for row in (record, *variants(record, settings))]


def _plain_outside_citations(text: str) -> str:
    plain = list(without_diacritics(text))
    for citation in find(text):
        start, end = citation.span
        plain[start:end] = text[start:end]
    return "".join(plain)
