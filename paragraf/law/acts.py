"""Acts: the statutes that citations name, read from paragraf/data/acts.json, each with its area of law."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

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


@cache
def acts() -> Mapping[str, Act]:
    """All acts of the table by key."""
    rows = json.loads(files("paragraf").joinpath("data/acts.json").read_text(encoding="utf-8"))
    table = (
        Act(
            key=row["key"],
            cited_as=row["cited_as"],
            name=row["name"],
            area=row["area"],
            journal=row["journal"],
            abbreviations=tuple(row["abbreviations"]),
            names=tuple(row["names"]),
        )
        for row in rows
    )
    return MappingProxyType({act.key: act for act in table})


def area_of(act_key: str) -> str:
    """The area of an act; "inne" for an act that the table does not know."""
    act = acts().get(act_key)
    return act.area if act else UNKNOWN_AREA


@cache
def published_at() -> Mapping[str, str]:
    """Act keys by the journal position of the first publication."""
    return MappingProxyType({act.journal: act.key for act in acts().values() if act.journal})
