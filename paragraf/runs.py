"""Runs: which pipeline runs are alive in this workspace, and what killed ones left behind."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.errors import Busy
from paragraf.events import record_event
from paragraf.holding import ALONE, SHARED, held
from paragraf.identity import ProcessIdentity
from paragraf.publish import abandoned_stages, publish_file
from paragraf.tombstones import pending_file
from paragraf.workspace import home

FLOW_RUN = "PREFECT__FLOW_RUN_ID"  # what Prefect's workers put into the environment of the process of a flow run
Status = Literal["running", "finished", "failed", "died"]


class Run(BaseModel):
    """One pipeline run, as the workspace knows it.

    A flow run that was killed and started again is the same one at the server, and here a run for each `attempt`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    flow: str
    owner: str
    status: Status = "running"
    prefect_run: str = ""
    mlflow_run: str = ""
    attempt: int = 1

    def is_dead(self) -> bool:
        return self.status == "running" and not ProcessIdentity.from_label(self.owner).is_alive()


def begin(name: str, flow: str, prefect_run: str, mlflow_run: str, attempt: int = 1) -> Run:
    """Write down that this process has started a run."""
    told = {"prefect_run": prefect_run, "mlflow_run": mlflow_run, "attempt": attempt}
    run = Run.model_validate({"name": name, "flow": flow, "owner": ProcessIdentity.mine().label(), **told})
    return _write(run, "run_began")


def end(run: Run, status: Status) -> Run:
    """Write down how a run ended."""
    return _write(run.model_copy(update={"status": status}), f"run_{status}")


@contextmanager
def at_work() -> Iterator[None]:
    """As long as the block lasts nobody is `alone` here; any number may be at work.

    Raises:
        Busy: somebody is alone now, or was killed in the middle of it.
    """
    if pending_file().is_file():
        raise Busy(f"{home()}: rows are still to be forgotten, which was interrupted; finish it with: paragraf forget")
    with _locked(SHARED, "rows are being forgotten in this workspace; wait until that has ended."):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """As long as the block lasts no run is at work in this workspace, and none can begin.

    Raises:
        Busy: a run is at work.
    """
    with _locked(ALONE, "a run is at work in this workspace; wait until it has ended."):
        yield


def all_runs() -> list[Run]:
    """Every run of the workspace, by name."""
    return [Run.model_validate_json(path.read_bytes()) for path in sorted(_folder().glob("*.json"))]


def dead_runs() -> list[Run]:
    """Runs that were never ended and whose process is gone."""
    return [run for run in all_runs() if run.is_dead()]


def begun_here(prefect_run: str, attempt: int) -> Run | None:
    """The run of this workspace that is this attempt of a flow run; None if it was not begun, or elsewhere."""
    found = [run for run in all_runs() if (run.prefect_run, run.attempt) == (prefect_run, attempt)]
    return found[-1] if found else None


def remove_leftovers() -> list[Path]:
    """Delete staging folders and files whose process is dead; gives what was deleted."""
    leftovers = abandoned_stages(home()) if home().is_dir() else []
    for path in leftovers:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return leftovers


def _write(run: Run, event: str) -> Run:
    publish_file(_folder() / f"{run.name}.json", run.model_dump_json(indent=1).encode())
    record_event(event, {"run": run.name, "flow": run.flow})
    return run


def _locked(kind: int, taken: str) -> AbstractContextManager[None]:
    return held(_folder() / "work.lock", f"{home()}: {taken}", kind)


def _folder() -> Path:
    return home() / "runs"
