"""Statutes: the imported texts of acts, each provision with the days on which it holds, to look up by citation key."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from paragraf.errors import Damaged
from paragraf.law.inventory import Inventory, inventory_of
from paragraf.law.standing import Standing, provisions_of, standing_in, standing_of, worst
from paragraf.law.units import article_of, joined
from paragraf.workspace import home

# An import is one state of an act; its period says on which days it may be asked. An open end is ''.
SCHEMA = """
CREATE TABLE imports (act TEXT, since TEXT, until TEXT, PRIMARY KEY (act, since, until)) WITHOUT ROWID;
CREATE TABLE versions (
    act TEXT, import_since TEXT, import_until TEXT, article TEXT, since TEXT, until TEXT, text TEXT, place INTEGER,
    PRIMARY KEY (act, article, import_since, import_until, since)
) WITHOUT ROWID;
"""


_REMEMBERED = 65536  # keys, a few megabytes


class Period(NamedTuple):
    """First and last day as ISO dates; "" where there is none."""

    since: str
    until: str

    def holds(self, on: date) -> bool:
        """Whether the day lies within."""
        day = on.isoformat()
        return self.since <= day and (not self.until or day <= self.until)


class Version(NamedTuple):
    """The text of one article within its days, as one import holds it."""

    state: Period
    valid: Period
    text: str


def index_path() -> Path:
    """Where the statute index of this workspace is, or will be."""
    return _index_in(home())


@lru_cache(maxsize=16)
def _index_in(root: Path) -> Path:
    return root / "law" / "statutes.sqlite"


@dataclass(frozen=True, eq=False)
class StatuteIndex:
    """The acts of one index file, equal to itself alone; an act is read when it is first asked for."""

    path: Path | None
    _acts: dict[str, "_ImportedAct | None"] = field(default_factory=dict, compare=False, repr=False)
    _judged: dict[tuple[str, date | None], Standing] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def open(cls) -> "StatuteIndex":
        """The index of this workspace, or an empty one; cheap to call again, and sees a later import.

        Raises:
            Damaged: the file is no statute index.
        """
        path = index_path()
        try:
            stat = path.stat()
        except OSError:
            return _NO_INDEX
        return _opened(path, stat.st_ino, stat.st_mtime_ns)

    def exists(self, key: str, on: date | None = None) -> bool | None:
        """Whether the provision of a citation key holds on a day, or for None ever held; None if nobody can say."""
        return is_there(self.standing(key, on), on)

    def text(self, key: str, on: date | None = None) -> str | None:
        """The text of the article that holds on a day, or for None the newest; None if there is none.

        Of a range of articles it is the first one's.
        """
        for act, article, _ in provisions_of(key):
            versions = self._versions(act, article, on)
            return max(versions, key=lambda version: version.valid).text if versions else None
        return None

    def standing(self, key: str, on: date | None = None) -> Standing:
        """What the index knows of the provision of a citation key; UNCOVERED where it does not hold the act."""
        known = self._judged.get((key, on))
        if known is None:
            known = worst(self._standing(*provision, on) for provision in provisions_of(key))
            if len(self._judged) < _REMEMBERED:
                self._judged[key, on] = known
        return known

    def _standing(self, act: str, article: str, paragraph: str, on: date | None) -> Standing:
        held = self._act(act)
        state = held.state_on(on) if held else None
        if not held or (on and not state):
            return Standing.UNCOVERED
        if valid := self._versions(act, article, on):
            return standing_of(joined(article_of(version.text) for version in valid), paragraph)
        if not state or not on or not (versions := held.versions.get(article)):
            return standing_in(held.inventory(state), article, paragraph)
        if any(version.valid.since <= on.isoformat() for version in versions):
            return Standing.REPEALED
        if any(version.state == state for version in versions):
            return Standing.NOT_YET
        # later states have it; that this one has not may be a gap
        before = standing_in(held.inventory(state), article, "")
        return Standing.NOT_YET if before is Standing.ABSENT else Standing.UNSURE

    def _versions(self, act: str, article: str, on: date | None) -> list[Version]:
        held = self._act(act)
        if not held:
            return []
        versions = held.versions.get(article, [])
        state = held.state_on(on)
        return [version for version in versions if not on or (version.state == state and version.valid.holds(on))]

    def _act(self, key: str) -> "_ImportedAct | None":
        if key not in self._acts:
            self._acts[key] = _read(self.path, key) if self.path else None
        return self._acts[key]


_NO_INDEX = StatuteIndex(None)


def is_there(standing: Standing, on: date | None) -> bool | None:
    """A standing as an answer: with a day, whether the provision holds on it; without one, whether it ever did."""
    if standing is Standing.REPEALED:
        return on is None
    return {Standing.IN_FORCE: True, Standing.NOT_YET: False, Standing.ABSENT: False}.get(standing)


@dataclass(frozen=True)
class _ImportedAct:
    states: list[Period]
    versions: Mapping[str, list[Version]]
    _inventories: dict[Period | None, Inventory] = field(default_factory=dict)

    def state_on(self, on: date | None) -> Period | None:
        """The imported state that says what holds on a day: of several the one that begins last."""
        return max((state for state in self.states if on and state.holds(on)), default=None)

    def inventory(self, state: Period | None) -> Inventory:
        """The numbers of one state, or for None of all states together."""
        if state not in self._inventories:
            chosen = (
                (article, version.text)
                for article, versions in self.versions.items()
                for version in versions
                if state in (None, version.state)
            )
            self._inventories[state] = _inventory(chosen)
        return self._inventories[state]


def _inventory(texts: Iterator[tuple[str, str]]) -> Inventory:
    """Of several versions of an article the numbers of all."""
    layers: list[dict[str, str]] = []
    for article, text in texts:
        layer = next((layer for layer in layers if article not in layer), None)
        if layer is None:
            layers.append(layer := {})
        layer[article] = text
    parts = [inventory_of(layer).articles for layer in layers]
    numbers = dict.fromkeys(number for part in parts for number in part)
    return Inventory({number: joined(part[number] for part in parts if number in part) for number in numbers})


def _read(path: Path, act: str) -> _ImportedAct | None:
    with reading(path) as connection:
        states = [Period(*row) for row in connection.execute("SELECT since, until FROM imports WHERE act = ?", (act,))]
        rows = connection.execute(
            "SELECT article, import_since, import_until, since, until, text FROM versions WHERE act = ? ORDER BY place",
            (act,),
        ).fetchall()
    versions: dict[str, list[Version]] = {}
    for article, state_since, state_until, since, until, text in rows:
        versions.setdefault(article, []).append(Version(Period(state_since, state_until), Period(since, until), text))
    return _ImportedAct(states, versions) if states else None


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads; a file that is no index is told in one line."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        yield connection
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{path}: not readable as a statute index ({error}); delete it and import again.") from error
    finally:
        connection.close()


@lru_cache(maxsize=8)
def _opened(path: Path, inode: int, changed_ns: int) -> StatuteIndex:  # a file that was replaced is another one
    with reading(path) as connection:
        connection.execute("SELECT act FROM imports LIMIT 1").fetchone()
    return StatuteIndex(path)
