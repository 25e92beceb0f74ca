"""Dialect: which parts of the OpenAI protocol an endpoint takes; it starts with all and loses what is refused."""

from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from pydantic import BaseModel

_SHAPE_WORDS = ("response_format", "json_schema", "json_object", "structured output", "guided")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to ask one endpoint.

    `max_tokens` comes first: an old server knows only it, and a model that wants `max_completion_tokens` says so;
    a server that passes over the name it does not know would write without a limit.
    """

    shape: Literal["json_schema", "json_object", "text"] = "json_schema"
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    takes_temperature: bool = True

    def parameters(self, max_tokens: int, temperature: float, form: type[BaseModel] | None) -> dict[str, Any]:
        """Parameters of a call beside its model and messages; without a form the answer is free text."""
        held: dict[str, Any] = {self.limit: max_tokens}
        if self.takes_temperature:
            held["temperature"] = temperature
        if form is None:
            return held
        if self.shape == "json_schema":
            named = {"name": form.__name__, "schema": form.model_json_schema(), "strict": True}
            held["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.shape == "json_object":
            held["response_format"] = {"type": "json_object"}
        return held

    def without(self, complaint: str) -> Self | None:
        """The dialect without what the endpoint complains of; None if it complains of nothing that can be left out."""
        said = complaint.lower()
        if self.shape != "text" and any(word in said for word in _SHAPE_WORDS):
            return replace(self, shape="json_object" if self.shape == "json_schema" else "text")
        if self.limit == "max_tokens" and "max_tokens" in said:
            return replace(self, limit="max_completion_tokens")
        if self.takes_temperature and "temperature" in said:
            return replace(self, takes_temperature=False)
        return None
