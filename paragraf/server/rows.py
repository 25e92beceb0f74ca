"""Rows: an uploaded file of chats in, conversations to train on and to measure on out."""

import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, cast

from paragraf.chat import PLAIN, Framing, Message, Tokenizer, encode
from paragraf.errors import BadRow, ParagrafError
from paragraf.format import Chats
from paragraf.lines import Place, read_lines
from paragraf.publish import digest_of, publish_as
from paragraf.records import Part
from paragraf.strict_json import parse
from paragraf.workspace import home, relative

FEWEST = 10  # examples; the protocol's own limit
_HELD_BACK = 0.05  # of the examples, where no validation file is given
_MOST_HELD_BACK = 50
NO_TEXT = "The file is no text in UTF-8 with a JSON object in every line"
_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
_NOT_HERE = ("tools", "functions", "tool_calls", "function_call", "audio")

Example = tuple[list[Message], list[bool]]  # the turns, and which of them are to be learned


class FileFault(Exception):
    """What is wrong with an uploaded file, as a job's error tells it."""

    def __init__(self, code: str, message: str, param: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param


def chats_of(training: Path, validation: Path | None, tokenizer: Tokenizer, max_tokens: int) -> Chats:
    """Chat files at rest, made of uploaded ones; without a validation file some examples are held back for it.

    Raises:
        FileFault: names the file's parameter and the line.
    """
    train = _checked(training, "training_file", tokenizer, max_tokens)
    if len(train) < FEWEST:
        message = f"Training file has {len(train)} example(s), but must have at least {FEWEST} examples"
        raise FileFault("invalid_n_examples", message, "training_file")
    if validation:
        valid = _checked(validation, "validation_file", tokenizer, max_tokens)
        if not valid:
            raise FileFault("invalid_validation_file", "Validation file has no example", "validation_file")
    else:
        held = set(heapq.nsmallest(held_back(len(train)), range(len(train)), key=lambda at: _hashed(train[at])))
        valid = [one for at, one in enumerate(train) if at in held]
        train = [one for at, one in enumerate(train) if at not in held]
    return _published({"train": train, "valid": valid, "test": []}, tokenizer)


def held_back(examples: int) -> int:
    """How many examples are not trained on, and measure instead, where no validation file is given."""
    return min(_MOST_HELD_BACK, max(1, round(_HELD_BACK * examples)))


def _checked(path: Path, param: str, tokenizer: Tokenizer, max_tokens: int) -> list[Example]:
    examples = []
    for number, example in _examples(path, param):
        length = len(encode(tokenizer, example[0]).ids)
        if length > max_tokens:
            _refuse(param, f"Line {number}: {length} tokens, more than the {max_tokens} that are taken here")
        examples.append(example)
    return examples


def _examples(path: Path, param: str) -> Iterator[tuple[int, Example]]:
    """Examples with the numbers of their lines; blank lines are passed over."""

    def reject(place: Place, error: BadRow) -> NoReturn:
        _refuse(param, f"Line {place.number}: {str(error).removeprefix(f'{place}: ')}")

    try:
        for number, line in read_lines(path, reject, no_utf8):
            if line.strip():
                try:
                    yield number, example_of(parse(line))
                except ValueError as error:
                    _refuse(param, f"Line {number}: {error}")
    except ParagrafError:
        _refuse(param, NO_TEXT)


def no_utf8(place: Place, line: bytes, at: int, following: Iterable[bytes]) -> BadRow:
    """What is wrong with a line that is no UTF-8, without advice that only the owner of a path could follow."""
    return BadRow(f"{place}: byte {at + 1} is no UTF-8")


def example_of(row: object) -> Example:
    """The turns of one row, and which of them are learned: what the assistant says, unless its weight is 0.

    Raises:
        ValueError: says what is wrong.
    """
    if not isinstance(row, dict) or not isinstance(row.get("messages"), list):
        raise ValueError('expected an object with "messages", a list')
    _refuse_what_is_not_here(row)
    turns, learned = [], []
    for message in row["messages"]:
        turn, weight = _turn(message)
        turns.append(turn)
        learned.append(turn["role"] == "assistant" and weight != 0)
    if not turns or turns[-1]["role"] != "assistant":
        raise ValueError("the last message must be from the assistant")
    first = next((at for at, turn in enumerate(turns) if turn["role"] == "assistant"), 0)
    if all(turn["role"] != "user" for turn in turns[:first]):
        raise ValueError("a message of the user must come before the first one of the assistant")
    if not any(learned):
        raise ValueError("no message of the assistant has a weight other than 0, so nothing would be learned")
    return turns, learned


def _turn(message: object) -> tuple[Message, float]:
    if not isinstance(message, dict):
        raise ValueError("a message must be an object with role and content")
    _refuse_what_is_not_here(message)
    role, content, weight = message.get("role"), message.get("content"), message.get("weight", 1)
    if not isinstance(role, str) or role not in _ROLES:
        raise ValueError("the role of a message must be system, developer, user or assistant")
    text = text_of(content)
    if not text.strip():
        raise ValueError(f"the content of a message of the {role} is empty")
    if isinstance(weight, bool) or weight not in (0, 1):
        raise ValueError("the weight of a message must be 0 or 1")
    return cast(Message, {"role": _ROLES[role], "content": text}), weight


def text_of(content: object) -> str:
    """The text of a message's content, which may come in parts.

    Raises:
        ValueError: it holds something else than text.
    """
    parts = [content] if isinstance(content, str) else content
    if not isinstance(parts, list):
        raise ValueError("the content of a message must be text")
    texts = [part.get("text") if isinstance(part, dict) and part.get("type") == "text" else part for part in parts]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("the content of a message must be text, here without images or sounds")
    return "".join(cast(list[str], texts))


def _refuse_what_is_not_here(row: Mapping[str, object]) -> None:
    if found := [name for name in _NOT_HERE if row.get(name)]:
        raise ValueError(f"{found[0]} are not learned here")


def _refuse(param: str, message: str) -> NoReturn:
    raise FileFault(f"invalid_{param}", message.rstrip("."), param)


def _hashed(example: Example) -> str:
    return hashlib.sha256(json.dumps(example).encode()).hexdigest()


def _published(parts: Mapping[Part, Sequence[Example]], tokenizer: Tokenizer) -> Chats:
    """A line a turn that is learned, each with all the turns before it."""
    tokens, rows, answers, longest = {}, {}, 0, 0
    with publish_as(home() / "chats", "chats") as staged:
        for part, examples in parts.items():
            tokens[part], rows[part] = 0, 0
            with (staged.folder / f"{part}.jsonl").open("w", encoding="utf-8") as file:
                for messages in _each_learned(examples):
                    encoded = encode(tokenizer, messages)
                    tokens[part] += len(encoded.ids)
                    rows[part] += 1
                    answers += len(encoded.ids) - encoded.prompt
                    longest = max(longest, len(encoded.ids))
                    file.write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")
        sealed = staged.seal()
        staged.name = digest_of(sealed)[:16]
    return Chats(
        path=relative(staged.final),
        digest=digest_of(sealed),
        tokens=tokens,
        rows=rows,
        learned_share=round(answers / sum(tokens.values()), 4),
        longest=longest,
        dropped=0,
        framing=_framing(parts["train"]),
    )


def _each_learned(examples: Sequence[Example]) -> Iterator[list[Message]]:
    for turns, learned in examples:
        yield from (turns[: at + 1] for at, is_learned in enumerate(learned) if is_learned)


def _framing(examples: Sequence[Example]) -> Framing:
    """The system message that all examples begin with, if they do."""
    first = {turns[0]["content"] if turns[0]["role"] == "system" else "" for turns, _ in examples}
    [system] = first if len(first) == 1 else [""]
    return Framing(system=system) if system else PLAIN
