"""Flow runs without a process: told as crashed and started again; those with one are let alone."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.events.filters import EventFilter
from prefect.states import Cancelling, Completed, Crashed, Pending, Running

from paragraf.runs import FLOW_RUN, begin
from tasks.revive import RESTARTS, revive
from tasks.schedules import TAG

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

HEARTBEAT = "prefect.flow-run.heartbeat"
LATER = timedelta(seconds=310)  # silence, and the time that a start may take, are over


@pytest.fixture
def process_of() -> Iterator[Callable[[UUID], subprocess.Popen[bytes]]]:
    """Starts a process for a flow run, as a worker does; it ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(run: UUID) -> subprocess.Popen[bytes]:
        environment = os.environ | {FLOW_RUN: str(run)}
        started.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


async def made(api: PrefectClient, *states: Any, deployed: bool = True, tag: str = TAG) -> UUID:
    """A flow run, of a deployment or of a person, that went through these states."""
    flow = await api.create_flow_from_name("some")
    if deployed:
        deployment = await api.create_deployment(flow, f"d{uuid4().hex[:8]}", entrypoint="a:b", tags=[tag])
        run = (await api.create_flow_run_from_deployment(deployment)).id
    else:
        answer = await api.request("POST", "/flow_runs/", json={"flow_id": str(flow), "name": "by hand"})
        run = UUID(answer.json()["id"])
    for state in states:
        await api.set_flow_run_state(run, state, force=True)
    return run


def after_sweep(*states: Any, sweeps: int = 1, before: Callable[[UUID], Any] = id, **made_as: Any) -> FlowRun:
    """A flow run as it stands after somebody looked for the dead."""

    async def sweep() -> FlowRun:
        async with get_client() as api:
            run = await made(api, *states, **made_as)
            before(run)
            now = datetime.now(UTC) + LATER
            for _ in range(sweeps):
                await revive(api, now - LATER, now)
            return await api.read_flow_run(run)

    return asyncio.run(sweep())


def name_of(run: FlowRun) -> str:
    assert run.state
    return run.state.name or ""


def killed_here(run: UUID, attempt: int = 1, host: str = "") -> None:
    """As if a process of this workspace had begun the run, on this host or another one, and was killed."""
    begun = begin(f"r{attempt}", "some", str(run), "", attempt)
    path = Path(os.environ["PARAGRAF_HOME"]) / "runs" / f"{begun.name}.json"
    owner = f"{host or begun.owner[:7]}b000000p1t1"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"owner": owner}))


def test_a_running_run_that_was_killed_here_is_started_again() -> None:
    run = after_sweep(Running(), before=killed_here)
    assert name_of(run) == "AwaitingRetry"
    assert run.state and run.state.message
    assert "after crash 1" in run.state.message


def test_a_run_of_this_workspace_in_another_container_that_is_silent_is_started_again() -> None:
    elsewhere = partial(killed_here, host="h000000")
    assert name_of(after_sweep(Running(), before=elsewhere)) == "AwaitingRetry"


def test_a_run_whose_process_lives_is_let_alone(process_of: Callable[[UUID], Any]) -> None:
    def lives(run: UUID) -> None:
        killed_here(run)
        process_of(run)

    assert name_of(after_sweep(Running(), before=lives)) == "Running"


def test_a_run_that_this_process_works_on_is_let_alone() -> None:
    assert name_of(after_sweep(Running(), before=lambda run: begin("r", "some", str(run), ""))) == "Running"


def test_an_earlier_attempt_that_was_killed_says_nothing_of_this_one() -> None:
    def goes_on(run: UUID) -> None:
        killed_here(run)
        begin("second", "some", str(run), "", 2)

    assert name_of(after_sweep(Running(), Crashed(), Running(), before=goes_on)) == "Running"


def test_a_run_of_another_place_is_known_by_its_heartbeats() -> None:
    async def beats(api: PrefectClient, run: UUID, at: datetime) -> None:
        event = {
            "id": str(uuid4()),
            "occurred": at.isoformat(),
            "event": HEARTBEAT,
            "resource": {"prefect.resource.id": f"prefect.flow-run.{run}"},
        }
        await api.request("POST", "/events", json=[event])

    async def sweep() -> tuple[str, str, str]:
        async with get_client() as api:
            silent, heard = await made(api, Running()), await made(api, Running())
            now = datetime.now(UTC) + LATER
            await revive(api, now, now)
            unheard = name_of(await api.read_flow_run(silent))  # the server was only just heard again
            await beats(api, heard, now - timedelta(seconds=20))
            occurred = {"since": (now - LATER).isoformat(), "until": now.isoformat()}
            asked = EventFilter.model_validate({"event": {"name": [HEARTBEAT]}, "occurred": occurred})
            while not (await api.read_events(asked, limit=1)).events:  # written by a service of the server
                await asyncio.sleep(0.1)
            await revive(api, now - LATER, now)
            return unheard, name_of(await api.read_flow_run(silent)), name_of(await api.read_flow_run(heard))

    assert asyncio.run(sweep()) == ("Running", "AwaitingRetry", "Running")


def test_a_run_of_others_that_is_silent_is_let_alone() -> None:
    assert name_of(after_sweep(Running(), tag="theirs")) == "Running"
    assert name_of(after_sweep(Running(), Crashed(), tag="theirs")) == "Crashed"


def test_a_run_that_a_person_started_is_told_and_left_to_them() -> None:
    assert name_of(after_sweep(Running(), deployed=False, before=killed_here)) == "Crashed"


def test_a_run_that_crashes_again_and_again_is_left_alone() -> None:
    crashes = [state for _ in range(RESTARTS + 1) for state in (Running(), Crashed())]
    assert name_of(after_sweep(*crashes[:-2], sweeps=3)) == "AwaitingRetry"
    assert name_of(after_sweep(*crashes, sweeps=3)) == "Crashed"


def test_a_crashed_run_whose_process_still_ends_waits(process_of: Callable[[UUID], Any]) -> None:
    assert name_of(after_sweep(Running(), Crashed(), before=process_of)) == "Crashed"


def test_a_run_that_its_worker_took_and_never_began_is_started_again() -> None:
    assert name_of(after_sweep(Pending())) == "AwaitingRetry"


def test_a_run_that_was_to_be_cancelled_and_is_gone_is_cancelled() -> None:
    assert name_of(after_sweep(Running(), Cancelling(), before=killed_here)) == "Cancelled"


def test_a_run_that_no_worker_cancels_is_ended(process_of: Callable[[UUID], subprocess.Popen[bytes]]) -> None:
    processes: list[subprocess.Popen[bytes]] = []
    after_sweep(Running(), Cancelling(), before=lambda run: processes.append(process_of(run)))
    assert processes[0].wait(10) < 0


def test_a_run_that_ended_well_stays_so() -> None:
    assert name_of(after_sweep(Running(), Completed(), before=killed_here)) == "Completed"
