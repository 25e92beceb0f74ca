"""Closed items: a stem, lettered choices and the letter of the right one in, a question with an answer in prose out."""

import re
from dataclasses import replace

from paragraf.errors import BadRow
from paragraf.formats.fields import label_of, present, record_of, text_of
from paragraf.lines import Place
from paragraf.reader import Row
from paragraf.records import Record
from paragraf.strict_json import described

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ABBREVIATION = re.compile(r"(?:\w\.\s?\w{1,3}|\bi o|\b(?:r|art|ust|itp|itd|tys|godz|proc|ww))\.$")


def from_exam(row: Row, place: Place) -> Record:
    """The stem with its lettered choices as the question; the right choice and its basis, in prose, as the answer."""
    stem = text_of(row, ("question",), place).strip()
    choices = _choices(row, place)
    letter = _letter(row, choices, place)
    plain = record_of(row, place, "\n".join([stem, *(f"{name}) {text}" for name, text in choices)]), "")
    basis = ", ".join(plain.legal_basis)
    answer = f"Prawidłowa jest odpowiedź {letter}: {_sentence(dict(choices)[letter])}"
    exam = filter(None, (label_of(row, "exam_type", place), label_of(row, "year", place), plain.id))
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
    answer = label_of(row, present(row, ("answer",), place), place).strip(" ().:").upper()
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
