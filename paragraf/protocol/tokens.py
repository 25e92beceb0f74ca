"""Tokens: messages in, how many tokens OpenAI's current models count in them, out; offline."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from paragraf.chat import Message

# OpenAI's recipe for counting chat tokens: each message costs three more than its role and content, each reply three
_AROUND_MESSAGE = 3
_AROUND_REPLY = 3


def tokens_of(messages: Sequence[Message]) -> int:
    """Tokens of a whole conversation; words that look like control tokens count as the words they are."""
    count = _o200k()
    return _AROUND_REPLY + sum(
        _AROUND_MESSAGE + count(message["role"]) + count(message["content"]) for message in messages
    )


@lru_cache(maxsize=1)
def _o200k() -> Callable[[str], int]:
    """Counts the tokens of a text; the vocabulary comes with the package."""
    import quicktok

    encoding = quicktok.get_encoding("o200k_base")

    return lambda text: len(encoding.encode_ordinary(text))
