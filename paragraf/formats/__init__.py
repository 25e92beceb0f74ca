"""Formats: a plain row as people keep questions and answers in, a Record out."""

from collections.abc import Callable, Mapping
from typing import Literal

from paragraf.formats.closed_items import from_exam
from paragraf.formats.conversations import (
    SHAREGPT,
    from_openai,
    from_prompt_completion,
    from_sharegpt,
    from_text,
    is_sharegpt,
)
from paragraf.formats.fields import label_of, record_of, text_of
from paragraf.lines import Place
from paragraf.reader import Row
from paragraf.records import Record

__all__ = ["OUR_FIELDS", "Format", "format_of", "renamed", "to_record"]

Format = Literal["qa", "openai", "exam", "sharegpt", "alpaca", "prompt_completion", "text"]
OUR_FIELDS = (  # what a source's column can be declared to be
    *("question", "answer", "instruction", "input", "output", "messages", "conversations", "prompt", "completion"),
    *("text", "choices", "id", "area", "item_type", "year"),
    *("legal_state", "legal_basis", "basis_text", "facts", "exam_type"),
)
_QUESTION = ("question", "instruction")
_ANSWER = ("answer", "response", "output")


def renamed(row: Row, fields: Mapping[str, str]) -> Row:
    """The row under our names; `fields` maps our names to the source's."""
    return row | {ours: row[theirs] for ours, theirs in fields.items() if theirs in row}


def format_of(row: Row) -> Format | None:
    """The format that a row's fields show, if any does; Alpaca's rows are read as qa.

    A closed item has choices and an answer that only points at one of them; a row that holds choices beside an
    answer in prose is a question with an answer. A text beside a question or an answer is no format of its own.
    """
    held = {name for name, value in row.items() if value is not None}
    if "messages" in held:
        return "sharegpt" if is_sharegpt(row["messages"]) else "openai"
    if {"question", "choices", "answer"} <= held and len(str(row["answer"]).strip(" ().")) <= 1:
        return "exam"
    if held & set(_QUESTION) and held & set(_ANSWER):
        return "qa"
    if held & set(SHAREGPT):
        return "sharegpt"
    if {"prompt", "completion"} <= held:
        return "prompt_completion"
    return "text" if "text" in held and not held & {*_QUESTION, *_ANSWER} else None


def to_record(row: Row, form: Format, place: Place) -> Record:
    """The record of a row that is already under our names; without an id if the row brings none.

    Raises:
        BadRow: a field is missing or of the wrong type.
    """
    return _READERS[form](row, place)


def _from_qa(row: Row, place: Place) -> Record:
    if row.get("question") is None:
        return _instructed(row, place, _QUESTION, _ANSWER)
    return record_of(row, place, text_of(row, _QUESTION, place), text_of(row, _ANSWER, place))


def _from_alpaca(row: Row, place: Place) -> Record:
    return _instructed(row, place, ("instruction",), ("output", "response"))


def _instructed(row: Row, place: Place, asked: tuple[str, ...], answered: tuple[str, ...]) -> Record:
    """An instruction and its input, if it has one, as the question."""
    question = "\n\n".join(filter(None, (text_of(row, asked, place), label_of(row, "input", place))))
    return record_of(row, place, question, text_of(row, answered, place))


_READERS: Mapping[Format, Callable[[Row, Place], Record]] = {
    "qa": _from_qa,
    "openai": from_openai,
    "exam": from_exam,
    "sharegpt": from_sharegpt,
    "alpaca": _from_alpaca,
    "prompt_completion": from_prompt_completion,
    "text": from_text,
}
