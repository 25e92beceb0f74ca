"""Run book: every pipeline run begun and ended in the open; runs that were killed are marked at the next start."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from prefect import get_run_logger, runtime
from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from paragraf.errors import BadSettings
from paragraf.runs import Run, at_work, begin, dead_runs, end, remove_leftovers
from paragraf.settings import Settings
from tasks.notify import send_of_run
from tasks.tracking import Tracking, begin_run, client, end_run


@contextmanager
def run_book(flow: str, settings: Settings) -> Iterator[tuple[Run, Tracking]]:
    """Mark dead runs, then hold this one open until the block ends.

    Raises:
        Busy: rows are being forgotten in this workspace.
    """
    with at_work():
        yield from _open_run(flow, settings)


def _open_run(flow: str, settings: Settings) -> Iterator[tuple[Run, Tracking]]:
    _check_home()
    _reconcile()
    prefect_run = str(runtime.flow_run.id)
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{flow}-{prefect_run[:4]}"
    tracking = begin_run(name, settings.flat())
    client().set_tag(tracking.run, "prefect.flow_run", prefect_run)
    run = begin(name, flow, prefect_run, tracking.run, runtime.flow_run.run_count or 1)
    try:
        yield run, tracking
    except BaseException as error:
        end(run, "failed")
        end_run(tracking.run, "FAILED")
        if isinstance(error, Exception):  # who interrupts a run knows of it
            send_of_run(get_run_logger(), f"Paragraf: {flow} failed", f"Run {name} failed: {type(error).__name__}.")
        raise
    end(run, "finished")
    end_run(tracking.run, "FINISHED")


def _check_home() -> None:
    """A worker starts runs in a folder that it deletes after them; what they write must lie elsewhere."""
    if runtime.deployment.id and not Path(os.environ.get("PARAGRAF_HOME", "")).is_absolute():
        raise BadSettings("PARAGRAF_HOME is not set to a full path where the worker runs; start the worker with it.")


def _reconcile() -> None:
    logger = get_run_logger()
    for run in dead_runs():
        asyncio.run(_mark_crashed(run))
        _mark_killed(run.mlflow_run)
        end(run, "died")
        logger.warning("Run %s was killed; this one goes on where it stopped.", run.name)
    for path in remove_leftovers():
        logger.warning("Removed half-written %s of a killed run.", path.name)


async def _mark_crashed(run: Run) -> None:
    """Tell the server, unless it has started the flow run again since."""
    async with get_client() as api:
        try:
            found = await api.read_flow_run(UUID(run.prefect_run))
        except ObjectNotFound:  # another server kept that run's state
            return
        if found.run_count == run.attempt and (found.state is None or found.state.is_running()):
            await api.set_flow_run_state(found.id, Crashed(message="Its process was killed."), force=True)


def _mark_killed(mlflow_run: str) -> None:
    from mlflow.exceptions import MlflowException

    try:
        end_run(mlflow_run, "KILLED")
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
