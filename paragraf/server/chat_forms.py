"""Chat forms: what a chat request may ask for here; everything else is refused by name, never passed over."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from paragraf.chat import Message
from paragraf.server.flight import Wish
from paragraf.server.job import Metadata, checked_metadata
from paragraf.server.refusals import Refused
from paragraf.server.rows import text_of

_ROLES: dict[str, Literal["system", "user", "assistant"]] = {
    **{"system": "system", "developer": "system"},
    **{"user": "user", "assistant": "assistant"},
}
_DEFAULTS: dict[str, tuple[object, ...]] = {  # what is not offered may be asked for as far as it asks for nothing
    "audio": (None,),
    "frequency_penalty": (None, 0),
    "function_call": (None, "none"),
    "functions": (None, []),
    "logit_bias": (None, {}),
    "logprobs": (None, False),
    "modalities": (None, ["text"]),
    "moderation": (None,),
    "n": (None, 1),
    "parallel_tool_calls": (None, True, False),
    "prediction": (None,),
    "presence_penalty": (None, 0),
    "reasoning_effort": (None, "none"),
    "response_format": (None, {"type": "text"}),
    "store": (None, False),
    "tool_choice": (None, "none"),
    "tools": (None, []),
    "top_logprobs": (None, 0),
    "verbosity": (None,),
    "web_search_options": (None,),
}
_MEANINGLESS = ("user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier")


class StreamOptions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    include_usage: bool = False
    include_obfuscation: bool | None = None


class ChatRequest(BaseModel):
    """The body of a chat request."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, allow_inf_nan=False)

    model: Annotated[str, Field(min_length=1, max_length=400)]
    messages: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=2048)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=131072)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1, le=131072)] | None = None
    stop: str | Annotated[list[str], Field(max_length=4)] | None = None
    metadata: Metadata | None = None

    def refuse_what_is_not_offered(self) -> None:
        """Raise Refused for the first thing that is asked for and not done here."""
        checked_metadata(self.metadata)
        for name, value in (self.model_extra or {}).items():
            if name in _MEANINGLESS:
                continue
            if name not in _DEFAULTS:
                raise Refused(400, f"{name[:80]} is not known here.", param=name[:80], code="unknown_parameter")
            if value not in _DEFAULTS[name] or (isinstance(value, bool) and name == "n"):
                what = "Only n = 1 is" if name == "n" else f"This value of {name} is not"
                raise Refused(400, f"{what} offered here.", param=name, code="unsupported_parameter")
        if self.stream_options and not self.stream:
            raise Refused(400, "stream_options needs stream.", param="stream_options", code="invalid_value")

    def turns(self) -> list[Message]:
        """The messages as a chat template takes them; raises Refused for what is no text."""
        return [_turn(at, message) for at, message in enumerate(self.messages)]

    def wish(self, default_tokens: int) -> Wish:
        """How the answer is to be written."""
        asked = self.max_completion_tokens or self.max_tokens
        stops = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return Wish(
            max_tokens=asked or default_tokens,
            temperature=1.0 if self.temperature is None else self.temperature,
            top_p=1.0 if self.top_p is None else self.top_p,
            seed=self.seed,
            stops=tuple(stop for stop in stops if stop),
            streams=bool(self.stream),
            may_be_shorter=asked is None,
        )


def _turn(at: int, message: dict[str, Any]) -> Message:
    place = f"messages.{at}"
    role = message.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        message_ = "the role must be system, developer, user or assistant here."
        raise Refused(400, f"{place}: {message_}", param=f"{place}.role", code="invalid_value")
    if found := [name for name in ("tool_calls", "function_call", "audio") if message.get(name)]:
        raise Refused(400, f"{place}: {found[0]} is not offered here.", param=place, code="unsupported_parameter")
    try:
        return {"role": _ROLES[role], "content": text_of(message.get("content"))}
    except ValueError as error:
        raise Refused(400, f"{place}: {error}.", param=f"{place}.content", code="invalid_value") from None
