"""A `paragraf up` that runs: what it prints, its API as a browser asks it, and its end."""

import base64
import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from paragraf.processes import environments
from paragraf.runs import FLOW_RUN
from tests.running import all_gone, start
from tests.waiting import Found, wait_for


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
    wait_while_up(lambda: "At work: " in log.read_text("utf-8"), process, log)
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


def wait_while_up(condition: Callable[[], Found], process: subprocess.Popen[bytes], log: Path) -> Found:
    def looked() -> Found:
        assert process.poll() is None, log.read_text("utf-8")
        return condition()

    return wait_for(looked, 300, told=partial(log.read_text, "utf-8"))


def fetch(url: str, password: str | None, body: Any = None, headers: dict[str, str] | None = None) -> str:
    sent = {"Content-Type": "application/json", **(headers or {})}
    if password:
        sent["Authorization"] = "Basic " + base64.b64encode(f"paragraf:{password}".encode()).decode()
    asked = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), sent)
    end = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=90) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > end:  # 503: another write held the database, nothing was done
                raise
        time.sleep(1)
