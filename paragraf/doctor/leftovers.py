"""Leftovers: what killed programs left behind in the workspace."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

from paragraf.doctor.finding import Finding
from paragraf.processes import environments
from paragraf.publish import abandoned_stages
from paragraf.runs import FLOW_RUN, all_runs, dead_runs
from paragraf.tombstones import pending_file
from paragraf.workspace import home


def leftovers() -> Iterator[Finding]:
    """A finding for each kind of thing that is left, or one for all."""
    found = [one for one in (_runs(), _flow_runs(), _stages(), _forgetting()) if one]
    yield from found or [Finding("leftovers", "ok", "no dead run, nothing half-written")]


def _runs() -> Finding | None:
    dead = dead_runs()
    if not dead:
        return None
    names = ", ".join(run.name for run in dead[-3:])
    return Finding(
        "leftovers",
        "warning",
        f"{len(dead)} runs were killed, such as {names}",
        "give the same command again, or: paragraf up",
    )


def _flow_runs() -> Finding | None:
    """Flow runs that stand as Running in Prefect's own database, though no process works for any."""
    path = home() / "prefect" / "prefect.db"
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)) as opened:
            told = opened.execute("select id from flow_run where state_type in ('RUNNING', 'CANCELLING')").fetchall()
    except sqlite3.Error:  # told by the check of the stores
        return None
    living = {run.prefect_run for run in all_runs() if run.status == "running" and not run.is_dead()}
    living |= {told[FLOW_RUN] for _, told in environments() if FLOW_RUN in told}
    count = sum(str(UUID(row[0])) not in living for row in told)
    if not count:
        return None
    return Finding("leftovers", "warning", f"{count} flow runs stand as Running without a process", "run: paragraf up")


def _stages() -> Finding | None:
    stages = abandoned_stages(home()) if home().is_dir() else []
    if not stages:
        return None
    return Finding(
        "leftovers", "warning", f"{len(stages)} half-written files of killed runs", "the next run removes them"
    )


def _forgetting() -> Finding | None:
    if not pending_file().is_file():
        return None
    return Finding("leftovers", "fault", "rows are still to be forgotten, no run can begin", "run: paragraf forget")
