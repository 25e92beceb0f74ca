"""What can be set about the ways of asking that fine-tuning is compared with."""

from typing import Annotated, Literal

from pydantic import Field

from paragraf.stage import StageSettings

Baseline = Literal["prompted", "few_shot", "rag", "tuned_rag"]


class PriceSettings(StageSettings):
    """What an answer costs: the time of a machine, and the tokens of a model that is paid by them."""

    as_of: Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$", description="Day of these prices, as 2025-01-31.")] = (
        ""
    )
    currency: Annotated[str, Field(min_length=1, max_length=8, description="Currency of these prices.")] = "PLN"
    hour: Annotated[float, Field(ge=0, description="Price of an hour of this machine.")] = 0.0
    input: Annotated[float, Field(ge=0, description="Price of a million tokens read, for a remote model.")] = 0.0
    output: Annotated[float, Field(ge=0, description="Price of a million tokens written, for a remote model.")] = 0.0

    def cost(self, seconds: float, read: int, written: int) -> float:
        """Cost of an answer that took this long and these tokens."""
        return seconds * self.hour / 3600 + (read * self.input + written * self.output) / 1_000_000


class BaselineSettings(StageSettings):
    """Ways to do without fine-tuning, or with less of it, measured on test questions."""

    ways: Annotated[
        tuple[Baseline, ...],
        Field(
            description="What is measured beside the question alone: the base model after a chosen prompt (prompted), "
            "solved questions (few_shot) or with passages (rag), and the fine-tuned model with passages (tuned_rag)."
        ),
    ] = ("prompted", "few_shot", "rag", "tuned_rag")
    rows: Annotated[
        int, Field(ge=0, le=100_000, description="Test questions put in each way, of those of answer.rows; 0 for none.")
    ] = 6
    examples: Annotated[int, Field(ge=1, le=50, description="Solved training questions before the question.")] = 2
    passages: Annotated[int, Field(ge=1, le=50, description="Passages above the question.")] = 3
    documents: Annotated[
        str,
        Field(
            description="Folder of statutes (.json, as for `paragraf law import`) and texts (.txt, .md) in which "
            "passages are looked up, beside the training answers."
        ),
    ] = ""
    prompt_rows: Annotated[
        int, Field(ge=1, le=1000, description="Validation rows on which the prompt is chosen, by the answers' loss.")
    ] = 4
    price: Annotated[PriceSettings, Field(description="Prices, for the cost of an answer.")] = PriceSettings()
