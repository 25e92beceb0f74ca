"""Clean's settings: what a row must be to stay, and what is done with one that is not."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from paragraf.similarity import NEAR
from paragraf.stage import StageSettings


class CleanSettings(StageSettings):
    """What a row must be to stay."""

    min_question_chars: Annotated[int, Field(ge=1, description="Shortest question that stays, in characters.")] = 8
    min_chars: Annotated[
        int, Field(ge=1, description="Shortest answer that stays, in characters; closed items may be shorter.")
    ] = 20
    max_chars: Annotated[int, Field(ge=1, description="Longest answer that stays, in characters.")] = 6000
    require_polish: Annotated[
        bool, Field(description="Drop rows whose question and answer together are not Polish.")
    ] = True
    personal_data: Annotated[
        Literal["mask", "drop", "keep"],
        Field(
            description="Rows with personal data (names, PESEL, addresses ...): put placeholders in its place, drop the"
            " row, or keep it as it is; what is uploaded to a remote service must be clean, so keep suits local"
            " training only."
        ),
    ] = "mask"
    fabricated_citations: Annotated[
        Literal["report", "quarantine"],
        Field(
            description="Answers that cite provisions that surely do not exist: let validate report them, or set the"
            " rows aside."
        ),
    ] = "report"
    near_duplicate_jaccard: Annotated[
        float,
        Field(
            ge=0.3,
            le=1,
            description="Rows are near-duplicates from this share (0.3 to 1) of common letter 5-grams, and only if all"
            " numbers and provisions are equal; 1 drops only rows that differ in typing.",
        ),
    ] = NEAR
    min_rows: Annotated[int, Field(ge=1, description="Fewer rows than this left after cleaning stop the run.")] = 50

    @model_validator(mode="after")
    def _lengths_leave_room(self) -> Self:
        if self.min_chars > self.max_chars:
            raise ValueError(f"min_chars {self.min_chars} is over max_chars {self.max_chars}; no answer could stay")
        return self
