"""Forget: rows in; every trace of them taken out of the workspace, tombstones and a receipt left."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from paragraf.errors import Damaged, MissingInput
from paragraf.events import record_event
from paragraf.forget.databases import clear
from paragraf.forget.finding import Found, Wanted, find, remaining
from paragraf.forget.inbox_lines import Known
from paragraf.forget.places import Plan, goes, plan, still_holding
from paragraf.forget.receipt import Receipt, now
from paragraf.forget.rewriting import rewrite, successor
from paragraf.forget.traces import Traces
from paragraf.publish import publish_file, publish_secret
from paragraf.records import Record
from paragraf.runs import remove_leftovers
from paragraf.text import normal_form
from paragraf.tombstones import Tombstones, bury, pending_file
from paragraf.workspace import home

__all__ = ["Found", "Pending", "Plan", "Receipt", "Wanted", "finish", "foresee", "pending", "prepare"]

FORGOTTEN = "rows_forgotten"
Mark = Callable[["Pending"], tuple[list[str], list[str]]]
"""Marks the model versions that rest on rows; gives them, and the stores that could not be reached."""


class Pending(BaseModel):
    """A forgetting that has begun; it lies in the workspace until all is done, so that a killed one can go on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rows: list[str]  # as JSON lines
    meant: int
    derived: int
    holders: dict[str, int]  # digest of a snapshot's rows -> how many of these rows are in it
    stretches: list[str]
    gone: list[str]
    hashes: list[str] = []
    shared: list[str] = []  # ids of these rows that rows which stay bear, too

    @classmethod
    def of(cls, found: Found) -> Self:
        traces = traces_of(found)
        meant, at = found.different, now()
        return cls(
            name=f"{at[:19].replace(':', '').replace('-', '')}-{len(found.records)}",
            rows=[record.to_json() for record in found.records],
            meant=meant,
            derived=len(found.derived),
            holders=found.holders,
            stretches=sorted(traces.stretches),
            shared=sorted(traces.shared),
            gone=plan(Known(traces, _tombstones_of(found))).gone,
        )

    def records(self) -> list[Record]:
        return [Record.from_json(line) for line in self.rows]

    def known(self) -> Known:
        names = Traces.of(self.records(), ())
        traces = Traces(frozenset(self.stretches), names.hashes, names.ids, frozenset(self.shared))
        return Known(traces, Tombstones(Tombstones.read().key, frozenset(self.hashes)))


def traces_of(found: Found) -> Traces:
    """The traces of the rows that no other row of the workspace has, too."""
    return Traces.of(found.records, _remaining(found))


def foresee(wanted: Wanted) -> tuple[Found, Plan]:
    """What would be forgotten, and what would be done.

    Raises:
        MissingInput: no snapshot holds such a row.
    """
    found = _found(wanted)
    return found, plan(Known(traces_of(found), _tombstones_of(found)))


def prepare(wanted: Wanted) -> Pending:
    """Write tombstones, so that no later run brings the rows in again, and what is to be done.

    Raises:
        MissingInput: no snapshot holds such a row.
    """
    found = _found(wanted)
    told = Pending.of(found)
    told = told.model_copy(update={"hashes": sorted(bury(_own(found)))})
    publish_secret(pending_file(), told.model_dump_json().encode())
    return told


def pending() -> Pending | None:
    """The forgetting that was begun here and not finished."""
    return Pending.model_validate_json(pending_file().read_bytes()) if pending_file().is_file() else None


def finish(told: Pending, mark: Mark) -> Receipt:
    """Take out every trace, mark model versions, look whether anything is left, and leave a receipt.

    Raises:
        Damaged: a file still holds something of a row; names the file.
        Busy: another process is using a database.
    """
    remove_leftovers()
    known = told.known()
    traces = known.traces
    versions, unreached = mark(told)
    done = plan(known, told.gone)
    gone = {*done.gone, *told.gone}
    gone -= rewrite(sorted(gone), set(told.records()), traces.hashes)
    for name in gone:
        _delete(home() / name)
    lines = sum(_without_lines(home() / name, known) for name in done.lines)
    values = sum(clear(home() / name, traces) for name in done.databases)
    if left := still_holding(known):
        raise Damaged(f"{left}: still holds something of a forgotten row; delete it and run the same command again.")
    receipt = Receipt(
        name=told.name,
        at=now(),
        rows=told.meant,
        derived=told.derived,
        forms=len(told.rows),
        hashes=told.hashes,
        gone=sorted(gone),
        rewritten=sum(successor(name) is not None for name in gone),
        lines=done.lines,
        removed_lines=lines,
        databases=done.databases,
        values=values,
        versions=versions,
        unreached=unreached,
    )
    receipt.keep()
    record_event(FORGOTTEN, {"receipt": told.name, "rows": told.meant, "versions": versions})
    pending_file().unlink()
    return receipt


def _found(wanted: Wanted) -> Found:
    found = find(wanted)
    if not found.records:
        meant = f"the id {wanted.row!r}" if wanted.row else "this text"
        raise MissingInput(f"{home()}: no row with {meant} is in this workspace; see the ids in rows/*/rows.jsonl.")
    return found


def _own(found: Found) -> list[Record]:
    """The rows to bury, without answers that rows which stay give, too."""
    answers = {normal_form(record.answer) for record in found.records}
    stay = {text for record in _remaining(found) if (text := normal_form(record.answer)) in answers}
    return [replace(one, answer="") if normal_form(one.answer) in stay else one for one in found.records]


def _tombstones_of(found: Found) -> Tombstones:
    """Those that `bury` would write, under no key: they are never kept."""
    none = Tombstones(b"", frozenset())
    return replace(none, hashes=none.of(_own(found)))


def _remaining(found: Found) -> Iterator[Record]:
    return remaining(found.records)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _without_lines(path: Path, known: Known) -> int:
    """Write a file of lines anew without those that go; gives how many these were."""
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not goes(path, line, known)]
    publish_file(path, b"".join(kept))
    return len(lines) - len(kept)
