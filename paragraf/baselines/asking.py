"""Asking: one value that says how a question is put to a model: after which message, and with what laid before it."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from paragraf.baselines.library import Library
from paragraf.chat import PLAIN, Framing

Way = Literal["zero_shot", "prompted", "few_shot", "rag"]


class Asking(BaseModel):
    """A way of asking any model, fine-tuned or not.

    Attributes:
        way: what the way is called: the question alone, after a chosen message, after examples, after passages.
        framing: the system message and the form of the question.
        examples: how many solved questions of the library go before, as turns of the conversation.
        passages: how many passages of the library stand in the message, above the question.
        library: where both are looked up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    way: Way = "zero_shot"
    framing: Framing = PLAIN
    examples: int = Field(default=0, ge=0)
    passages: int = Field(default=0, ge=0)
    library: Library | None = None

    @model_validator(mode="after")
    def _has_what_it_lays_before(self) -> Self:
        if (self.examples or self.passages) and self.library is None:
            raise ValueError("examples and passages need a library")
        return self

    def content(self) -> str:
        """What a model's answers depend on; a library counts by its content alone."""
        held = self.model_dump(mode="json") | {"library": self.library.content() if self.library else None}
        return str(sorted(held.items()))

    def is_plain(self) -> bool:
        """Whether the question stands alone, as in training."""
        return self.way == "zero_shot"
