"""Endpoint: messages in, one reply or one fault out; no exception of the SDK leaves (`paragraf.protocol.client`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BaseModel, Field

from paragraf.chat import Message
from paragraf.errors import BadSettings
from paragraf.generator.budget import Tokens
from paragraf.generator.prompts import instruction
from paragraf.generator.requests import Failed, Form, Reason, Request
from paragraf.generator.settings import OpenAISettings
from paragraf.protocol.client import open_client, shown, without_key
from paragraf.protocol.dialect import Dialect

if TYPE_CHECKING:
    from openai import APIStatusError

_PARAMETER_FAULTS = (400, 422, 500, 501)  # llama-cpp-python answers 500 to a response_format that it does not know
_SETTING_FAULTS = (401, 404)  # no such key, no such model: the next call would end the same way
_BY_STATUS: dict[int, Reason] = {403: "forbidden", 408: "timed_out", 429: "rate_limited"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote; `tokens` is None where the endpoint does not count."""

    text: str
    is_cut_off: bool
    tokens: Tokens | None
    model: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no reply; `tokens` is what it cost all the same, None where nobody knows."""

    failed: Failed
    tokens: Tokens | None
    status: int = 0  # of the HTTP answer, if there was one
    complaint: str = ""  # the endpoint's own words


class _Usage(BaseModel):
    prompt_tokens: Annotated[int, Field(ge=0)]
    completion_tokens: Annotated[int, Field(ge=0)]


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage | None = None
    model: str | None = None


class Endpoint:
    """One endpoint with its key, which the SDK reads from the environment by itself; safe to use from threads.

    `who` asks, in what is told of a fault.

    Raises:
        BadSettings: there is no usable key in the environment.
    """

    def __init__(self, settings: OpenAISettings, who: str = "generator") -> None:
        self._settings = settings
        self._who = who
        self._client = open_client(settings.base_url, settings.timeout_seconds, settings.max_retries, who)
        self._dialect = Dialect()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def ask(self, messages: Sequence[Message], request: Request[Form] | None = None) -> Reply | Fault:
        """One reply, in the form of the request if there is one.

        Raises:
            BadSettings: the endpoint knows no such key or no such model.
        """
        answered = self.try_ask(messages, request)
        if isinstance(answered, Fault) and answered.status in _SETTING_FAULTS:
            raise BadSettings(f"{self._who}: {self._settings.base_url} says {answered.failed.detail}")
        return answered

    def try_ask(self, messages: Sequence[Message], request: Request[Form] | None = None) -> Reply | Fault:
        """As `ask`, whatever comes back; what the endpoint does not know of the protocol is left out the next time."""
        dialect = self._dialect
        answered = self._call(messages, request, dialect)
        while isinstance(answered, Fault) and answered.status in _PARAMETER_FAULTS:
            narrower = dialect.without(answered.complaint)
            if narrower is None:
                break
            dialect = narrower
            answered = self._call(messages, request, dialect)
        if isinstance(answered, Reply):
            self._dialect = dialect
        return answered

    def _call(self, messages: Sequence[Message], request: Request[Form] | None, dialect: Dialect) -> Reply | Fault:
        from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

        settings, address = self._settings, self._settings.base_url
        form = request.form if request else None
        try:
            raw = cast(Any, self._client.chat.completions.with_raw_response).create(
                model=settings.model,
                messages=_told(messages, request, dialect),
                **dialect.parameters(settings.max_answer_tokens, settings.temperature, form),
            )
            return self._read(_Completion.model_validate_json(raw.text))
        except APITimeoutError:
            return Fault(Failed("timed_out", f"{address} was silent for {settings.timeout_seconds:g} s"), None)
        except APIConnectionError:
            return Fault(Failed("unreachable", f"no connection to {address}, or it broke"), None)
        except APIStatusError as error:
            return self._refused(error)
        except (OpenAIError, ValueError) as error:  # among them what is no completion
            return Fault(Failed("broken_answer", f"{address} sent no completion ({type(error).__name__})"), None)

    def _read(self, completion: _Completion) -> Reply | Fault:
        choice, usage = completion.choices[0], completion.usage
        tokens = Tokens(usage.prompt_tokens, usage.completion_tokens) if usage else None
        if choice.message.refusal or choice.finish_reason == "content_filter":
            said = choice.message.refusal or "stopped by the endpoint's content filter"
            return Fault(Failed("refused", shown(said, self._client)), tokens)
        text = without_key(choice.message.content or "", self._client)
        return Reply(text, choice.finish_reason == "length", tokens, completion.model or self._settings.model)

    def _refused(self, error: "APIStatusError") -> Fault:
        status = error.status_code
        reason = _BY_STATUS.get(status, "bad_request" if status < 500 else "server_error")
        if error.code == "insufficient_quota":
            reason = "no_quota"
        return Fault(
            Failed(reason, f"{status}: {shown(error.message, self._client)}"),
            Tokens(),
            status,
            without_key(str(error.body), self._client),
        )


def _told(messages: Sequence[Message], request: Request[Form] | None, dialect: Dialect) -> list[Message]:
    """The messages, with the form of the answer in words where the endpoint takes no schema."""
    if request is None or dialect.shape == "json_schema":
        return list(messages)
    form = instruction("prompts/json.md", schema=request.schema())
    return [{"role": "system", "content": f"{messages[0]['content']}\n\n{form}"}, *messages[1:]]
