"""`paragraf up`: servers on loopback behind a password; what dies is started again, and runs live through all of it."""

import base64
import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest

from flows.flags import parse_settings
from flows.server import free_port
from paragraf.models import Base
from paragraf.processes import environments
from paragraf.runs import FLOW_RUN
from paragraf.settings import Settings
from tests.running import SMALL, all_gone, small_corpus, start

pytestmark = pytest.mark.slow

EPOCHS = 5  # 40 steps: time enough to be killed in twice
RESTARTED = re.compile(r"^(The .+) is started again\.$", re.MULTILINE)


@dataclass
class Up:
    """A `paragraf up` that runs, what it prints, and its API as a browser with its password asks it."""

    workspace: Path
    ports: tuple[int, int]
    process: subprocess.Popen[bytes]
    log: Path
    password: str
    client: str = field(default_factory=lambda: str(uuid4()))
    token: str = ""

    @property
    def prefect(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def mlflow(self) -> str:
        return f"http://127.0.0.1:{self.ports[1]}"

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def parts(self, words: str) -> list[psutil.Process]:
        """Its processes with these words in their command line."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if words in " ".join(child.cmdline())]

    def post(self, path: str, body: Any) -> Any:
        if not self.token:
            self.token = json.loads(self.get(f"/csrf-token?client={self.client}"))["token"]
        headers = {"Prefect-Csrf-Token": self.token, "Prefect-Csrf-Client": self.client}
        return json.loads(fetch(f"{self.prefect}/api{path}", self.password, body, headers) or "null")

    def get(self, path: str) -> str:
        return fetch(f"{self.prefect}/api{path}", self.password)

    def run(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get(f"/flow_runs/{name}"))
        return found

    def states(self, name: str) -> list[str]:
        """The names of a run's states in the order in which they came."""
        states = json.loads(self.get(f"/flow_run_states/?flow_run_id={name}"))
        return [state["name"] for state in sorted(states, key=lambda state: str(state["timestamp"]))]


def start_up(workspace: Path, ports: tuple[int, int]) -> Up:
    """Start one and wait until all its parts are at work."""
    numbers = [str(port) for port in ports]
    process, log = start("up", workspace, "--prefect-port", numbers[0], "--mlflow-port", numbers[1])
    wait_for(lambda: "At work: " in log.read_text("utf-8"), process, log)
    found = re.search(r"with password (\S+)", log.read_text("utf-8"))
    assert found
    return Up(workspace, ports, process, log, found[1])


def end(up: Up) -> None:
    """End it as Ctrl-C does; nothing that it started is left."""
    children = psutil.Process(up.process.pid).children(recursive=True) if up.process.poll() is None else []
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert all_gone(children)
    assert processes_of_runs(up) == []


def processes_of_runs(up: Up, run: str = "") -> list[psutil.Process]:
    """Processes of the flow runs of a server, of one run or of all."""
    url = f"{up.prefect}/api"
    mine = [(p, told) for p, told in environments() if FLOW_RUN in told and told.get("PREFECT_API_URL") == url]
    return [process for process, told in mine if not run or told[FLOW_RUN] == run]


def wait_for(condition: Callable[[], Any], process: subprocess.Popen[bytes], log: Path, seconds: float = 300) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert process.poll() is None, log.read_text("utf-8")
        assert time.monotonic() < end, f"it never came:\n{log.read_text('utf-8')}"
        time.sleep(0.2)
    return found


def fetch(url: str, password: str | None, body: Any = None, headers: dict[str, str] | None = None) -> str:
    sent = {"Content-Type": "application/json", **(headers or {})}
    if password:
        sent["Authorization"] = "Basic " + base64.b64encode(f"paragraf:{password}".encode()).decode()
    asked = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), sent)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return str(answer.read().decode())


def refusal(url: str, password: str | None, body: Any, headers: dict[str, str] | None = None) -> int:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(url, password, body, headers)
    return refused.value.code


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = start_up(tmp_path_factory.mktemp("up") / "work", (free_port(), free_port()))
    try:
        yield running
    finally:
        end(running)


def test_both_apis_refuse_who_has_no_password(up: Up) -> None:
    assert refusal(f"{up.prefect}/api/csrf-token?client={up.client}", None, None) == 401
    assert refusal(f"{up.mlflow}/api/2.0/mlflow/experiments/search", None, {"max_results": 1}) == 401


