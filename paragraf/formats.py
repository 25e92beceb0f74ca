"""Formats: a plain row as people keep questions and answers in, a Record out."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ABBREVIATION = re.compile(r"(?:\w\.\s?\w{1,3}|\bi o|\b(?:r|art|ust|itp|itd|tys|godz|proc|ww))\.$")
_QUESTION = ("question", "instruction")
_ANSWER = ("answer", "response", "output")
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
    match form:
        case "qa":
            return _from_qa(row, place)
        case "openai":
            return _from_openai(row, place)
        case "exam":
            return _from_exam(row, place)


def _from_qa(row: Row, place: Place) -> Record:
    question = _required(row, _QUESTION, place)
    addition = _label(row, "input", place) if row.get("question") is None else ""
    return _record(row, place, "\n\n".join(filter(None, (question, addition))), _required(row, _ANSWER, place))


def _from_openai(row: Row, place: Place) -> Record:
    """The last turn of each side; earlier ones stand before the question, each with its speaker's name.

    The system message is left out: every conversation gets ours.
    """
    turns = [_turn(message, place) for message in _list(row, "messages", place)]
    turns = [turn for index, turn in enumerate(turns) if index or turn[0] not in ("system", "developer")]
    roles = [role for role, _ in turns]
    if roles[-2:] != ["user", "assistant"] or not set(roles) <= set(_SPEAKERS):
        found = ", ".join(roles[-6:]) or "nothing"
        remedy = "write an optional system message, then turns of user and assistant, the last two in this order"
        raise BadRow(f"{place}: the roles in messages end with {found}; {remedy}.")
    *asked, (_, answer) = turns
    if len(asked) == 1:
        return _record(row, place, asked[0][1], answer)
    return _record(row, place, "\n".join(f"{_SPEAKERS[role]}: {content}" for role, content in asked), answer)


def _turn(message: object, place: Place) -> tuple[str, str]:
    if not isinstance(message, dict):
        raise BadRow(f"{place}: a message is {described(message)}; write an object with role and content.")
    role, content = message.get("role"), message.get("content")
    if not isinstance(role, str) or not isinstance(content, str) or not content.strip():
        wrong, value = ("content", content) if isinstance(role, str) else ("role", role)
        raise BadRow(f"{place}: {wrong} of a message is {described(value)}; write text that is not empty.")
    return role, content


def _from_exam(row: Row, place: Place) -> Record:
    """The stem with its lettered choices as the question; the right choice and its basis, in prose, as the answer."""
    stem = _required(row, ("question",), place).strip()
    choices = _choices(row, place)
    letter = _letter(row, choices, place)
    plain = _record(row, place, "\n".join([stem, *(f"{name}) {text}" for name, text in choices)]), "")
    basis = ", ".join(plain.legal_basis)
    answer = f"Prawidłowa jest odpowiedź {letter}: {_sentence(dict(choices)[letter])}"
    exam = filter(None, (_label(row, "exam_type", place), _label(row, "year", place), plain.id))
    return replace(
        plain,
        id="-".join(exam) if plain.id else "",
        answer=f"{answer} Podstawa prawna: {_sentence(basis)}" if basis else answer,
        area=plain.area or _area(basis),
        item_type="exam",
        choices=choices,
        correct=letter,
    )


def _choices(row: Row, place: Place) -> tuple[tuple[str, str], ...]:
    """Letters and texts in the order shown; a list gets its letters from the alphabet."""
    held = row.get("choices")
    if isinstance(held, list):
        held = dict(zip(_LETTERS, held, strict=False))
    if not isinstance(held, dict):
        raise BadRow(f"{place}: choices is {described(held)}; write an object such as {{'A': 'tak', 'B': 'nie'}}.")
    pairs = [(name.strip(" ().:").upper(), text) for name, text in held.items() if text is not None]
    if len(dict(pairs)) < max(2, len(pairs)) or not all(isinstance(text, str) for _, text in pairs):
        raise BadRow(f"{place}: choices is {described(held)}; write two or more texts, each under its own letter.")
    labels = [re.match(rf"\(?{re.escape(name)}[).:]\s*", text, re.IGNORECASE) for name, text in pairs]
    if all(labels):
        pairs = [(name, text[label.end() :]) for (name, text), label in zip(pairs, labels, strict=True) if label]
    return tuple((name, _trimmed(text)) for name, text in pairs)


def _letter(row: Row, choices: tuple[tuple[str, str], ...], place: Place) -> str:
    answer = _label(row, _first(row, ("answer",), place), place).strip(" ().:").upper()
    letters = [letter for letter, _ in choices]
    if answer in letters:
        return answer
    if isinstance(row["choices"], list) and answer.isdecimal() and int(answer) < len(letters):
        return letters[int(answer)]  # a list is counted from 0, as public sets of closed questions do
    remedy = f"give one of {', '.join(letters)}"
    raise BadRow(f"{place}: answer is {described(row['answer'])}, which is none of the choices; {remedy}.")


def _trimmed(choice: str) -> str:
    """A choice without the comma, semicolon or full stop that ends it in a list; an abbreviation keeps its dot."""
    choice = " ".join(choice.split()).rstrip(",; ")
    return choice if _ABBREVIATION.search(choice) else choice.rstrip(".,; ")


def _sentence(text: str) -> str:
    text = text.rstrip(".,; ")
    return text if text.endswith(("?", "!", "…")) else f"{text}."


def _area(basis: str) -> str:
    """The area of the first act that the basis names and our table knows."""
    from paragraf.law import UNKNOWN_AREA, area_of, find

    areas = (area_of(citation.act) for citation in find(basis))
    return next((area for area in areas if area != UNKNOWN_AREA), UNKNOWN_AREA)


def _record(row: Row, place: Place, question: str, answer: str) -> Record:
    """A record with what any format may tell beside question and answer."""
    item_type = _label(row, "item_type", place) or "general"
    if item_type not in get_args(ItemType):
        raise BadRow(f"{place}: item_type is {item_type[:40]!r}; it must be one of {', '.join(get_args(ItemType))}.")
    return Record(
        id=_label(row, "id", place),
        question=question,
        answer=answer,
        area=_label(row, "area", place),
        item_type=cast(ItemType, item_type),
        legal_state=_label(row, "legal_state", place) or _label(row, "year", place),
        legal_basis=_texts(row, "legal_basis", place),
        basis_text=_label(row, "basis_text", place) or _label(row, "legal_basis_content", place),
        facts=_texts(row, "facts", place),
        source=place.source(),
    )


def _required(row: Row, names: Sequence[str], place: Place) -> str:
    """The text of the first of these fields that the row has."""
    name = _first(row, names, place)
    value = row[name]
    if not isinstance(value, str):
        remedy = f"write text, or name another field with --load.fields {names[0]}=NAME"
        raise BadRow(f"{place}: {name} is {described(value)}; {remedy}.")
    return value


def _first(row: Row, names: Sequence[str], place: Place) -> str:
    for name in names:
        if row.get(name) is not None:
            return name
    wanted = " or ".join(repr(name) for name in names)
    found = ", ".join(f"{name[:40]!r}" + (" (null)" if row[name] is None else "") for name in list(row)[:12]) or "none"
    remedy = f"say which one holds it with --load.fields {names[0]}=NAME"
    raise BadRow(f"{place}: no field {wanted}; found the fields {found}; {remedy}.")


def _label(row: Row, name: str, place: Place) -> str:
    """Text, number or date as text; nothing for a field that is absent, null or empty."""
    value = row.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a column of whole numbers with gaps comes out of tables as 2015.0
    if isinstance(value, datetime.date):
        value = value.isoformat()
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRow(f"{place}: {name} is {described(value)}; write text or a whole number.")
    return str(value).strip()


def _texts(row: Row, name: str, place: Place) -> tuple[str, ...]:
    """One text or a list of them, without the empty ones."""
    value = row.get(name)
    texts = [text for text in (value if isinstance(value, list) else [value]) if text is not None]
    if not all(isinstance(text, str) for text in texts):
        raise BadRow(f"{place}: {name} is {described(value)}; write text or a list of texts.")
    return tuple(filter(None, (str(text).strip() for text in texts)))


def _list(row: Row, name: str, place: Place) -> list[object]:
    value = row[_first(row, (name,), place)]
    if not isinstance(value, list):
        raise BadRow(f"{place}: {name} is {described(value)}; write a list.")
    return value
