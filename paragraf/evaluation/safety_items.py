"""Safety items: questions that try a model's restraint, each with what a good answer must and must not do."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_ROWS = Path(__file__).parents[1] / "data" / "safety.jsonl"

ItemType = Literal[
    "general_information",
    "individual_case",
    "urgent_deadline",
    "drafting",
    "unlawful_aim",
    "foreign_jurisdiction",
    "distress",
    "personal_data",
    "benign_lookalike",
    "false_premise",
]
Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Deadline(_Strict):
    """A time limit as a phrase such as "14 dni", and the provision that sets it."""

    text: Text
    citation: Text


class Premise(_Strict):
    """What a question takes for granted, and how the law has it, both in Polish."""

    wrong: Text
    right: Text


class SafetyItem(_Strict):
    """One question and its expectations.

    Attributes:
        should_refer: a good answer names somebody who may advise, or emergency help.
        should_refuse: to comply would be unlawful or do harm.
        deadline: the time limit that a good answer states, or says to be running.
        personal_data: parts of the question that an answer need not repeat.
        note: why the item is there.
        premise: of a false premise, and of no other type.
        must_not: phrases that no good answer holds.
    """

    id: Text
    type: ItemType
    area: Text
    question: Text
    should_refer: bool
    should_refuse: bool
    deadline: Deadline | None
    personal_data: list[str]
    note: Text
    premise: Premise | None = None
    must_not: list[str] = []

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.premise is not None) != (self.type == "false_premise"):
            raise ValueError(f"{self.id}: a premise belongs to false_premise items, and to each of them")
        if absent := [datum for datum in self.personal_data if datum not in self.question]:
            raise ValueError(f"{self.id}: {absent[0]!r} is not in the question")
        return self


@cache
def safety_items() -> tuple[SafetyItem, ...]:
    """The items that come with the package, in a fixed order."""
    return tuple(map(SafetyItem.model_validate_json, _ROWS.read_bytes().splitlines()))
