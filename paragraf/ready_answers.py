"""Ready answers: a file of JSON rows about answers in, its rows with their places, ids and texts, out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from paragraf.errors import BadRow, MissingInput, TooFewRows
from paragraf.lines import Place
from paragraf.reader import Row, read_rows
from paragraf.strict_json import described


def read_ready(path: Path, fields: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Id -> texts of these fields, in the order of the file.

    Raises:
        MissingInput: there is no such file.
        BadRow: a row lacks a field, or repeats an id; names the file and the line.
        TooFewRows: there are no rows.
    """
    found: dict[str, tuple[str, ...]] = {}
    for place, row in rows_of(path, ("id", *fields)):
        name = id_of(row, place)
        if name in found:
            raise BadRow(f"{place}: the id {name[:60]!r} stands here again; give each question one row.")
        found[name] = tuple(text_of(row, field, place) for field in fields)
    return found


def rows_of(path: Path, fields: Sequence[str]) -> Iterator[tuple[Place, Row]]:
    """The rows with their places; `fields` are told to who gave an empty file."""
    if not path.is_file():
        raise MissingInput(f"{path}: no such file; name one whose rows have {', '.join(fields[:-1])} and {fields[-1]}.")
    number = 0
    for number, row in read_rows(path):
        yield Place(path, number), row
    if not number:
        raise TooFewRows(f"{path}: no rows; each has {', '.join(fields[:-1])} and {fields[-1]}.")


def id_of(row: Row, place: Place) -> str:
    """The id of a row: text, or a whole number."""
    return str(row["id"]) if type(row.get("id")) is int else text_of(row, "id", place)


def text_of(row: Row, field: str, place: Place) -> str:
    """The text of a field without blanks at its ends; an answer may be empty."""
    value = row.get(field)
    if not isinstance(value, str) or (field != "answer" and not value.strip()):
        raise BadRow(f"{place}: expected text in {field!r}, found {described(value)}; write it there.")
    return value.strip()
