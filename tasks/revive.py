"""Run revive: flow runs whose process is gone, told as crashed and, if a deployment made them, started again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import psutil
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.events.filters import EventFilter
from prefect.states import Cancelled, Crashed, Scheduled

from paragraf.events import record_event
from paragraf.identity import ProcessIdentity
from paragraf.processes import environments
from paragraf.runs import FLOW_RUN, begun_here
from tasks.schedules import TAG

RESTARTS = 3  # who dies once more dies of itself, of its memory say, and would do so for ever
_SILENCE = timedelta(seconds=75)  # two heartbeats, one each 30 s, and some time for a slow machine
_START = timedelta(minutes=5)  # more than a worker takes to start a process, also one of another machine
_PATIENCE = timedelta(seconds=30)  # for a worker to end a run that is to be cancelled
_RECENT = timedelta(days=1)  # older ones have been seen to

Processes = Mapping[str, Sequence[psutil.Process]]


async def revive(api: PrefectClient, since: datetime, now: datetime) -> list[str]:
    """A line for each run that was found dead, and for each that was started again.

    `since` is when the server was first heard again: before, no heartbeat could come through.
    """
    told = []
    open_runs = await _runs(api, [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    crashed = await _runs(api, [StateType.CRASHED], deployment_id={"is_null_": False}, end_time=_after(now - _RECENT))
    living = _living() if open_runs or crashed else {}
    for run in open_runs:
        if await _is_dead(api, run, living, since, now) and await _bury(api, run):
            told.append(f"{run.name}: its process is gone.")
            crashed += [await api.read_flow_run(run.id)] if run.deployment_id else []
        elif _is_not_cancelled(run, now):
            _end(living.get(str(run.id), []))
    for run in crashed:
        if TAG in run.tags and str(run.id) not in living and (line := await _restart(api, run)):
            told.append(line)
    return told


async def _runs(api: PrefectClient, states: list[StateType], **conditions: Any) -> list[FlowRun]:
    chosen = {"state": {"type": {"any_": states}}, **conditions}
    return list(await api.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(chosen)))


def _living() -> dict[str, list[psutil.Process]]:
    """Flow run -> the processes that work on it here."""
    found: dict[str, list[psutil.Process]] = {}
    for process, environment in environments():
        if run := environment.get(FLOW_RUN):
            found.setdefault(run, []).append(process)
    return found


async def _is_dead(api: PrefectClient, run: FlowRun, living: Processes, since: datetime, now: datetime) -> bool:
    """Whether no process works on a run, as far as can be known; its state was read before the processes were.

    A run that was begun elsewhere, or was killed before it could be written down here, is known by its heartbeats.
    """
    if str(run.id) in living or run.state is None or run.parent_task_run_id:  # a flow in a flow has no own process
        return False
    if not run.state.is_pending() and (mine := begun_here(str(run.id), run.run_count)):
        owner = ProcessIdentity.from_label(mine.owner)
        if owner.is_of_this_host():  # and of no other container that shares the workspace
            return not owner.is_alive()
    if TAG not in run.tags:
        return False
    if run.state.is_pending():
        return now - run.state.timestamp > _START
    if now - max(since, run.state.timestamp) < _SILENCE:
        return False
    return not await _has_heartbeat(api, run, now)


async def _has_heartbeat(api: PrefectClient, run: FlowRun, now: datetime) -> bool:
    asked = {
        "event": {"name": ["prefect.flow-run.heartbeat"]},
        "resource": {"id": [f"prefect.flow-run.{run.id}"]},
        "occurred": {"since": (now - _SILENCE).isoformat(), "until": now.isoformat()},
    }
    return bool((await api.read_events(EventFilter.model_validate(asked), limit=1)).events)


async def _bury(api: PrefectClient, run: FlowRun) -> bool:
    """Write the end of a dead run, if nobody else has done so since it was read."""
    found = await api.read_flow_run(run.id)
    if found.state is None or run.state is None or found.state.id != run.state.id:
        return False
    message = "Its process was gone."
    end: State[Any] = Cancelled(message=message) if found.state.is_cancelling() else Crashed(message=message)
    await api.set_flow_run_state(run.id, end, force=True)
    record_event("run_found_dead", {"prefect_run": str(run.id), "attempt": run.run_count})
    return True


async def _restart(api: PrefectClient, run: FlowRun) -> str:
    """Start a crashed run again: what it has done is in the cache, and a training goes on from its checkpoint."""
    crashes = sum(state.is_crashed() for state in await api.read_flow_run_states(run.id))
    if run.state is None or not run.state.is_crashed() or crashes > RESTARTS:
        return ""
    told = f"Started again after crash {crashes}; after {RESTARTS} restarts it is left alone."
    await api.set_flow_run_state(run.id, Scheduled(message=told, name="AwaitingRetry"), force=True)
    record_event("run_started_again", {"prefect_run": str(run.id), "crashes": crashes})
    return f"{run.name}: crashed, and is started again ({crashes} of {RESTARTS} times)."


def _is_not_cancelled(run: FlowRun, now: datetime) -> bool:
    """Whether a run is still to be cancelled, since the worker that could do it is gone."""
    return run.state is not None and run.state.is_cancelling() and now - run.state.timestamp > _PATIENCE


def _end(processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.terminate()


def _after(moment: datetime) -> dict[str, str]:
    return {"after_": moment.isoformat()}
