"""Changes: provisions whose law became another one on a day, as this workspace was told; whether a row rests on one.

They lie in a file of the workspace, which counts for the stages that read it.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple, Self

from paragraf.errors import BadSettings
from paragraf.law.acts import acts
from paragraf.law.citations import UNIT_WORDS
from paragraf.law.days import day_of
from paragraf.law.matching import expanded, provisions
from paragraf.law.naming import UNLISTED
from paragraf.law.places import canonical
from paragraf.law.scanner import find
from paragraf.publish import publish_file
from paragraf.records import Record
from paragraf.workspace import home

EVENT = "paragraf.law.changed"
STALE = "stale_law"  # why a row is set aside that a change has made wrong
_KEY = re.compile(r"(?P<act>[^=;]+):art=(?P<article>[^;=]+)(?P<rest>(?:;[a-z]+=[^;=]+)*)")
_SMALLER = [unit for unit in UNIT_WORDS if unit != "art"]


class Change(NamedTuple):
    """From the day `since` (ISO) on the provision says something else than before."""

    provision: str
    since: str

    def touches(self, key: str) -> bool:
        """Whether a citation names the provision, a part of it, or a whole that it is a part of.

        A level that only one of both names may be any; § and ust. below an article are one level, as people mix them.
        """
        act, units = _units(self.provision)
        cited_act, cited = _units(key)
        return act == cited_act and all(cited.get(unit, number) == number for unit, number in units.items())

    def __str__(self) -> str:
        return f"{self.provision} changed on {self.since}"


class Changes(NamedTuple):
    """All changes that this workspace was told of."""

    known: tuple[Change, ...]

    @classmethod
    def read(cls) -> Self:
        path = changes_path()
        found = json.loads(path.read_bytes()) if path.is_file() else []
        return cls(tuple(Change(**one) for one in found))

    def unknown_to(self, record: Record) -> tuple[Change, str] | None:
        """The first change that a row does not know yet, by its legal basis and its answer; and what it cites there.

        A row that tells no day may be of any, so it knows no change.
        """
        on = day_of(record)
        newer = [change for change in self.known if on is None or on.isoformat() < change.since]
        if not newer:
            return None
        cited = [key for text in (*record.legal_basis, record.answer) for key in provisions(find(text))]
        return next(((change, key) for change in newer for key in cited if change.touches(key)), None)


def write_change(change: Change) -> bool:
    """Tell the workspace of a change; whether it is new."""
    known = Changes.read().known
    _write({*known, change})
    return change not in known


def withdraw_change(change: Change) -> bool:
    """Take a change back that was none; whether it was known."""
    known = Changes.read().known
    _write({*known} - {change})
    return change in known


def resource_of(change: Change) -> str:
    """The name under which automations know the provision."""
    return f"paragraf.provision.{change.provision}"


def changes_path() -> Path:
    """Where the changes lie, or will."""
    return home() / "law" / "changes.json"


def provision_of(written: str) -> str:
    """The canonical key of a provision, from its key ("kc:art=118;par=1") or from its name ("art. 118 § 1 k.c.").

    Raises:
        BadSettings: it is neither, of an act that nobody knows, or has units other than those of citation keys.
    """
    match = _KEY.fullmatch(written.strip())
    if match is None:
        named = [key for citation in find(written) if citation.article for key in expanded(citation.key)]
        match = _KEY.fullmatch(named[0]) if len(named) == 1 else None
    article = canonical(match["article"]) if match else None
    if match is None or article is None:
        raise BadSettings(f"{written[:60]!r} names no one provision; write kc:art=118;par=1, or art. 118 § 1 k.c.")
    if match["act"] not in acts() and not match["act"].startswith(UNLISTED):
        raise BadSettings(f"{written[:60]!r}: no act has the key {match['act']!r}; add the act to your acts.json.")
    units = re.findall(r"([a-z]+)=", match["rest"])
    if units != [unit for unit in _SMALLER if unit in units]:
        raise BadSettings(
            f"{written[:60]!r}: below art the units are {', '.join(_SMALLER)}, in this order and each once; found "
            f"{', '.join(units)[:60]}."
        )
    return f"{match['act']}:art={article}{match['rest']}"


def _write(changes: set[Change]) -> None:
    held = [one._asdict() for one in sorted(changes)]
    publish_file(changes_path(), json.dumps(held, indent=1, ensure_ascii=False).encode())


def _units(key: str) -> tuple[str, dict[str, str]]:
    act, _, units = key.rpartition(":")
    numbers = dict(unit.split("=", 1) for unit in units.split(";") if "=" in unit)
    if "par" not in numbers and "ust" in numbers:
        numbers["par"] = numbers.pop("ust")
    return act, numbers