def test_a_page_of_another_origin_changes_nothing_even_with_the_password(up: Up) -> None:
    assert refusal(f"{up.prefect}/api/flow_runs/filter", up.password, {}) == 403
    asked = {"max_results": 1}
    elsewhere = {"Host": "evil.example"}
    assert refusal(f"{up.mlflow}/api/2.0/mlflow/experiments/search", up.password, asked, elsewhere) == 403


def test_the_pages_open(up: Up) -> None:
    assert "Prefect" in fetch(up.prefect, None)
    assert "MLflow" in fetch(up.mlflow, up.password)


def test_flows_are_offered_and_scheduled(up: Up) -> None:
    offered = {deployment["name"] for deployment in up.post("/deployments/filter", {})}
    assert {"weekly", "monthly", "promote", "rollback"} <= offered
    filters = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    assert wait_for(lambda: up.post("/flow_runs/filter", filters), up.process, up.log)


def test_a_second_one_in_the_workspace_is_refused(up: Up) -> None:
    process, log = start("up", up.workspace)
    assert process.wait(60) == 75
    assert "are up already" in log.read_text("utf-8")


def test_a_version_that_awaits_approval_starts_the_run_that_asks_for_it(up: Up) -> None:
    resource = {"prefect.resource.id": "paragraf.version.7", "prefect.resource.name": "version 7"}
    event = {"event": "paragraf.promotion.awaits", "resource": resource, "payload": {"version": "7"}}

    def started() -> Any:  # an event is lost on a server that has not read its automations yet
        up.post("/events", [event | {"id": str(uuid4()), "occurred": datetime.now(UTC).isoformat()}])
        return up.post("/flow_runs/filter", {"flows": {"name": {"any_": ["promote"]}}})

    [run, *_] = wait_for(started, up.process, up.log)
    assert run["parameters"]["settings"] == {"version": "7", "promotion": {"approval": "person"}}


def begin_training(up: Up, tiny: Base, corpus: Path) -> str:
    """Start the whole way of a few rows as somebody does in the pages; gives the flow run."""
    flags = ["--load.source", str(corpus), *SMALL, "--train.base-model", tiny.path, "--train.epochs", str(EPOCHS)]
    settings = parse_settings("finetune", flags, Settings).model_dump(mode="json")
    flows = {"flows": {"name": {"any_": ["finetune"]}}}
    [deployment, *_] = up.post("/deployments/filter", flows)
    path = f"/deployments/{deployment['id']}/create_flow_run"
    return str(up.post(path, {"parameters": {"settings": settings}})["id"])


def test_a_run_lives_through_the_death_of_everything(up: Up, tiny: Base, tmp_path: Path) -> None:
    run = begin_training(up, tiny, small_corpus(tmp_path))

    def trained(step: int) -> bool:
        steps = [int(path.name.removeprefix("step-")) for path in up.workspace.glob("training/*/checkpoints/step-*")]
        return max(steps, default=0) >= step

    wait_for(lambda: trained(4), up.process, up.log)
    killed = [*processes_of_runs(up, run), *up.parts("flows.working"), *up.parts("prefect.server.api.server")]
    for process in killed:
        process.kill()
    watched = up.process, up.log
    wait_for(lambda: {"The Prefect server", "The program `worker`"} <= set(RESTARTED.findall(up.said())), *watched)
    back = time.monotonic()
    wait_for(lambda: up.run(run)["run_count"] == 2, up.process, up.log)
    assert time.monotonic() - back < 90
    assert "crashed, and is started again (1 of 3 times)" in up.said()

    wait_for(lambda: trained(10), up.process, up.log)
    up.process.kill()
    up.process.wait()
    again = start_up(up.workspace, up.ports)
    assert again.password == up.password
    up.process, up.log, up.token = again.process, again.log, ""
    wait_for(lambda: up.run(run)["state_name"] == "Completed", up.process, up.log)
    assert up.states(run).count("Crashed") == 1
    assert len(list(up.workspace.glob("models/lora-*"))) == 1
    assert first_step_after_restart(up.workspace) > 4


def first_step_after_restart(workspace: Path) -> int:
    """The first training step that the journal holds after the facts of the rows were told again."""
    [journal] = (workspace / "training").glob("*/journal.jsonl")
    entries = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    starts = [at for at, entry in enumerate(entries) if entry.get("what") == "rows"]
    assert len(starts) == 2
    return min(int(entry["step"]) for entry in entries[starts[1] :] if "loss" in entry)
