"""Fields: what the parts of a plain row hold, each as the record wants it, or a refusal that says what to do."""

import datetime
from collections.abc import Sequence
from typing import cast, get_args

from paragraf.errors import BadRow
from paragraf.lines import Place
from paragraf.reader import Row
from paragraf.records import ItemType, Record
from paragraf.strict_json import described


def record_of(row: Row, place: Place, question: str, answer: str) -> Record:
    """A record with what any format may tell beside question and answer."""
    item_type = label_of(row, "item_type", place) or "general"
    if item_type not in get_args(ItemType):
        raise BadRow(f"{place}: item_type is {item_type[:40]!r}; it must be one of {', '.join(get_args(ItemType))}.")
    return Record(
        id=label_of(row, "id", place),
        question=question,
        answer=answer,
        area=label_of(row, "area", place),
        item_type=cast(ItemType, item_type),
        legal_state=label_of(row, "legal_state", place) or label_of(row, "year", place),
        legal_basis=texts_of(row, "legal_basis", place),
        basis_text=label_of(row, "basis_text", place) or label_of(row, "legal_basis_content", place),
        facts=texts_of(row, "facts", place),
        source=place.source(),
    )


def text_of(row: Row, names: Sequence[str], place: Place) -> str:
    """The text of the first of these fields that the row has."""
    name = present(row, names, place)
    value = row[name]
    if not isinstance(value, str):
        remedy = f"write text, or name another field with --load.fields {names[0]}=NAME"
        raise BadRow(f"{place}: {name} is {described(value)}; {remedy}.")
    return value


def present(row: Row, names: Sequence[str], place: Place) -> str:
    """The first of these names under which the row holds something."""
    for name in names:
        if row.get(name) is not None:
            return name
    wanted = " or ".join(repr(name) for name in names)
    found = ", ".join(f"{name[:40]!r}" + (" (null)" if row[name] is None else "") for name in list(row)[:12]) or "none"
    remedy = f"say which one holds it with --load.fields {names[0]}=NAME"
    raise BadRow(f"{place}: no field {wanted}; found the fields {found}; {remedy}.")


def label_of(row: Row, name: str, place: Place) -> str:
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


def texts_of(row: Row, name: str, place: Place) -> tuple[str, ...]:
    """One text or a list of them, without the empty ones."""
    value = row.get(name)
    texts = [text for text in (value if isinstance(value, list) else [value]) if text is not None]
    if not all(isinstance(text, str) for text in texts):
        raise BadRow(f"{place}: {name} is {described(value)}; write text or a list of texts.")
    return tuple(filter(None, (str(text).strip() for text in texts)))


def list_of(row: Row, name: str, place: Place) -> list[object]:
    """A list, of anything."""
    value = row[present(row, (name,), place)]
    if not isinstance(value, list):
        raise BadRow(f"{place}: {name} is {described(value)}; write a list.")
    return value
