"""State: what the server knows, in one SQLite file; a change is on disk before anybody is told of it."""

import secrets
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

_SCHEMA = """
CREATE TABLE IF NOT EXISTS things (
    place INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, id)
)
"""
_PAGE_DOWN = """
SELECT body FROM things WHERE kind = :kind
AND (:after IS NULL OR place < (SELECT place FROM things WHERE kind = :kind AND id = :after))
ORDER BY place DESC LIMIT :limit
"""
_PAGE_UP = _PAGE_DOWN.replace("<", ">").replace("DESC", "ASC")


class Thing(BaseModel):
    """Something with an id that the protocol knows; fields named `inside` are kept, and never shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inside: ClassVar[frozenset[str]] = frozenset()
    shows_null: ClassVar[bool] = False  # whether what is not known is shown as null or left out

    id: str

    def shown(self) -> dict[str, Any]:
        """As the protocol shows it."""
        return self.model_dump(mode="json", exclude=set(self.inside), exclude_none=not self.shows_null)


Kind = TypeVar("Kind", bound=Thing)


class Page(NamedTuple, Generic[Kind]):
    """Some of many things, and whether there are more."""

    items: list[Kind]
    has_more: bool


class State:
    """The file; every thread may use it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(_SCHEMA)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the block's changes, or none."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, statement: str, values: Sequence[object] | Mapping[str, object]) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class Shelf(Generic[Kind]):
    """Things of one kind, in the order in which they came."""

    def __init__(self, state: State, name: str, kind: type[Kind]) -> None:
        self._state = state
        self._name = name
        self._kind = kind

    def add(self, thing: Kind) -> Kind:
        """Keep a thing; one with this id that is there already stays as it is."""
        with self._state.writing() as file:
            values = (self._name, thing.id, thing.model_dump_json())
            file.execute("INSERT OR IGNORE INTO things (kind, id, body) VALUES (?, ?, ?)", values)
        return thing

    def get(self, name: str) -> Kind | None:
        found = self._state.rows("SELECT body FROM things WHERE kind = ? AND id = ?", (self._name, name))
        return self._kind.model_validate_json(found[0][0]) if found else None

    def change(self, name: str, /, within: Collection[str] | None = None, **fields: object) -> Kind | None:
        """The thing with other values, if it is there and its `status` is one of `within`; else None."""
        with self._state.writing() as file:
            thing = self.get(name)
            if thing is None or (within is not None and getattr(thing, "status", None) not in within):
                return None
            changed = self._kind.model_validate({**thing.model_dump(), **fields})
            values = (changed.model_dump_json(), self._name, name)
            file.execute("UPDATE things SET body = ? WHERE kind = ? AND id = ?", values)
        return changed

    def drop(self, name: str) -> bool:
        """Forget a thing; whether it was there."""
        with self._state.writing() as file:
            done = file.execute("DELETE FROM things WHERE kind = ? AND id = ?", (self._name, name))
            return done.rowcount > 0

    def all(self) -> list[Kind]:
        """All, the oldest first."""
        found = self._state.rows("SELECT body FROM things WHERE kind = ? ORDER BY place", (self._name,))
        return [self._kind.model_validate_json(body) for (body,) in found]

    def page(self, after: str | None, limit: int, oldest_first: bool = False) -> Page[Kind]:
        """Things that come after the one with an id, the newest first unless the other order is asked for."""
        statement = _PAGE_UP if oldest_first else _PAGE_DOWN
        values = {"kind": self._name, "after": after, "limit": limit + 1}
        found = [self._kind.model_validate_json(body) for (body,) in self._state.rows(statement, values)]
        return Page(found[:limit], len(found) > limit)


def new_id(prefix: str) -> str:
    """An id that cannot be guessed."""
    return f"{prefix}{secrets.token_hex(12)}"


def now() -> int:
    """Seconds since 1970, as the protocol tells time."""
    return int(time.time())
