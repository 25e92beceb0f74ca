"""Damage: sound rows in, a file of them with known damage planted out; what a data doctor must find again."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from paragraf.text import without_diacritics

PLANTED = ("cp1250", "mojibake", "html", "no_diacritics", "pesel", "fabricated")
PESELS = ["80810112344", "92712405671"]  # of the years 2200 to 2299: nobody has them
Row = dict[str, object]


def damaged(rows: list[Row], path: Path, each: int, seed: int = 0) -> dict[str, set[int]]:
    """Write the rows with `each` of them damaged in each way; gives the damaged lines (from 1) by kind."""
    chosen = Random(seed).sample(range(1, len(rows) + 1), each * len(PLANTED))
    planted = {kind: set(chosen[at * each : (at + 1) * each]) for at, kind in enumerate(PLANTED)}
    kind_of = {number: kind for kind, numbers in planted.items() for number in numbers}
    with path.open("wb") as file:
        for number, row in enumerate(rows, start=1):
            kind = kind_of.get(number)
            spoilt = _SPOIL[kind](row, number) if kind in _SPOIL else row
            line = json.dumps(spoilt, ensure_ascii=False) + "\n"
            file.write(_in_cp1250(line) if kind == "cp1250" else line.encode())
    return planted


def _in_cp1250(line: str) -> bytes:
    """Letters that it does not have, such as superscripts, as JSON escapes."""
    return b"".join(letter.encode("cp1250", "ignore") or f"\\u{ord(letter):04x}".encode() for letter in line)


def _mojibake(row: Row, _: int) -> Row:
    return _in_texts(row, lambda text: text.encode().decode("cp1252", "replace"))


def _html(row: Row, _: int) -> Row:
    return _in_texts(row, lambda text: f"<p>{text.replace(' ', '&nbsp;', 1)}</p><br/>")


def _no_diacritics(row: Row, _: int) -> Row:
    return _in_texts(row, without_diacritics)


def _pesel(row: Row, number: int) -> Row:
    return row | {"question": f"{row['question']} Mój PESEL to {PESELS[number % 2]}."}


def _fabricated(row: Row, number: int) -> Row:
    made_up = f"art. {3000 + number} k.c."
    name = "legal_basis" if "choices" in row else "answer"
    return row | {name: made_up if "choices" in row else f"{row['answer']} Tak też stanowi {made_up}"}


_SPOIL: dict[str | None, Callable[[Row, int], Row]] = {
    "mojibake": _mojibake,
    "html": _html,
    "no_diacritics": _no_diacritics,
    "pesel": _pesel,
    "fabricated": _fabricated,
}


def _in_texts(row: Row, change: Callable[[str], str]) -> Row:
    choices = row.get("choices")
    if isinstance(choices, dict):
        told = {"choices": {letter: change(str(choice)) for letter, choice in choices.items()}}
    else:
        told = {"answer": change(str(row["answer"]))}
    return row | {"question": change(str(row["question"]))} | told
