"""Rules: a training file in; its tokens out, or the first row that a provider would refuse, by file and line."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from paragraf import strict_json
from paragraf.chat import Message
from paragraf.errors import BadRow, TooFewRows
from paragraf.protocol.tokens import tokens_of
from paragraf.remote.profiles import Profile

FEWEST = 10  # rows of a training file
_ROLES = ("system", "developer", "user", "assistant", "tool")
_SPECIAL = ("<|endoftext|>", "<|endofprompt|>", "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|fim_prefix|>",
            "<|fim_middle|>", "<|fim_suffix|>", "<|start|>", "<|end|>", "<|message|>", "<|channel|>")  # fmt: skip
_BOM = b"\xef\xbb\xbf"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """A file that a provider takes: its rows and their tokens, as OpenAI's models count them."""

    rows: int
    tokens: int


def check_supervised(path: Path, profile: Profile, fewest: int = FEWEST) -> Counted:
    """Conversations, each a line, that end with an answer.

    Raises:
        BadRow: a row breaks a rule of the provider's; names file and line.
        TooFewRows: there are fewer rows than the provider takes.
    """
    return _checked(path, profile, fewest, _conversation)


def check_pairs(path: Path, profile: Profile, fewest: int = FEWEST) -> Counted:
    """Questions, each a line with a preferred and another answer.

    Raises:
        BadRow, TooFewRows: as `check_supervised`.
    """
    return _checked(path, profile, fewest, _pair)


def _checked(path: Path, profile: Profile, fewest: int, read: Callable[[Row], list[Message]]) -> Counted:
    size = path.stat().st_size
    if size > profile.most_bytes:
        raise BadRow(f"{path}: {size:,} bytes, the provider takes {profile.most_bytes:,}; give it fewer rows.")
    rows, tokens = 0, 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                row_tokens = tokens_of(read(_row(line, number)))
                if row_tokens > profile.most_row_tokens:
                    raise ValueError(f"{row_tokens:,} tokens, the provider takes {profile.most_row_tokens:,}")
            except ValueError as error:
                raise BadRow(f"{path}:{number}: {error}.") from None
            rows, tokens = rows + 1, tokens + row_tokens
    if rows < fewest:
        raise TooFewRows(f"{path}: {rows} rows, a provider takes {fewest} or more; give the split more rows.")
    return Counted(rows, tokens)


def _row(line: bytes, number: int) -> Row:
    if number == 1 and line.startswith(_BOM):
        raise ValueError("begins with a byte order mark; save it as UTF-8 without one")
    if not line.strip():
        raise ValueError("an empty line; remove it")
    if line.endswith(b"\r\n"):
        raise ValueError("ends with a carriage return; save it with Unix line ends")
    try:
        row = strict_json.parse(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("is no UTF-8") from None
    if not isinstance(row, dict):
        raise ValueError("is no JSON object")
    return row


def _conversation(row: Row) -> list[Message]:
    messages = _messages(row.get("messages"), "messages")
    if messages[-1]["role"] != "assistant":
        raise ValueError("the last message is not the assistant's")
    return messages


def _pair(row: Row) -> list[Message]:
    asked = row.get("input")
    found = _messages(asked.get("messages") if isinstance(asked, dict) else None, "input.messages")
    better = _answer(row, "preferred_output")
    worse = _answer(row, "non_preferred_output")
    if better == worse:
        raise ValueError("both outputs are the same")
    return [*found, *better, *worse]


def _answer(row: Row, name: str) -> list[Message]:
    answer = _messages(row.get(name), name)
    if answer[-1]["role"] != "assistant":
        raise ValueError(f"{name} is not the assistant's")
    return answer


def _messages(value: object, name: str) -> list[Message]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise ValueError(f"{name} is no list of messages")
    for place, message in enumerate(value, start=1):
        if not isinstance(message, dict):
            raise ValueError(f"{name}: message {place} is no object")
        if message.get("role") not in _ROLES:
            role = json.dumps(message.get("role"))[:40]
            raise ValueError(f"{name}: message {place} has the role {role}; known are {', '.join(_ROLES)}")
        content = message.get("content")
        if not isinstance(content, str) or not content.strip():
            raise ValueError(f"{name}: message {place} is empty or no text")
        if found := [token for token in _SPECIAL if token in content]:
            raise ValueError(f"{name}: message {place} holds {found[0]}, which steers a model; take it out")
    return cast(list[Message], list(value))
