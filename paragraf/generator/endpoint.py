"""Endpoint: messages in, one reply or one fault out; the only place that holds the SDK, and it lets no exception out.

The SDK's exceptions hold the request with its key, and whoever stores a failed task would store the key.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BaseModel, Field

from paragraf.chat import Message
from paragraf.errors import BadSettings
from paragraf.generator.budget import Tokens
from paragraf.generator.dialect import Dialect
from paragraf.generator.prompts import instruction
from paragraf.generator.requests import Failed, Form, Reason, Request
from paragraf.generator.settings import OpenAISettings

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

_ANY_KEY = re.compile(r"\b(?:sk|pk|rk)-[\w*.-]{8,}|\bBearer\s+\S+", re.IGNORECASE)
_SECRET = 8  # characters; what is shorter is a placeholder such as "none"
_DETAIL = 240  # characters of an endpoint's words that are shown
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

    Raises:
        BadSettings: there is no usable key in the environment.
    """

    def __init__(self, settings: OpenAISettings) -> None:
        self._settings = settings
        self._client = _client(settings)
        self._dialect = Dialect()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def ask(self, messages: Sequence[Message], request: Request[Form]) -> Reply | Fault:
        """One reply; what the endpoint does not know of the protocol is left out and the call made again.

        Raises:
            BadSettings: the endpoint knows no such key or no such model.
        """
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
        elif answered.status in _SETTING_FAULTS:
            raise BadSettings(f"generator: {self._settings.base_url} says {answered.failed.detail}")
        return answered

    def _call(self, messages: Sequence[Message], request: Request[Form], dialect: Dialect) -> Reply | Fault:
        from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

        seconds, address = self._settings.timeout_seconds, self._settings.base_url
        try:
            raw = cast(Any, self._client.chat.completions.with_raw_response).create(
                model=self._settings.model,
                messages=_told(messages, request, dialect),
                **dialect.parameters(request, self._settings),
            )
            return self._read(_Completion.model_validate_json(raw.text))
        except APITimeoutError:
            return Fault(Failed("timed_out", f"{address} was silent for {seconds:g} s"), None)
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
            return Fault(Failed("refused", self._shown(said)), tokens)
        text = self._without_key(choice.message.content or "")
        return Reply(text, choice.finish_reason == "length", tokens, completion.model or self._settings.model)

    def _refused(self, error: "APIStatusError") -> Fault:
        status = error.status_code
        reason = _BY_STATUS.get(status, "bad_request" if status < 500 else "server_error")
        if error.code == "insufficient_quota":
            reason = "no_quota"
        return Fault(
            Failed(reason, f"{status}: {self._shown(error.message)}"),
            Tokens(),
            status,
            self._without_key(str(error.body)),
        )

    def _shown(self, text: str) -> str:
        """An endpoint's words on one line, cut where nobody would read on, without keys."""
        return _ANY_KEY.sub("…", self._without_key(" ".join(text.split())))[:_DETAIL]

    def _without_key(self, text: str) -> str:
        key = self._client.api_key
        return text.replace(key, "…") if len(key) >= _SECRET else text


def _client(settings: OpenAISettings) -> "OpenAI":
    from openai import OpenAI, OpenAIError

    client = None
    with suppress(OpenAIError):  # it says that there is no key; so do we, and what to do
        client = OpenAI(base_url=settings.base_url, max_retries=settings.max_retries, timeout=settings.timeout_seconds)
    if client is None or not client.api_key:
        raise BadSettings("generator: OPENAI_API_KEY is not set; set it (any word, for a server that asks for none).")
    if not re.fullmatch(r"[!-~]+", client.api_key):
        raise BadSettings("generator: OPENAI_API_KEY holds a blank, a line break or a letter no key has; set it anew.")
    return client


def _told(messages: Sequence[Message], request: Request[Form], dialect: Dialect) -> list[Message]:
    """The messages, with the form of the answer in words where the endpoint takes no schema."""
    if dialect.shape == "json_schema":
        return list(messages)
    form = instruction("prompts/json.md", schema=request.schema())
    return [{"role": "system", "content": f"{messages[0]['content']}\n\n{form}"}, *messages[1:]]
