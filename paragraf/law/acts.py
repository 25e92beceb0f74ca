"""Acts: the statutes that citations name, from paragraf/data/acts.json and the user's own file, each with its area."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from paragraf.law.own_acts import ActRow, read_own_acts
from paragraf.workspace import home

OWN_ACTS = (
    "PARAGRAF_ACTS"  # names the user's file of acts; without it, acts.json in the workspace counts if it is there
)

AREAS = (
    "cywilne",
    "praca",
    "rodo",
    "konsument",
    "najem",
    "spadki",
    "rodzinne",
    "karne",
    "administracyjne",
    "gospodarcze",
    "procedura",
    "podatki",
    "inne",
)
UNKNOWN_AREA = "inne"

_DATED_NAME = re.compile(r"ustawa z dnia \d+ \w+ (?P<year>\d{4}) r\. (?:– )?(?P<title>.+)")


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the table.

    Attributes:
        key: what citation keys begin with; never changes once published.
        cited_as: what follows the provision when we write it: "k.c.", "ustawy o prawach konsumenta".
        name: full name with the date.
        area: one of AREAS.
        journal: where it was first published ("dzu:1964:16:93"), which no amendment changes; "" for treaties.
        abbreviations: dots, blanks and case are free, except in one that begins with "=", which keeps its dots.
        names: "~" stands for any ending; one that begins with "o " is the title that follows "ustawa".
    """

    key: str
    cited_as: str
    name: str
    area: str
    journal: str
    abbreviations: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def year(self) -> int | None:
        """The year of the act; None for what is not a dated statute."""
        dated = _DATED_NAME.fullmatch(self.name)
        return int(dated["year"]) if dated else None

    @property
    def title(self) -> str:
        """The name without kind and date, in lower case: "kodeks karny", "o prawach konsumenta"."""
        dated = _DATED_NAME.fullmatch(self.name)
        return (dated["title"] if dated else self.name).lower()


class ActSource(NamedTuple):
    """What decides which acts are known: the environment and, for the workspace, the working folder."""

    named: str
    home: str
    folder: str


def act_source() -> ActSource:
    """The source of the acts as of now; whatever is made of the acts is kept by it."""
    environ = os.environ
    return ActSource(environ.get(OWN_ACTS, ""), environ.get("PARAGRAF_HOME", ""), os.getcwd())  # noqa: PTH109  # fast


def acts() -> Mapping[str, Act]:
    """All acts by key: the user's own, then those of the shipped table that they do not replace.

    The user's file is read once a process.

    Raises:
        MissingInput: PARAGRAF_ACTS names no file.
        BadSettings: the user's file is not a list of acts; names the file and the act.
    """
    return _acts(act_source())


def own_acts_file() -> Path | None:
    """The user's file of acts, if there is one; what citations are found depends on its content."""
    named = os.environ.get(OWN_ACTS)
    if named:
        return Path(named).absolute()
    path = home() / "acts.json"
    return path if path.exists() else None


def area_of(act_key: str) -> str:
    """The area of an act; "inne" for an act that the table does not know."""
    act = acts().get(act_key)
    return act.area if act else UNKNOWN_AREA


def published_at() -> Mapping[str, str]:
    """Act keys by the journal position of the first publication."""
    return _published_at(act_source())


@lru_cache(maxsize=16)
def _acts(source: ActSource) -> Mapping[str, Act]:  # the source is what the result is kept by
    path = own_acts_file()
    own = {row.key: _act(row) for row in read_own_acts(path, AREAS)} if path else {}
    return MappingProxyType({**own, **{key: act for key, act in _shipped().items() if key not in own}})


@lru_cache(maxsize=16)
def _published_at(source: ActSource) -> Mapping[str, str]:
    return MappingProxyType({act.journal: act.key for act in reversed(list(_acts(source).values())) if act.journal})


@cache
def _shipped() -> Mapping[str, Act]:
    rows = json.loads(files("paragraf").joinpath("data/acts.json").read_text(encoding="utf-8"))
    return {row["key"]: _act(ActRow(**row)) for row in rows}


def _act(row: ActRow) -> Act:
    return Act(
        key=row.key,
        cited_as=row.cited_as,
        name=row.name,
        area=row.area,
        journal=row.journal,
        abbreviations=tuple(row.abbreviations),
        names=tuple(row.names),
    )
