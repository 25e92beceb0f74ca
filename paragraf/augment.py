"""Augment: training rows in, the same rows and rule-made variants of their questions out."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Annotated

from pydantic import Field

from paragraf.law import find
from paragraf.records import Dropped, Kept, Record
from paragraf.stage import StageSettings
from paragraf.text import without_diacritics


class AugmentSettings(StageSettings):
    """Which variants are made of training rows; validation and test rows are never touched."""

    no_diacritics_share: Annotated[
        float, Field(ge=0, le=1, description="Share of rows that get a twin asked without Polish diacritics.")
    ] = 0.1
    seed: Annotated[int, Field(ge=0, description="Same seed, same variants.")] = 7


def augment(records: Sequence[Record], settings: AugmentSettings) -> Kept:
    """All rows and their variants; a variant that says nothing new is dropped and counted.

    Which rows get a variant depends on their id and the seed, not on their position.
    """
    kept, dropped = list(records), list[Dropped]()
    for record in records:
        if Random(f"{settings.seed}:{record.id}").random() >= settings.no_diacritics_share:
            continue
        variant = replace(
            record,
            id=f"{record.id}~no-diacritics",
            question=_plain_outside_citations(record.question),
            origin=record.origin or record.id,
            technique="no_diacritics",
        )
        if variant.question == record.question:
            dropped.append(Dropped(variant, "variant_equals_origin", record.id))
        else:
            kept.append(variant)
    return Kept(kept, dropped)


def _plain_outside_citations(text: str) -> str:
    plain = list(without_diacritics(text))
    for citation in find(text):
        start, end = citation.span
        plain[start:end] = text[start:end]
    return "".join(plain)
