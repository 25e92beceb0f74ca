"""Dialect: which parts of the OpenAI protocol an endpoint takes; it starts with all and loses what is refused."""

from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from paragraf.generator.requests import Form, Request
from paragraf.generator.settings import OpenAISettings

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

    def parameters(self, request: Request[Form], settings: OpenAISettings) -> dict[str, Any]:
        """Parameters of a call beside its model and messages."""
        held: dict[str, Any] = {self.limit: settings.max_answer_tokens}
        if self.takes_temperature:
            held["temperature"] = settings.temperature
        if self.shape == "json_schema":
            schema = request.form.model_json_schema()
            named = {"name": request.form.__name__, "schema": schema, "strict": True}
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
