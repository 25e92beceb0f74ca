"""Endpoint: a call of the SDK in, its answer or an error of ours out; no exception of the SDK leaves this module."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from paragraf.errors import NotThere, ParagrafError, Refused, Unanswered, Unavailable
from paragraf.protocol.client import open_client, shown
from paragraf.remote.profiles import address_of
from paragraf.remote.settings import OpenAITraining

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI

T = TypeVar("T")

LOCALLY = "train on this machine instead: --train.backend lora, or `paragraf serve` with --train.profile local"
MOST = 20_000  # items of a list that are read; an endpoint that always says that there are more would never end
_HEALING = (408, 409, 429)  # and all from 500 on
_ADVICE = {
    401: "check OPENAI_API_KEY",
    403: f"the key's organisation may not do this, many providers are closed to new users; {LOCALLY}",
    404: "check the project of the key and --train.base-url",
}


class Endpoint:
    """One endpoint, asked with a client that somebody else opens and closes."""

    def __init__(self, client: "OpenAI") -> None:
        self._client = client
        self.address = str(client.base_url).rstrip("/")

    def ask(self, doing: str, call: Callable[["OpenAI"], T]) -> T:
        """What a call brings; the SDK tries again after faults that heal.

        Raises:
            Refused: the endpoint says no; NotThere: there is no such thing.
            Unavailable: it does not answer as it should; Unanswered: nobody knows whether it did what it was asked.
        """
        return self._result(doing, call, self._client)

    def ask_once(self, doing: str, call: Callable[["OpenAI"], T]) -> T:
        """As `ask`, but sent a single time: what makes something would else make it again."""
        return self._result(doing, call, self._client.with_options(max_retries=0))

    def shown(self, text: str) -> str:
        """The endpoint's words, short and without keys."""
        return shown(text, self._client)

    def _result(self, doing: str, call: Callable[["OpenAI"], T], client: "OpenAI") -> T:
        import httpx2
        from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

        at = f"{self.address}: {doing}"
        fault: ParagrafError
        try:
            return call(client)
        except APITimeoutError:
            fault = Unanswered(f"{at}: it was silent; run again to go on.")
        except APIConnectionError:
            fault = Unanswered(f"{at}: no connection, or it broke; run again to go on.")
        except APIStatusError as error:
            fault = self._refused(at, error)
        except (OpenAIError, httpx2.HTTPError, ValueError) as error:  # among them what is no JSON
            fault = Unanswered(f"{at}: what came is no answer of the protocol ({type(error).__name__}); run again.")
        raise fault  # out of the block, so that the SDK's exception and the key in it do not hang on ours

    def _refused(self, at: str, error: "APIStatusError") -> ParagrafError:
        status = error.status_code
        said = self.shown(error.message.removeprefix(f"Error code: {status} - "))
        told = f"{at}: {status}{f' {error.code}' if error.code else ''}: {said}"
        if error.code == "insufficient_quota":
            return Refused(f"{told}; there is no credit left, and waiting brings none.")
        if status in _HEALING or status >= 500:
            fault = Unavailable(f"{told}; run again to go on.")
            fault.wait_seconds = _seconds(error.response.headers.get("retry-after", ""))
            return fault
        advice = f"; {_ADVICE[status]}" if status in _ADVICE else ""
        return (NotThere if status == 404 else Refused)(f"{told}{advice}.")


@contextmanager
def open_endpoint(settings: OpenAITraining) -> Iterator[Endpoint]:
    """The endpoint that the settings name, closed at the end of the block.

    Raises:
        BadSettings: there is no usable key in the environment.
    """
    client = open_client(address_of(settings), settings.timeout_seconds, 2, "train")
    try:
        yield Endpoint(client)
    finally:
        client.close()


def _seconds(said: str) -> float:
    return float(said) if said.replace(".", "", 1).isdigit() else 0.0
