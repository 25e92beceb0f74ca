"""Chats: a row in, the size of its conversation in tokens out, of the base model and of OpenAI's models."""

from paragraf.chat import Framing, Tokenizer, conversation, encode
from paragraf.protocol.tokens import tokens_of
from paragraf.records import Part, Record
from paragraf.validate.frames import Feature


def chat_features(record: Record, part: Part, tokenizer: Tokenizer, framing: Framing) -> dict[str, Feature]:
    """Tokens of the whole conversation, and the share of them that is learned."""
    messages = conversation(record, framing)["messages"]
    encoded = encode(tokenizer, messages)
    tokens = len(encoded.ids)
    return {
        "id": record.id,
        "part": part,
        "tokens": tokens,
        "learned_share": (tokens - encoded.prompt) / tokens,
        "o200k_tokens": tokens_of(messages),
    }
