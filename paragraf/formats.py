"""Formats: a plain row as people keep questions and answers in, a Record out."""

import datetime
import re
from collections.abc import Mapping
from typing import Literal, cast, get_args

from paragraf.errors import BadRow
from paragraf.lines import Place
from paragraf.reader import Row
from paragraf.records import ItemType, Record
from paragraf.strict_json import described

Format = Literal["qa", "openai", "exam"]
OUR_FIELDS = (  # what a source's column can be declared to be
    *("question", "answer", "instruction", "input", "messages", "choices", "id", "area", "item_type", "year"),
    *("legal_state", "legal_basis", "basis_text", "facts", "exam_type"),
)
NO_AREA = "inne"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ABBREVIATION = re.compile(r"(?:\w\.\s?\w{1,3}|\b(?:r|art|ust|itp|itd|tys|godz|proc|np|tj|zm|późn|poz|in))\.$")
_SPEAKERS = {"user": "Użytkownik", "assistant": "Asystent"}


def renamed(row: Row, fields: Mapping[str, str]) -> Row:
    """The row under our names; `fields` maps our names to the source's."""
    return row | {ours: row[theirs] for ours, theirs in fields.items() if theirs in row}


def format_of(row: Row) -> Format | None:
    """The format that a row's fields show, if any does.

    A closed item has choices and an answer that only points at one of them; a row that holds choices beside an
    answer in prose is a question with an answer.
    """
    held = {name for name, value in row.items() if value is not None}
    if "messages" in held:
        return "openai"
    if {"question", "choices", "answer"} <= held and len(str(row["answer"]).strip(" ().")) <= 1:
        return "exam"
    if held & set(_QUESTION) and held & set(_ANSWER):
        return "qa"
    return None


def to_record(row: Row, form: Format, place: Place) -> Record:
    """The record of a row that is already under our names; without an id if the row brings none.

    Raises:
        BadRow: a field is missing or of the wrong type.
    """
    return {"qa": _from_qa, "openai": _from_openai, "exam": _from_exam}[form](row, place)


def missing(row: Row, wanted: str, place: Place) -> BadRow:
    """What to tell about a row that lacks a field: which one, which ones it has, how to say which one is meant."""
    found = ", ".join(repr(name[:40]) for name in list(row)[:12]) or "none"
    remedy = f"say which one it is with --load.fields, such as --load.fields {wanted.partition(' ')[0]}=NAME"
    return BadRow(f"{place}: no field {wanted}; found the fields {found}; {remedy}.")
