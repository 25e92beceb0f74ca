"""What tests of the server share: `paragraf serve` as a process with the tiny model, and clients of it."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openai

from flows.server import free_port
from paragraf.models import Base
from tests.contract.exchange import Exchanges, checked_client
from tests.tiny import sample_records
from tests.waiting import wait_for

KEY = "a-key-of-the-tests-0123456789"
MODEL, CLOUD_MODEL = "tiny", "gpt-4o-mini-2024-07-18"
QUICK = [
    *("--train.monitor.points", "1", "--train.monitor.rows", "2", "--train.monitor.prompts", "0"),
    *("--no-train.monitor.retention", "--train.checkpoint-steps", "1"),
]
ENDED = ("succeeded", "failed", "cancelled")


@dataclass
class Running:
    """A server that runs, and how it is asked."""

    process: subprocess.Popen[bytes]
    port: int
    home: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def client(self, **options: Any) -> Iterator[tuple[openai.OpenAI, Exchanges]]:
        """A client whose every exchange is held against the official document."""
        with checked_client(f"{self.url}/v1", KEY, **options) as found:
            yield found

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> str:
        """Stop it as Ctrl-C does; gives what it printed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        return self.log.read_text("utf-8")


def start_server(home: Path, tiny: Base, *flags: str, **environment: str) -> Running:
    """Start one and wait until it answers."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    script = str(Path(sys.executable).with_name("paragraf"))
    command = [script, "serve", "--serve.port", str(port), *named(tiny)]
    command += ["--train.base-model", tiny.path, *QUICK, *flags]
    own = {"PARAGRAF_HOME": str(home), "PARAGRAF_SERVER_KEY": KEY, **environment}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MLFLOW_"))}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=kept | own, start_new_session=True
        )
    running = Running(process, port, home, log)
    wait_for(lambda: _answers(running), 60)
    return running


def named(tiny: Base) -> list[str]:
    """The tiny model under two names of its own."""
    return [part for name in (MODEL, CLOUD_MODEL) for part in ("--serve.models", f"{name}={tiny.path}")]


def rows(count: int = 12, answer: str = "", start: int = 0) -> bytes:
    """A training file of the sample's shortest rows."""
    chats = [
        {"messages": [said("user", record.question), said("assistant", answer or record.answer)]}
        for record in sample_records(start + count)[start:]
    ]
    return lines(chats)


def lines(values: Sequence[object]) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def said(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def begin(client: openai.OpenAI, content: bytes, epochs: int = 1, rate: float = 5, **options: Any) -> str:
    """Upload a file and create a job; its id."""
    file = client.files.create(file=("rows.jsonl", content), purpose="fine-tune")
    hyperparameters = {"n_epochs": epochs, "batch_size": 4, "learning_rate_multiplier": rate}
    method = {"type": "supervised", "supervised": {"hyperparameters": hyperparameters}}
    job = client.fine_tuning.jobs.create(
        **{"model": MODEL, "training_file": file.id, "method": method, **options}  # type: ignore[arg-type]
    )
    return job.id


def ended(client: openai.OpenAI, job: str) -> Any:
    """The job when it has ended."""

    def look() -> Any:
        found = client.fine_tuning.jobs.retrieve(job)
        return found if found.status in ENDED else None

    return wait_for(look)


def raw(
    running: Running, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """A request without the client's help: status, headers, body."""
    sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    request = urllib.request.Request(running.url + path, body, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def _answers(running: Running) -> bool:
    assert running.process.poll() is None, running.log.read_text("utf-8")[-2000:]
    try:
        return raw(running, "GET", "/health")[0] == 200
    except OSError:
        return False
