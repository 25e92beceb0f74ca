"""Sides: what two models answered to the same questions, in; question by question side by side, out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from paragraf.answer import Answer
from paragraf.errors import BadRow, BadSettings
from paragraf.ready_answers import read_ready
from paragraf.records import Record
from paragraf.snapshots import Snapshot

_ENDINGS = (".jsonl", ".ndjson")


class Reply(NamedTuple):
    """A question as it was asked, and the answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its name, and its replies by the question's id."""

    name: str
    replies: Mapping[str, Reply]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the answers of both sides."""

    id: str
    question: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """All that is compared: the names of the sides, questions with different answers, and how many have equal ones."""

    first: str
    second: str
    differing: list[Pair]
    equal: int


def is_answers_file(name: str) -> bool:
    """Whether a side is named by a file of ready answers."""
    return name.lower().endswith(_ENDINGS)


def read_side(path: Path) -> Side:
    """Ready answers: JSON Lines with `id`, `question` and `answer`.

    Raises:
        MissingInput: there is no such file.
        BadRow: a row lacks a field, or repeats an id; names the file and the line.
        TooFewRows: there are no rows.
    """
    return Side(path.name, {name: Reply(*texts) for name, texts in read_ready(path, ("question", "answer")).items()})


def wanted_rows(test: Snapshot, ready: Sequence[Side]) -> Snapshot:
    """The test rows that files of ready answers are about; all of them where there is no such file.

    Raises:
        BadRow: a file answers none of the test questions.
    """
    if not ready:
        return test
    wanted = {name for side in ready for name in side.replies}
    rows = [record for record in test.records() if record.id in wanted]
    if not rows:
        raise BadRow(f"{ready[0].name}: answers none of the {test.rows} test questions; their ids are in {test.path}.")
    return Snapshot.write("compare", rows)


def side_of(name: str, records: Sequence[Record], answers: Sequence[Answer]) -> Side:
    """A model's answers to the rows that it was asked."""
    questions = {record.id: record.question for record in records}
    said = {item.id: item.text for item in answers if item.text is not None}
    return Side(name, {row: Reply(questions[row].strip(), text.strip()) for row, text in said.items()})


def pair(first: Side, second: Side) -> Pairs:
    """The answers side by side, in the order of the first side.

    Raises:
        BadRow: the sides answer different questions; names both and what is missing where.
        BadSettings: the sides have one name, or all answers are equal.
    """
    if first.name == second.name:
        raise BadSettings(f"both sides are called {first.name!r}; name two models, or give the files different names.")
    _refuse_different_questions(first, second)
    pairs = [
        Pair(name, reply.question, reply.answer, second.replies[name].answer) for name, reply in first.replies.items()
    ]
    differing = [one for one in pairs if one.first != one.second]
    if not differing:
        raise BadSettings(f"{first.name} and {second.name} give the same {len(pairs)} answers; there is no difference.")
    return Pairs(first.name, second.name, differing, len(pairs) - len(differing))


def _refuse_different_questions(first: Side, second: Side) -> None:
    for side, other in ((first, second), (second, first)):
        if missing := [name for name in other.replies if name not in side.replies]:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            raise BadRow(
                f"{side.name}: no answer to question {missing[0][:60]!r}{more}, which {other.name} answers; "
                "both sides must answer the same questions."
            )
    for name, reply in first.replies.items():
        if reply.question != second.replies[name].question:
            raise BadRow(f"{second.name}: question {name[:60]!r} asks something else than in {first.name}; correct it.")
