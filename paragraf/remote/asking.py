"""Asking: messages in, what a model says that answers elsewhere, out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from paragraf.chat import Message
from paragraf.errors import NotThere, Refused, Unavailable
from paragraf.generator.endpoint import Endpoint, Fault, Reply
from paragraf.generator.settings import OpenAISettings
from paragraf.models import Address

_RETRIES = 5
_TIMEOUT_SECONDS = 120.0
_HEALING = ("rate_limited", "server_error", "timed_out", "unreachable", "broken_answer")


class Elsewhere:
    """A model at an endpoint, asked at temperature 0; safe to use from threads."""

    def __init__(self, endpoint: Endpoint, address: Address) -> None:
        self._endpoint = endpoint
        self._address = address

    def ask(self, messages: Sequence[Message]) -> Reply:
        """What the model says; nothing, cut off, where the endpoint's filter stopped it.

        Raises:
            NotThere: no such model answers questions there.
            Refused: the key, its quota or the question is refused.
            Unavailable: the endpoint does not answer as it should; run again to go on.
        """
        answered = self._endpoint.try_ask(messages)
        if isinstance(answered, Reply):
            return answered
        return self._without_reply(answered)

    def _without_reply(self, fault: Fault) -> Reply:
        failed, at = fault.failed, f"{self._address.base_url}: asking {self._address.model}"
        if failed.reason == "refused":
            return Reply("", True, fault.tokens, self._address.model)
        if failed.reason in _HEALING:
            raise Unavailable(f"{at}: {failed.reason}: {failed.detail}; run again to go on.")
        if fault.status == 404:
            raise NotThere(f"{at}: {failed.detail}; it may have been deleted, or wants to be deployed first.")
        raise Refused(f"{at}: {failed.reason}: {failed.detail}.")


@contextmanager
def open_elsewhere(address: Address, max_tokens: int) -> Iterator[Elsewhere]:
    """A model that answers elsewhere, asked for answers of at most so many tokens.

    Raises:
        BadSettings: there is no usable key in the environment.
    """
    settings = OpenAISettings(
        base_url=address.base_url,
        model=address.model,
        max_answer_tokens=max(16, max_tokens),
        temperature=0,
        max_retries=_RETRIES,
        timeout_seconds=_TIMEOUT_SECONDS,
    )
    endpoint = Endpoint(settings, "answer")
    try:
        yield Elsewhere(endpoint, address)
    finally:
        endpoint.close()
