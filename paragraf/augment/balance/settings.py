"""Settings of the balance, and how many rows of each category they ask for."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from paragraf.records import Record
from paragraf.stage import StageSettings
from paragraf.task_type import task_type

_TASK_TYPE = "task_type"
_FIELDS = [held.name for held in dataclasses.fields(Record)]
_NOTHING = "none"


class BalanceSettings(StageSettings):
    """How many rows of which kind a corpus should have."""

    by: Annotated[
        tuple[str, ...],
        Field(
            description="What makes rows one category: area, item_type, task_type or any other field of a row; of"
            " several, each combination is a category. None balances nothing."
        ),
    ] = ()
    target_rows: Annotated[
        int, Field(ge=0, description="Rows to end with, in equal parts of the categories; 0: as many as there are.")
    ] = 0
    wanted: dict[str, Annotated[int, Field(ge=0)]] = Field(
        default={},
        description="Rows to end with in single categories, praca=200 or, by several fields, 'praca / deadline=50'; the"
        " other categories share what is left of the target.",
    )
    most_variants: Annotated[
        int, Field(ge=0, le=1000, description="Variants that one row may get at most, to fill a small category.")
    ] = 4
    seed: Annotated[int, Field(ge=0, description="Same seed, same rows.")] = 7

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if unknown := [name for name in self.by if name not in (*_FIELDS, _TASK_TYPE)]:
            raise ValueError(f"by names {unknown[0]!r}, which no row has; take {_TASK_TYPE} or {', '.join(_FIELDS)}")
        if self.wanted and not self.by:
            raise ValueError("wanted names categories but by is empty; say what they are of, as by=area")
        if self.target_rows and sum(self.wanted.values()) > self.target_rows:
            raise ValueError(f"wanted adds up to more than target_rows {self.target_rows}; raise it or lower them")
        return self


def category_of(record: Record, by: Sequence[str]) -> str:
    """Name of the category of a row: the values of the fields, or the type of its task, one after the other."""
    return " / ".join(_value(record, name) or _NOTHING for name in by)


def quotas_of(counts: Mapping[str, int], settings: BalanceSettings) -> dict[str, int]:
    """Rows wanted of each category: those set, and equal parts of the rest; the first by name get what is over."""
    left = max(0, (settings.target_rows or sum(counts.values())) - sum(settings.wanted.values()))
    others = sorted(set(counts) - set(settings.wanted))
    shared = {name: left // len(others) + (place < left % len(others)) for place, name in enumerate(others)}
    return dict(sorted((settings.wanted | shared).items()))


def _value(record: Record, name: str) -> str:
    if name == _TASK_TYPE:
        return task_type(record.question)
    value = getattr(record, name)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
