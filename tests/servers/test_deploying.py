"""What `paragraf deploy` puts on a real server: schedules, triggers and messages, each of which really starts a run."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL
from prefect.settings.context import temporary_settings

from flows.deploying import deploying
from flows.server import USER, free_port, start_prefect, wait_until_healthy
from paragraf.errors import BadSettings
from paragraf.law.changes import Change
from paragraf.processes import end_child, start_child
from tasks.automations import MESSAGES
from tasks.notify import ADDRESSES
from tests.receiving import receiving
from tests.running import small_corpus, with_base_model, with_stores
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

SECRET = "token-of-the-receiver"
CLOCKS = {"check/check": "nightly", "update/update": "weekly", "finetune/monthly": "monthly"}


class Team(NamedTuple):
    """A server with a worker and a watcher of the inbox, and where messages to people arrive."""

    workspace: Path
    environment: dict[str, str]
    bodies: list[str]
    said: str


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, unpacked: Path, stores: Path) -> Iterator[Team]:
    """As `paragraf up` starts them, with a pool, a worker and a watcher."""
    workspace = with_stores(with_base_model(tmp_path_factory.mktemp("team") / "work", unpacked), stores)
    port, password = free_port(), "password-of-the-server"
    url, login = f"http://127.0.0.1:{port}/api", f"{USER}:{password}"
    access = {"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": login, "PREFECT_WORKER_QUERY_SECONDS": "1"}
    environment = (
        clean_environment() | access | {"PARAGRAF_HOME": str(workspace), "PREFECT_HOME": f"{workspace}/prefect"}
    )
    children: list[subprocess.Popen[bytes]] = []

    def start(name: str, *command: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", *command]
        children.append(
            start_child(line, workspace / f"{name}.log", environment=environment, at_parents_death=signal.SIGTERM)
        )
        return children[-1]

    with pytest.MonkeyPatch.context() as patch, receiving() as received:
        patch.setenv("PARAGRAF_HOME", str(workspace))
        told = {"PREFECT_HOME": f"{workspace}/prefect", "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5"}
        told |= {ADDRESSES: f"json://{received.address}{SECRET}"}
        children.append(start_prefect(port, password, told))
        try:
            wait_until_healthy(children[0], f"{url}/health", workspace / "logs" / "prefect-server.log")
            assert start("deploying", "flows.deploying").wait(300) == 0
            start("worker", "prefect", "worker", "start", "--pool", "paragraf", "--type", "process")
            start("inbox", "flows.inbox")
            with temporary_settings({PREFECT_API_URL: url, PREFECT_API_AUTH_STRING: login}):
                yield Team(workspace, environment, received.bodies, (workspace / "deploying.log").read_text("utf-8"))
        finally:
            for child in reversed(children):
                end_child(child)


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MLFLOW_"))}


def ask(question: Callable[[PrefectClient], Any]) -> Any:
    async def asked() -> Any:
        async with get_client() as api:
            return await question(api)

    return asyncio.run(asked())


def runs_of(deployment: str) -> list[FlowRun]:
    """The runs of a deployment that are not just planned for some night, the oldest first."""
    wanted = DeploymentFilter(name=DeploymentFilterName(any_=[deployment]))
    found = ask(lambda api: api.read_flow_runs(deployment_filter=wanted))
    near = datetime.now(UTC) + timedelta(minutes=5)
    return sorted((run for run in found if run.expected_start_time < near), key=lambda run: run.created)


def ended(deployment: str, count: int) -> list[FlowRun] | None:
    runs = runs_of(deployment)
    return runs if len(runs) >= count and all(run.state and run.state.is_final() for run in runs) else None


def test_the_deployments_are_told_with_their_next_runs_by_the_clock_of_warsaw(team: Team) -> None:
    lines = [line.split() for line in team.said.splitlines()]
    planned = {words[2]: (words[3], words[4]) for words in lines if words[:2] == ["next", "run"]}
    assert {name: hour for name, (_, hour) in planned.items()} == {
        "check/check": "02:00",
        "update/update": "03:00",
        "finetune/monthly": "04:00",
    }
    assert {words[1] for words in lines if words[0] == "automation"} == {
        *("paragraf-inbox", "paragraf-law", "paragraf-degradation", "paragraf-approval"),
        *(message.name for message in MESSAGES),
    }
    assert {words[-1] for words in lines if words[0] != "next"} == {"new"}


def test_the_server_plans_runs_of_every_schedule(team: Team) -> None:
    def planned() -> bool:
        found = ask(lambda api: api.read_flow_runs())
        names = {run.deployment_id for run in found if run.auto_scheduled}
        return len(names) == len(CLOCKS)

    assert wait_for(planned, 60)


def test_done_twice_it_changes_nothing_and_what_was_turned_off_stays_off(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def turn_off(api: PrefectClient) -> None:
        deployment = await api.read_deployment_by_name("finetune/monthly")
        await api.update_deployment_schedule(deployment.id, deployment.schedules[0].id, active=False)
        await api.pause_automation((await api.read_automations_by_name("paragraf-approval"))[0].id)

    ask(turn_off)
    monkeypatch.setenv("PREFECT_API_URL", team.environment["PREFECT_API_URL"])
    said: list[str] = []
    deploying([], said.append)
    assert {line.split()[-1] for line in said if not line.startswith("next run")} == {"there"}
    assert [line.split()[2:] for line in said if line.endswith("turned off")] == [["finetune/monthly", "turned", "off"]]
    assert not ask(lambda api: api.read_automations_by_name("paragraf-approval"))[0].enabled
    with pytest.raises(BadSettings, match="is of the kind 'process' already"):
        deploying(["--type", "docker"], said.append)


def test_the_form_of_a_run_shows_what_every_setting_does_its_bounds_and_choices(team: Team) -> None:
    schema = ask(lambda api: api.read_deployment_by_name("update/update")).parameter_openapi_schema
    parts = schema["definitions"]
    silent = [
        f"{part}.{name}"
        for part, told in parts.items()
        for name, setting in told.get("properties", {}).items()
        if not setting.get("description") and not references(setting)
    ]
    assert silent == []
    empty = [
        f"{part}.{name}"
        for part, told in parts.items()
        for name, setting in told.get("properties", {}).items()
        if "default" not in setting and name not in told.get("required", [])
    ]
    assert empty == []
    assert parts["UpdateRules"]["properties"]["replay_share"]["exclusiveMaximum"] == 1
    assert parts["LoadSettings"]["properties"]["bad_rows"]["enum"] == ["stop", "quarantine"]
    assert "oneOf" not in json.dumps(schema)  # the pages show an empty box for it
    assert [name for name, told in parts.items() if not told.get("description")] == []
    assert schema["properties"]["settings"]["default"]["load"]["source"] == "sample"


def references(setting: dict[str, Any]) -> bool:
    """Whether a setting is a group of others, which describes itself."""
    return any("$ref" in part for part in (setting, *setting.get("allOf", []), *setting.get("anyOf", [])))


def test_a_schedule_starts_a_run_on_the_worker(team: Team) -> None:
    async def soon(api: PrefectClient) -> None:
        nightly = await api.read_deployment_by_name("check/check")
        at = datetime.now(UTC) + timedelta(seconds=15)  # the server plans more often than that
        once = IntervalSchedule(interval=timedelta(days=1), anchor_date=at)
        await api.create_deployment_schedules(nightly.id, [(once, True)])

    ask(soon)
    [run] = wait_for(lambda: ended("check", 1), 240)
    assert run.auto_scheduled
    assert run.state.name == "Waiting"
    assert run.state.message.startswith("Waiting: 0 new rows, 20 are needed")
    tell_seconds("schedule", run)


def test_a_change_of_the_law_starts_one_update_however_often_it_is_told(team: Team) -> None:
    from tasks.law_change import emit_law_change

    for article in range(5):
        emit_law_change(Change(f"kc:art={118 + article}", "2018-07-09"), 1, 0)
    [run] = wait_for(lambda: runs_of("update"), 240)
    time.sleep(3)  # others would have come by now
    assert len(runs_of("update")) == 1
    assert run.created_by.type == "AUTOMATION"
    ask(lambda api: api.delete_flow_run(run.id))  # a file starts the next one, and that is done to its end


def test_a_file_in_the_inbox_starts_an_update_and_people_hear_once_that_it_failed(team: Team, tmp_path: Path) -> None:
    part = team.workspace / "inbox" / ".small.jsonl.part"
    part.write_bytes(small_corpus(tmp_path).read_bytes())
    part.rename(part.with_name("small.jsonl"))
    put = time.time()
    [run] = wait_for(lambda: ended("update", 1), 240)
    assert run.created_by.type == "AUTOMATION"
    assert run.state.type == "FAILED"  # nothing was trained in this workspace yet
    assert "no fine-tuned model to update yet" in run.state.message
    [body] = wait_for(lambda: team.bodies, 240)
    told = json.loads(body)
    assert told["title"] == "Paragraf: update failed"
    assert told["message"].startswith(f"update, run {run.name} of update: Failed.")
    assert str(run.id) in told["message"]
    assert "no fine-tuned" not in told["message"]  # an error may quote a row
    sys.stderr.write(f"inbox: run began {run.start_time.timestamp() - put:.1f} s after the file was put\n")


def test_degradation_and_a_request_for_approval_are_told_to_people(team: Team) -> None:
    """Both as the events that runs of our deployments send."""
    from prefect.events import Event

    run = runs_of("update")[0]
    related = [
        {"prefect.resource.id": f"prefect.flow-run.{run.id}", "prefect.resource.role": "flow-run"},
        {"prefect.resource.id": f"prefect.flow.{run.flow_id}", "prefect.resource.role": "flow"},
        {"prefect.resource.id": f"prefect.deployment.{run.deployment_id}", "prefect.resource.role": "deployment"},
        {"prefect.resource.id": "prefect.tag.paragraf", "prefect.resource.role": "tag"},
    ]
    fallen = Event(
        event="paragraf.training.degraded",
        resource={"prefect.resource.id": "paragraf.run.a1b2"},
        related=related,
        payload={"step": 4, "message": "perplexity 12.0, best 10.0"},
    )
    asks = Event(
        event="prefect.flow-run.Suspended",
        resource={"prefect.resource.id": f"prefect.flow-run.{run.id}"},
        related=related[1:],
    )
    known = len(team.bodies)

    async def send(api: PrefectClient) -> None:
        told = [one.model_dump(mode="json") for one in (fallen, asks)]
        (await api._client.post("/events", json=told)).raise_for_status()

    ask(send)
    wait_for(lambda: len(team.bodies) >= known + 2, 60)
    texts = {body["title"]: body["message"] for body in map(json.loads, team.bodies[known:])}
    assert "perplexity 12.0, best 10.0" in texts["Paragraf: quality fell in a training"]
    assert "awaits a person" in texts["Paragraf: approval"]
    started = {run.name for run in runs_of("monthly")}
    assert started == set()  # the training that degradation could start is off


def test_the_address_of_the_receiver_is_nowhere_in_the_workspace(team: Team) -> None:
    files = [path for path in team.workspace.rglob("*") if path.is_file() and path.stat().st_size < 64 << 20]
    assert any(path.name == "prefect.db" for path in files)
    assert [str(path) for path in files if SECRET.encode() in path.read_bytes()] == []


def tell_seconds(what: str, run: FlowRun) -> None:
    waited = (run.start_time - run.expected_start_time).total_seconds()
    sys.stderr.write(
        f"{what}: run began {waited:.1f} s after it was due, took {run.total_run_time.total_seconds():.1f} s\n"
    )


def test_without_a_server_the_command_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(BadSettings, match=r"start `paragraf up`, or set PREFECT_API_URL"):
        deploying([], print)
