"""Following a job: every event once and in order, faults waited out, every ending told for what it is."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from paragraf.errors import JobFailed, NotThere, Unavailable
from paragraf.history import read_points
from paragraf.jobs import JOURNAL, Entry
from paragraf.models import Base
from paragraf.remote import RemoteOrder
from paragraf.remote.once import Patience
from tests.remote.running import carried_out, order_for
from tests.servers.fine_tuning_server import Call, Fault, FineTuningServer, fine_tuning, refusal
from tests.waiting import wait_for

JOBS = "/fine_tuning/jobs"
AT_JOB = f"{JOBS}/ftjob-1"


def event(number: int, message: str = "", level: str = "info", **data: float) -> dict[str, Any]:
    kind = "metrics" if data else "message"
    held = {"id": f"ev-{number}", "object": "fine_tuning.job.event", "created_at": number, "level": level}
    return {**held, "message": message or f"event {number}", "type": kind, "data": data}


def step(number: int, loss: float) -> dict[str, Any]:
    return event(number, step=number, total_steps=250, train_loss=loss, valid_loss=loss + 1)


def test_more_events_than_a_page_come_once_each_and_in_order(order: RemoteOrder, server: FineTuningServer) -> None:
    server.events = [step(number, 1.0) for number in range(1, 251)]
    entries: list[Entry] = []

    def on_entry(entry: Entry) -> None:
        entries.append(entry)
        if entry.get("what") == "status" and entry["status"] == "running":
            server.events += [step(251, 0.5), event(252, "Done")]

    carried_out(order, on_entry)
    steps = [entry["step"] for entry in entries if "step" in entry]
    assert steps == list(range(1, 252))
    assert [entry["message"] for entry in entries if entry.get("message") == "Done"] == ["Done"]


def test_metrics_are_those_of_a_training_on_this_machine(order: RemoteOrder, server: FineTuningServer) -> None:
    server.events = [step(1, 2.0), step(2, 1.5), event(3, step=3, total_steps=3, full_valid_loss=0.9, valid_loss=7.0)]
    carried_out(order)
    points = read_points(order.journal_folder() / JOURNAL)
    assert [(point.step, point.loss, point.validation_loss) for point in points] == [
        (1, 2.0, 3.0),
        (2, 1.5, 2.5),
        (3, None, 0.9),
    ]


def test_faults_while_looking_are_waited_out(here: Base) -> None:
    def sometimes(call: Call) -> Fault | None:
        broken = {2: Fault(drops=True), 3: Fault(status=200, body=b"<html>"), 4: Fault(), 5: Fault(), 6: Fault()}
        return broken.get(call.number) if call.path == AT_JOB else None

    with fine_tuning(FineTuningServer(fault=sometimes)) as server:
        assert carried_out(order_for(server.base_url, here)).job == "ftjob-1"


def test_an_endpoint_that_stays_silent_ends_the_run_and_not_the_job(here: Base) -> None:
    def silent(call: Call) -> Fault | None:
        return Fault(drops=True) if call.path == AT_JOB else None

    with fine_tuning(FineTuningServer(fault=silent)) as server:
        order = order_for(server.base_url, here)
        with pytest.raises(Unavailable, match="no connection, or it broke; run again to go on"):
            carried_out(order, patience=Patience(poll_seconds=0.01, pause_seconds=0.001, misses=2))
        assert server.count("POST", ".*cancel") == 0
        server.fault = lambda call: None
        assert carried_out(order).job == "ftjob-1"


def test_who_is_asked_to_wait_for_long_while_looking_does_not_hammer(here: Base) -> None:
    def limit(call: Call) -> Fault | None:
        return refusal(429, **{"retry-after": "300", "retry-after-ms": ""}) if call.path == AT_JOB else None

    with fine_tuning(FineTuningServer(fault=limit)) as server:
        with pytest.raises(Unavailable):
            carried_out(order_for(server.base_url, here))
        assert server.count("GET", AT_JOB) == 1


def test_a_short_wait_that_the_endpoint_asks_for_is_kept(here: Base) -> None:
    def limit(call: Call) -> Fault | None:
        is_one = call.path == AT_JOB and call.number <= 3  # the SDK sends one three times
        return refusal(429, **{"retry-after-ms": "1", "retry-after": "20"}) if is_one else None

    waits: list[float] = []
    with fine_tuning(FineTuningServer(fault=limit)) as server:
        carried_out(order_for(server.base_url, here), patience=Patience(0.01, sleep=waits.append))
    assert waits[0] == 20.0


@pytest.mark.parametrize("status", ["paused", "surprise", "queued", "validating_files"])
def test_a_job_that_has_not_ended_is_looked_at_until_the_deadline(
    status: str, order: RemoteOrder, server: FineTuningServer
) -> None:
    server.statuses = [status]
    now = iter(range(0, 10_000, 100))
    patience = Patience(poll_seconds=1, deadline_seconds=1000, sleep=lambda _: None, clock=lambda: next(now))
    with pytest.raises(Unavailable, match=f"ftjob-1 is still {status} after the run's deadline; it goes on"):
        carried_out(order, patience=patience)
    assert server.count("GET", AT_JOB) == 11
    assert order.read_state().job == "ftjob-1"


def test_a_pause_ends_by_itself(order: RemoteOrder, server: FineTuningServer) -> None:
    server.statuses = ["running", "paused", "surprise", "running", "succeeded"]
    assert carried_out(order).job == "ftjob-1"


ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("failed", {"code": "unsafe_file", "message": "policy", "param": "training_file"}, "moderation refused the rows"),
    (
        "failed",
        {"code": "invalid_validation_file", "message": "line 2", "param": "validation_file"},
        "invalid_validation_file validation_file line 2; see `paragraf prepare`",
    ),
    ("failed", {"code": "invalid_n_examples", "message": "has 9", "param": None}, "invalid_n_examples has 9; give"),
    ("failed", {"code": "exceeded_quota", "message": "", "param": None}, "exceeded_quota; raise the limit"),
    ("failed", {"code": "", "message": "", "param": None}, "failed: the trainer crashed"),
]


@pytest.mark.parametrize(("status", "error", "message"), ERRORS)
def test_a_job_that_failed_is_told_with_the_reason(
    status: str, error: dict[str, Any], message: str, order: RemoteOrder, server: FineTuningServer
) -> None:
    server.statuses, server.job = ["running", status], {"error": error}
    server.events = [event(1), event(2, "the trainer crashed", level="error")]
    with pytest.raises(JobFailed, match=message):
        carried_out(order)


@pytest.mark.parametrize("status", ["cancelled", "canceled", "expired"])
def test_a_job_that_somebody_else_ended_is_told(status: str, order: RemoteOrder, server: FineTuningServer) -> None:
    server.statuses = ["running", status]
    with pytest.raises(JobFailed, match=f"ftjob-1 {status}: it does not say why"):
        carried_out(order)


def test_a_job_of_another_project_is_told_and_none_is_made_instead(
    order: RemoteOrder, server: FineTuningServer
) -> None:
    carried_out(order)
    server.jobs.clear()
    with pytest.raises(NotThere, match="ftjob-1 was made with another key or project, or deleted"):
        carried_out(order)
    assert server.jobs == {}


def stopping(entry: Entry) -> None:
    if entry.get("status") == "running":
        raise KeyboardInterrupt


@pytest.mark.parametrize(("is_set", "calls"), [(True, 1), (False, 0)])
def test_an_interrupted_run_cancels_its_job_only_if_it_is_told_to(
    is_set: bool, calls: int, server: FineTuningServer, here: Base
) -> None:
    order = order_for(server.base_url, here, cancel_on_interrupt=is_set)
    with pytest.raises(KeyboardInterrupt):
        carried_out(order, stopping)
    assert server.count("POST", f"{AT_JOB}/cancel") == calls


def test_an_interruption_stays_one_when_the_job_cannot_be_cancelled(server: FineTuningServer, here: Base) -> None:
    server.fault = lambda call: refusal(404) if call.path.endswith("/cancel") else None
    with pytest.raises(KeyboardInterrupt):
        carried_out(order_for(server.base_url, here, cancel_on_interrupt=True), stopping)
    assert server.count("POST", f"{AT_JOB}/cancel") == 1


def test_a_run_that_fails_by_itself_cancels_nothing(server: FineTuningServer, here: Base) -> None:
    server.statuses = ["failed"]
    with contextlib.suppress(JobFailed):
        carried_out(order_for(server.base_url, here, cancel_on_interrupt=True))
    assert server.count("POST", ".*cancel") == 0


SCRIPT = """
import sys
from paragraf.remote import RemoteOrder, train_at
from paragraf.remote.endpoint import open_endpoint
from paragraf.remote.once import Patience
from paragraf.format import Chats
from paragraf.models import Base
from paragraf.remote import OpenAITraining
kinds = (Chats, Base, OpenAITraining)
chats, base, settings = (kind.model_validate_json(text) for kind, text in zip(kinds, sys.argv[1:]))
with open_endpoint(settings) as endpoint:
    train_at(endpoint, RemoteOrder.of(chats, base, settings), Patience(0.05), lambda entry: None)
"""


def test_a_run_that_was_killed_goes_on_with_the_same_job(
    order: RemoteOrder, server: FineTuningServer, workspace: Path
) -> None:
    server.statuses = ["running"]
    told = [value.model_dump_json() for value in (order.chats, order.base, order.settings)]
    environment = os.environ | {"PARAGRAF_HOME": str(workspace)}
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, *told], env=environment)
    wait_for(lambda: server.count("GET", AT_JOB) >= 2 or process.poll() is not None, 60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert order.read_state().job == "ftjob-1"
    server.statuses = ["succeeded"]
    assert carried_out(order).job == "ftjob-1"
    assert (len(server.jobs), len(server.files)) == (1, 2)


def test_a_damaged_state_costs_nothing_either(order: RemoteOrder, server: FineTuningServer) -> None:
    carried_out(order)
    (order.lock().parent / "state.json").write_text("{", "utf-8")
    carried_out(order)
    assert (len(server.jobs), json.loads((order.lock().parent / "state.json").read_bytes())["job"]) == (1, "ftjob-1")
