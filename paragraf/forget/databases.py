"""Databases: SQLite files in, without any trace of rows out, in their tables and in the pages that they gave up."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from paragraf.errors import Busy
from paragraf.forget.traces import Traces

FORGOTTEN = "[forgotten]"
_GO_WHOLE = {"log", "artifact", "artifact_collection", "events", "event_resources"}  # Prefect's: nothing rests on them
_WAIT_SECONDS = 5


def clear(path: Path, traces: Traces) -> int:
    """Take out every value that holds a trace, and write the file anew so that no page keeps it; gives their number.

    Raises:
        Busy: another process is using the database.
    """
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as database:
            database.execute("PRAGMA secure_delete = ON")
            cleared = sum(_clear_table(database, name, traces) for name in _tables(database))
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return cleared
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise Busy(f"{path}: another process is using it; end it and run the same command again.") from error
        raise


def _tables(database: sqlite3.Connection) -> list[str]:
    return [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]


def _clear_table(database: sqlite3.Connection, table: str, traces: Traces) -> int:
    names = [column[1] for column in database.execute(f'PRAGMA table_info("{table}")').fetchall()]
    cleared = 0
    database.execute("BEGIN IMMEDIATE")
    for number, held in list(_held(database, table, names, traces)):
        if table in _GO_WHOLE:
            database.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (number,))  # noqa: S608
        else:
            sets = ", ".join(f'"{name}" = ?' for name in held)
            values = [_without(value, traces) for value in held.values()]
            database.execute(f'UPDATE "{table}" SET {sets} WHERE rowid = ?', (*values, number))  # noqa: S608
        cleared += len(held)
    database.execute("COMMIT")
    return cleared


def _held(
    database: sqlite3.Connection, table: str, names: list[str], traces: Traces
) -> Iterator[tuple[int, dict[str, str | bytes]]]:
    """Row number -> the columns of a row that hold a trace."""
    columns = ", ".join(f'"{name}"' for name in names)
    for number, *values in database.execute(f'SELECT rowid, {columns} FROM "{table}"'):  # noqa: S608
        held = {name: value for name, value in zip(names, values, strict=True) if _has(value, traces)}
        if held:
            yield number, held


def _has(value: object, traces: Traces) -> bool:
    text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else value
    return isinstance(text, str) and traces.are_in(text)


def _without(value: str | bytes, traces: Traces) -> str | bytes:
    """The value with a word in the place of each text that holds a trace."""
    if isinstance(value, bytes):
        return b""
    try:
        found = json.loads(value)
    except ValueError:
        return FORGOTTEN
    if not isinstance(found, dict | list):
        return FORGOTTEN
    told = json.dumps(_blanked(found, traces))
    return told if not traces.are_in(told) else json.dumps(type(found)())


def _blanked(value: object, traces: Traces) -> object:
    if isinstance(value, dict):
        return {name: _blanked(inner, traces) for name, inner in value.items() if not traces.are_in(str(name))}
    if isinstance(value, list):
        return [_blanked(inner, traces) for inner in value]
    return FORGOTTEN if isinstance(value, str) and traces.are_in(value) else value
