"""Own acts: a person's acts.json in, the acts that go over the shipped table out."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from paragraf import strict_json
from paragraf.errors import BadSettings, MissingInput

_LARGEST_FILE = 4_194_304  # bytes; all statutes in force, with their names, need half of it
_NOT_AN_ACT = frozenset({"dzu", "mp", "sig", "ustawa"})  # what other keys of citations begin with

Words = Annotated[str, Field(min_length=1, max_length=300, pattern=r"\w")]


class ActRow(BaseModel):
    """One act as acts.json holds it; the fields are told at `paragraf.law.acts.Act`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
    cited_as: Words
    name: Words
    area: str = "inne"
    journal: Annotated[str, Field(pattern=r"^([a-z]+(:\w+){1,3})?$")] = ""
    abbreviations: list[Words] = []
    names: list[Words] = []


_ROWS = TypeAdapter(list[ActRow])


def read_own_acts(path: Path, areas: tuple[str, ...]) -> list[ActRow]:
    """The acts of a person's file, in file order, each also found by the form in which it is cited.

    Raises:
        MissingInput: there is no such file.
        BadSettings: it is not a JSON list of acts as paragraf/data/acts.json holds them; names the file and the act.
    """
    rows = _read(path)
    seen: set[str] = set()
    for row in rows:
        if row.key in _NOT_AN_ACT or row.key in seen:
            why = "stands twice" if row.key in seen else "already means something else"
            raise BadSettings(f"{path}: act {row.key!r}: the key {why}; choose another one.")
        if row.area not in areas:
            raise BadSettings(f"{path}: act {row.key!r}: {row.area!r} is no area; choose one of {', '.join(areas)}.")
        seen.add(row.key)
    return [_with_cited_form(row) for row in rows]


def _read(path: Path) -> list[ActRow]:
    shape = "write a list of acts as in paragraf/data/acts.json"
    if not path.is_file():
        raise MissingInput(f"{path}: no such file of acts; correct PARAGRAF_ACTS or unset it.")
    if path.stat().st_size > _LARGEST_FILE:
        raise BadSettings(f"{path}: over {_LARGEST_FILE} bytes; this is no file of acts; {shape}.")
    try:
        return _ROWS.validate_python(strict_json.parse(path.read_text("utf-8-sig")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ", ".join(f"act {part + 1}" if isinstance(part, int) else str(part) for part in first["loc"][:2])
        raise BadSettings(f"{path}: {f'{place}: ' if place else ''}{first['msg']}; {shape}.") from error
    except UnicodeDecodeError as error:
        raise BadSettings(f"{path}: not readable as UTF-8; {shape}.") from error
    except (ValueError, OSError) as error:
        raise BadSettings(f"{path}: {error}; {shape}.") from error


def _with_cited_form(row: ActRow) -> ActRow:
    """The act with its cited form among its forms, so that what is written back reads the same."""
    statute = re.fullmatch(r"ustawy\s+(?P<title>o\s.+)", row.cited_as)
    if statute:
        return row.model_copy(update={"names": [*row.names, statute["title"]]})
    return row.model_copy(update={"abbreviations": [*row.abbreviations, row.cited_as]})
