"""Labels: files with answers, and with what people say of them, in; values that a judge can be held against out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from paragraf.errors import BadRow, BadSettings
from paragraf.judge.asking import CHOICES, GRADED, Answered, Criterion, Grade, Rivals
from paragraf.lines import Place
from paragraf.reader import Row
from paragraf.ready_answers import id_of, read_ready, rows_of, text_of
from paragraf.strict_json import described

_TEXTS = ("question", "expected", "answer")


@dataclass(frozen=True, slots=True)
class Label:
    """What one person says of one answer or pair: places on the scale of each criterion, a higher one is better."""

    id: str
    rater: str
    values: Mapping[Criterion, int]


def read_answers(path: Path) -> list[Answered]:
    """Answers of one model: rows with id, question, expected (the right answer) and answer.

    Raises:
        MissingInput: there is no such file.
        BadRow: a row lacks a field, or repeats an id; names the file and the line.
        TooFewRows: there are no rows.
    """
    return [Answered(name, *texts) for name, texts in read_ready(path, _TEXTS).items()]


def rivals(first: Path, second: Path) -> list[Rivals]:
    """The answers of two models to the same questions, side by side.

    Raises:
        BadRow: as `read_answers`, or the files answer different questions.
    """
    one, other = ({item.id: item for item in read_answers(path)} for path in (first, second))
    if differing := one.keys() ^ other.keys():
        name = min(differing)
        lacking = second if name in one else first
        raise BadRow(f"{lacking}: no answer to question {name[:60]!r}; both files must answer the same questions.")
    for name, item in one.items():
        if (item.question, item.expected) != (other[name].question, other[name].expected):
            raise BadRow(
                f"{second}: question {name[:60]!r} or its right answer is another than in {first}; correct it."
            )
    return [Rivals(name, item.question, item.expected, item.answer, other[name].answer) for name, item in one.items()]


def read_labels(path: Path, items: Sequence[Answered] | Sequence[Rivals]) -> list[Label]:
    """Labels: rows with id, rater and a score from 1 to 4 (or grades by criterion), or a preference: A, B or tie.

    Raises:
        MissingInput: there is no such file.
        BadRow: a row labels no known item, holds no label, a wrong one, or the second of the same rater.
        BadSettings: scores are about one file of answers, preferences about two.
        TooFewRows: there are no rows.
    """
    known = {item.id for item in items}
    wanted: tuple[Criterion, ...] = ("preference",) if isinstance(items[0], Rivals) else GRADED
    found: dict[tuple[str, str], Label] = {}
    for place, row in rows_of(path, ("id", "rater", "score or preference")):
        name, rater = id_of(row, place), text_of(row, "rater", place)
        if name not in known:
            raise BadRow(f"{place}: there is no answer with the id {name[:60]!r}; label what the answers hold.")
        if (name, rater) in found:
            raise BadRow(f"{place}: {rater[:60]!r} has labelled {name[:60]!r} before; keep one of the two.")
        found[name, rater] = Label(name, rater, _values(row, wanted, place))
    return list(found.values())


def _values(row: Row, wanted: tuple[Criterion, ...], place: Place) -> dict[Criterion, int]:
    held: list[Criterion] = [name for name in (*GRADED, "preference") if row.get(name) is not None]
    if not held:
        raise BadRow(f"{place}: no label; write score (1 to 4), or preference (A, B or tie).")
    if strange := [name for name in held if name not in wanted]:
        files = "two files" if strange[0] == "preference" else "one file"
        raise BadSettings(f"{place}: labels of {strange[0]} are about {files} of answers; name as many.")
    return {name: _place_on_scale(row[name], name, place) for name in held}


def _place_on_scale(value: object, criterion: Criterion, place: Place) -> int:
    if criterion == "preference":
        if value in CHOICES:
            return [*CHOICES].index(value)
        raise BadRow(f"{place}: expected A, B or tie as preference, found {described(value)}.")
    if type(value) is int and value in get_args(Grade):
        return value
    raise BadRow(f"{place}: expected a number from 1 to 4 as {criterion}, found {described(value)}.")
