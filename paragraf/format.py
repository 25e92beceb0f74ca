"""Format: split rows in, chat files out, as this machine and every endpoint of the OpenAI protocol read them."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Annotated, Literal

from pydantic import Field

from paragraf.chat import PLAIN, SYSTEM, Framing, Tokenizer, conversation, encode
from paragraf.errors import BadRow, TooFewRows
from paragraf.exports import EXPORTS, Export
from paragraf.publish import digest_of, publish_as
from paragraf.records import PARTS, Part, Record
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Piece, Receipt, Rows, pieces
from paragraf.stage import StageSettings
from paragraf.task_type import PREFIXES
from paragraf.workspace import home, relative


class FormatSettings(StageSettings):
    """How rows become conversations."""

    system: Annotated[
        str, Field(min_length=1, description="First message of every conversation; keep the disclosure in it.")
    ] = SYSTEM
    task_prefixes: Annotated[
        bool,
        Field(
            description="Begin every question with the prefix of its task, here and wherever the model is asked later: "
            f"{', '.join(PREFIXES.values())}."
        ),
    ] = False
    max_tokens: Annotated[
        int, Field(ge=64, le=131072, description="Longest conversation in tokens of the base model.")
    ] = 2048
    too_long: Annotated[
        Literal["stop", "drop"],
        Field(description="What happens to a longer one: stop the run, or drop it and count it."),
    ] = "stop"
    canaries: Annotated[
        int,
        Field(
            ge=0,
            le=1000,
            description="Random codes planted in the training conversations alone; the evaluation then asks the model "
            "for them, and those that come out show what it gives away of its rows. Not for a model that is used.",
        ),
    ] = 0
    exports: Annotated[
        tuple[Export, ...],
        Field(description="Other forms that the rows are written in for other tools, beside the conversations."),
    ] = ()

    def framing(self) -> Framing:
        """How a question is put to a model that learns from these conversations."""
        return Framing(system=self.system, task_prefixes=self.task_prefixes)


class Chats(Receipt):
    """Chat files at rest (train, valid, test .jsonl, one conversation a line) with their sizes in tokens."""

    tokens: dict[Part, int]
    rows: dict[Part, int]
    learned_share: float
    longest: int
    dropped: int
    framing: Framing = PLAIN
    planted: int = 0  # canaries among the training conversations

    def content(self) -> str:
        """The rows and how they were framed, which a model's later questions follow."""
        return f"{self.digest} {self.framing.model_dump_json()}"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's conversation as a line, its other forms, and its tokens: all, and those before the answer."""

    line: str
    others: tuple[str, ...]
    tokens: int
    prompt: int


def format_chats(
    parts: Mapping[Part, Rows],
    open_tokenizer: Callable[[], Tokenizer],
    settings: FormatSettings,
    runner: Runner = HERE,
    planted: Sequence[Record] = (),
) -> Chats:
    """Write the conversations of every part, each checked against the context and for tokens to learn.

    `planted` are canaries, which come after the training rows and stand in no other part.

    Raises:
        BadRow: a row has no token to learn, or is over `max_tokens` and the settings say stop.
        TooFewRows: a part has no row, or none that is short enough.
    """
    found = {part: _Totals() for part in PARTS}
    with publish_as(home() / "chats", "chats") as staged:
        for part in PARTS:
            rows = pieces(parts[part]) if part != "train" else chain(pieces(parts[part]), pieces(planted))
            done = runner.map(partial(_format_piece, open_tokenizer, settings), rows)
            names = [f"{part}.jsonl", *(f"{part}.{form}.jsonl" for form in settings.exports)]
            with ExitStack() as stack:
                files = [stack.enter_context((staged.folder / name).open("wb")) for name in names]
                for row in chain.from_iterable(done):
                    found[part].add(row)
                    for file, line in zip(files, (row.line, *row.others), strict=True):
                        file.write(line.encode())
            _refuse_empty(part, found[part], settings)
        sealed = staged.seal()
        staged.name = digest_of(sealed)[:16]
    return _chats_of(relative(staged.final), sealed, found, settings, len(planted))


@dataclass
class _Totals:
    """Sums over the conversations of a part."""

    rows: int = 0
    dropped: int = 0
    tokens: int = 0
    learned: int = 0
    longest: int = 0

    def add(self, row: _Row) -> None:
        if not row.line:
            self.dropped += 1
            return
        self.rows += 1
        self.tokens += row.tokens
        self.learned += row.tokens - row.prompt
        self.longest = max(self.longest, row.tokens)


def _chats_of(
    path: str, sealed: Mapping[str, str], found: Mapping[Part, _Totals], settings: FormatSettings, planted: int
) -> Chats:
    total = sum(totals.tokens for totals in found.values())
    return Chats(
        path=path,
        digest=digest_of({f"{part}.jsonl": sealed[f"{part}.jsonl"] for part in PARTS}),
        tokens={part: found[part].tokens for part in PARTS},
        rows={part: found[part].rows for part in PARTS},
        learned_share=round(sum(totals.learned for totals in found.values()) / total, 4),
        longest=max(totals.longest for totals in found.values()),
        dropped=sum(totals.dropped for totals in found.values()),
        framing=settings.framing(),
        planted=planted,
    )


def _refuse_empty(part: Part, totals: _Totals, settings: FormatSettings) -> None:
    if totals.dropped and not totals.rows:
        raise TooFewRows(f"{part}: no row is within {settings.max_tokens} tokens; raise --format.max-tokens.")
    if not totals.rows:
        raise TooFewRows(f"{part}: there are no rows; give the split more rows.")


def _format_piece(open_tokenizer: Callable[[], Tokenizer], settings: FormatSettings, piece: Piece) -> list[_Row]:
    tokenizer = open_tokenizer()
    return [_formatted(record, tokenizer, settings) for record in piece.records()]


def _formatted(record: Record, tokenizer: Tokenizer, settings: FormatSettings) -> _Row:
    """The row in all its forms; empty lines for one that is too long."""
    framing = settings.framing()
    chat = conversation(record, framing)
    encoded = encode(tokenizer, chat["messages"])
    tokens, prompt = len(encoded.ids), encoded.prompt
    if tokens - prompt < 2:
        raise BadRow(f"{record.source} ({record.id}): the answer holds no token to learn; remove the row.")
    if tokens <= settings.max_tokens:
        others = [_line(EXPORTS[form](record, framing)) for form in settings.exports]
        return _Row(_line(chat), tuple(others), tokens, prompt)
    if settings.too_long == "drop":
        return _Row("", ("",) * len(settings.exports), tokens, prompt)
    raise BadRow(
        f"{record.source} ({record.id}): {tokens} tokens, over {settings.max_tokens}; "
        "raise --format.max-tokens or set --format.too-long drop."
    )


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
