"""`paragraf ui`: both servers on loopback behind a password, gone with their owner; flows offered and scheduled."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psutil
import pytest

from flows.server import free_port
from tests.running import all_gone, start

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


class Ui(NamedTuple):
    process: subprocess.Popen[bytes]
    prefect: str
    mlflow: str
    password: str


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    workspace = tmp_path_factory.mktemp("ui") / "work"
    ports = [str(free_port()), str(free_port())]
    process, log = start("ui", workspace, "--prefect-port", ports[0], "--mlflow-port", ports[1])
    try:
        password = wait_for(lambda: re.search(r"with password (\S+)", log.read_text()), process)[1]
        yield Ui(process, f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}", password)
    finally:
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert all_gone(children)


def test_both_apis_refuse_who_has_no_password(ui: Ui) -> None:
    for url in (f"{ui.prefect}/api/flow_runs/filter", f"{ui.mlflow}/api/2.0/mlflow/experiments/search"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(url, {"max_results": 1}, None)
        assert refused.value.code == 401


def test_the_pages_open(ui: Ui) -> None:
    assert "Prefect" in get(ui.prefect, None)
    assert "MLflow" in get(ui.mlflow, ui.password)


def test_the_flows_can_be_started_from_the_pages(ui: Ui) -> None:
    def offered() -> set[str]:
        found = post(f"{ui.prefect}/api/deployments/filter", {}, ui.password)
        return {deployment["name"] for deployment in found}

    assert wait_for(lambda: {"finetune", "prepare", "promote", "rollback"} <= offered(), ui.process)


def test_a_version_that_awaits_approval_starts_the_run_that_asks_for_it(ui: Ui) -> None:
    resource = {"prefect.resource.id": "paragraf.version.7", "prefect.resource.name": "version 7"}
    event = {"event": "paragraf.promotion.awaits", "resource": resource, "payload": {"version": "7"}}

    def started() -> list[Any]:
        occurred = {"id": str(uuid4()), "occurred": datetime.now(UTC).isoformat()}
        post(f"{ui.prefect}/api/events", [event | occurred], ui.password)
        return post(f"{ui.prefect}/api/flow_runs/filter", {"flows": {"name": {"any_": ["promote"]}}}, ui.password)

    [run, *_] = wait_for(started, ui.process)
    assert run["parameters"]["settings"] == {"version": "7", "promotion": {"approval": "person"}}


def test_a_deployed_schedule_creates_runs(ui: Ui) -> None:
    environment = os.environ | {
        "PREFECT_API_URL": f"{ui.prefect}/api",
        "PREFECT_API_AUTH_STRING": f"paragraf:{ui.password}",
    }
    post(f"{ui.prefect}/api/work_pools/", {"name": "paragraf", "type": "process"}, ui.password)
    prefect = str(Path(sys.executable).with_name("prefect"))
    deploy = [prefect, "--no-prompt", "deploy", "--all", "--prefect-file", "deployments/prefect.yaml"]
    done = subprocess.run(deploy, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    def scheduled() -> list[Any]:
        filters = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        return post(f"{ui.prefect}/api/flow_runs/filter", filters, ui.password)

    assert wait_for(scheduled, ui.process)


def wait_for(condition: Any, process: subprocess.Popen[bytes], seconds: float = 120) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert process.poll() is None, "the servers ended"
        assert time.monotonic() < end, "it never came"
        time.sleep(0.3)
    return found


def get(url: str, password: str | None) -> str:
    with urllib.request.urlopen(request(url, None, password), timeout=30) as answer:
        return str(answer.read().decode())


def post(url: str, body: dict[str, Any], password: str | None) -> Any:
    with urllib.request.urlopen(request(url, body, password), timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def request(url: str, body: dict[str, Any] | None, password: str | None) -> urllib.request.Request:
    headers = {"Content-Type": "application/json"}
    if password:
        headers["Authorization"] = "Basic " + base64.b64encode(f"paragraf:{password}".encode()).decode()
    return urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)
