"""Client: the SDK's client with a key that can be one, and an endpoint's words with no key in them.

The SDK's exceptions hold the request with its key, and whoever stores a failed task would store the key: none of them
leaves the module that asks.
"""

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from paragraf.errors import BadSettings

if TYPE_CHECKING:
    from openai import OpenAI

_ANY_KEY = re.compile(r"\b(?:sk|pk|rk)-[\w*.-]{8,}|\bBearer\s+\S+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"(?:sk-)?(?:\.{3}|x{3,}|\*{3,})|<.*>|\$\{?\w+\}?|(?:sk-)?your[-_].*key.*", re.IGNORECASE)
_SECRET = 8  # characters; what is shorter is a placeholder such as "none"
_DETAIL = 240  # characters of an endpoint's words that are shown


def open_client(base_url: str, timeout_seconds: float, max_retries: int, who: str) -> "OpenAI":
    """A client whose key the SDK reads from the environment by itself; whether it is the right one, nobody is asked.

    Raises:
        BadSettings: there is no usable key in the environment; `who` wanted one.
    """
    from openai import OpenAI, OpenAIError

    client = None
    with suppress(OpenAIError):  # it says that there is no key; so do we, and what to do
        client = OpenAI(base_url=base_url, max_retries=max_retries, timeout=timeout_seconds)
    if client is None or not client.api_key:
        raise BadSettings(f"{who}: OPENAI_API_KEY is not set; set it (any word, for a server that asks for none).")
    if not re.fullmatch(r"[!-~]+", client.api_key):
        raise BadSettings(f"{who}: OPENAI_API_KEY holds a blank, a line break or a letter no key has; set it anew.")
    if _PLACEHOLDER.fullmatch(client.api_key):
        raise BadSettings(f"{who}: OPENAI_API_KEY is the placeholder of an example; set your own key.")
    return client


def shown(text: str, client: "OpenAI") -> str:
    """An endpoint's words on one line, cut where nobody would read on, without keys."""
    return _ANY_KEY.sub("…", without_key(" ".join(text.split()), client))[:_DETAIL]


def without_key(text: str, client: "OpenAI") -> str:
    """The text without the client's own key, wherever it stands in it."""
    key = client.api_key
    return text.replace(key, "…") if len(key) >= _SECRET else text
