"""Format: split rows in, chat files out, as this machine and every endpoint of the OpenAI protocol read them."""

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from paragraf.chat import SYSTEM, Conversation, Encoded, Tokenizer, conversation, encode
from paragraf.errors import BadRow, TooFewRows
from paragraf.publish import digest_of, publish, read_manifest
from paragraf.records import PARTS, Part, Record
from paragraf.snapshots import Receipt
from paragraf.stage import StageSettings
from paragraf.workspace import home, relative


class FormatSettings(StageSettings):
    """How rows become conversations."""

    system: Annotated[
        str, Field(min_length=1, description="First message of every conversation; keep the disclosure in it.")
    ] = SYSTEM
    max_tokens: Annotated[
        int, Field(ge=64, le=131072, description="Longest conversation in tokens of the base model.")
    ] = 2048
    too_long: Annotated[
        Literal["stop", "drop"],
        Field(description="What happens to a longer one: stop the run, or drop it and count it."),
    ] = "stop"


class Chats(Receipt):
    """Chat files at rest (train, valid, test .jsonl, one conversation a line) with their sizes in tokens."""

    tokens: dict[Part, int]
    rows: dict[Part, int]
    learned_share: float
    longest: int
    dropped: int


def format_chats(parts: dict[Part, list[Record]], tokenizer: Tokenizer, settings: FormatSettings) -> Chats:
    """Write the conversations of every part, each checked against the context and for tokens to learn.

    Raises:
        BadRow: a row has no token to learn, or is over `max_tokens` and the settings say stop.
        TooFewRows: every row of a part was too long.
    """
    kept: dict[Part, list[tuple[Conversation, Encoded]]] = {part: [] for part in PARTS}
    for part, records in parts.items():
        if not records:
            raise TooFewRows(f"{part}: there are no rows; give the split more rows.")
        kept[part] = _fitting(records, tokenizer, settings)
        if not kept[part]:
            raise TooFewRows(f"{part}: no row is within {settings.max_tokens} tokens; raise --format.max-tokens.")
    encoded = [item for rows in kept.values() for _, item in rows]
    total = sum(len(item.ids) for item in encoded)
    lines = {part: [json.dumps(chat, ensure_ascii=False) for chat, _ in rows] for part, rows in kept.items()}
    final = home() / "chats" / _name(lines)
    with publish(final) as folder:
        for part in PARTS:
            (folder / f"{part}.jsonl").write_text("".join(line + "\n" for line in lines[part]), "utf-8")
    return Chats(
        path=relative(final),
        digest=digest_of(read_manifest(final)),
        tokens={part: sum(len(item.ids) for _, item in kept[part]) for part in PARTS},
        rows={part: len(kept[part]) for part in PARTS},
        learned_share=round(sum(len(item.ids) - item.prompt for item in encoded) / total, 4),
        longest=max(len(item.ids) for item in encoded),
        dropped=sum(len(records) for records in parts.values()) - len(encoded),
    )


def _fitting(
    records: Sequence[Record], tokenizer: Tokenizer, settings: FormatSettings
) -> list[tuple[Conversation, Encoded]]:
    kept = []
    for record in records:
        chat = conversation(record, settings.system)
        encoded = encode(tokenizer, chat["messages"])
        if len(encoded.ids) - encoded.prompt < 2:
            raise BadRow(f"{record.source} ({record.id}): the answer holds no token to learn; remove the row.")
        if len(encoded.ids) <= settings.max_tokens:
            kept.append((chat, encoded))
        elif settings.too_long == "stop":
            raise BadRow(
                f"{record.source} ({record.id}): {len(encoded.ids)} tokens, over {settings.max_tokens}; "
                "raise --format.max-tokens or set --format.too-long drop."
            )
    return kept


def _name(lines: dict[Part, list[str]]) -> str:
    return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()[:16]
