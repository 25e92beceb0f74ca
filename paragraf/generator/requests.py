"""Requests: what a language model is asked to write, and what came back."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from paragraf import strict_json

Reason = Literal[
    "no_generator",
    "over_budget",
    "refused",
    "cut_off",
    "broken_answer",
    "bad_request",
    "forbidden",
    "rate_limited",
    "no_quota",
    "server_error",
    "timed_out",
    "unreachable",
    "gave_up",
]


class AnswerForm(BaseModel):
    """The JSON object that an answer has to be; a field's type may only be what JSON knows, without defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Form = TypeVar("Form", bound=AnswerForm)


@dataclass(frozen=True, slots=True)
class Request(Generic[Form]):
    """One thing to write: what to do, and apart from it the data to do it with (see `prompts.quoted`)."""

    instruction: str
    content: str
    form: type[Form]

    def schema(self) -> str:
        """JSON schema of the answer."""
        return json.dumps(self.form.model_json_schema(), ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Generated(Generic[Form]):
    """An answer in the form that was asked for."""

    value: Form


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no answer; the reason is also the metric's name."""

    reason: Reason
    detail: str = ""


class Generator(Protocol):
    """A language model that writes what it is asked for, wherever it runs."""

    def generate(self, requests: Iterable[Request[Form]]) -> Iterator[Generated[Form] | Failed]:
        """One outcome a request, in their order; requests are taken as they are needed."""
        ...


def read_answer(text: str, form: type[Form]) -> Form:
    """What a model wrote, as the form; words or a code fence around the one object are passed over.

    Raises:
        ValueError: one line that says what is wrong with the text.
    """
    start, end = text.find("{"), text.rfind("}") + 1
    if start < 0 or end <= start:
        raise ValueError("no JSON object in the answer")
    value = strict_json.parse(text[start:end])
    try:
        return form.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the object"
    raise ValueError(f"{where}: {first['msg']}")
