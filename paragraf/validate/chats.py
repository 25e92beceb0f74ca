"""Chats: a row in, the size of its conversation in tokens out, of the base model and of OpenAI's models."""

from collections.abc import Callable
from functools import lru_cache

from paragraf.chat import Framing, Tokenizer, conversation, encode
from paragraf.records import Part, Record
from paragraf.validate.frames import Feature

# OpenAI's recipe for counting chat tokens: each message costs three more than its role and content, each reply three
_AROUND_MESSAGE = 3
_AROUND_REPLY = 3


def chat_features(record: Record, part: Part, tokenizer: Tokenizer, framing: Framing) -> dict[str, Feature]:
    """Tokens of the whole conversation, and the share of them that is learned."""
    messages = conversation(record, framing)["messages"]
    encoded = encode(tokenizer, messages)
    tokens = len(encoded.ids)
    count = _o200k()
    return {
        "id": record.id,
        "part": part,
        "tokens": tokens,
        "learned_share": (tokens - encoded.prompt) / tokens,
        "o200k_tokens": _AROUND_REPLY
        + sum(_AROUND_MESSAGE + count(message["role"]) + count(message["content"]) for message in messages),
    }


@lru_cache(maxsize=1)
def _o200k() -> Callable[[str], int]:
    """Counts the tokens of a text as OpenAI's current models do; the vocabulary comes with the package."""
    import quicktok

    encoding = quicktok.get_encoding("o200k_base")

    return lambda text: len(encoding.encode_ordinary(text))
