"""Server: the Prefect and MLflow servers of one workspace, on loopback, behind a password, gone when their owner is."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from paragraf.errors import Busy, ChildFailed, Damaged
from paragraf.identity import ProcessIdentity
from paragraf.loopback import DIRECT
from paragraf.processes import end_child, start_child
from paragraf.publish import publish_secret
from paragraf.workspace import home

USER = "paragraf"
_START_SECONDS = 120
_QUIET = {  # services that a server of one run has no use for
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


class Servers(BaseModel):
    """Servers that stay while `paragraf up` runs; the file that holds this is readable by its owner alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: str
    prefect_url: str
    mlflow_url: str
    password: str


@contextmanager
def prefect_api() -> Iterator[Callable[[], None]]:
    """A Prefect API for the runs of this process: the user's, that of a running `paragraf up`, or one of its own.

    Must be entered before Prefect is imported, since Prefect reads its settings once. What it yields waits until the
    API answers: a server of one's own starts while the flows are imported.
    """
    (home() / "prefect").mkdir(parents=True, exist_ok=True)
    running = running_servers()
    if "PREFECT_API_URL" in os.environ:
        yield lambda: None
    elif running:
        os.environ.update(access(running.prefect_url, running.password))
        yield lambda: None
    else:
        port, password = free_port(), secrets.token_urlsafe(24)
        server = start_prefect(port, password, _QUIET)
        try:
            os.environ.update(access(f"http://127.0.0.1:{port}/api", password))
            yield lambda: wait_until_healthy(server, f"http://127.0.0.1:{port}/api/health", log_of("prefect-server"))
        finally:
            if server.poll() is None and "prefect" in sys.modules:
                _send_what_is_left()
            end_child(server)


def running_servers() -> Servers | None:
    """The servers of a `paragraf up` that is alive in this workspace."""
    servers = announced_servers()
    return servers if servers and ProcessIdentity.from_label(servers.owner).is_alive() else None


def announced_servers() -> Servers | None:
    """The servers of the last `paragraf up` of this workspace, if it runs or was killed."""
    if not _register().is_file():
        return None
    try:
        return Servers.model_validate_json(_register().read_bytes())
    except ValidationError as error:
        raise Damaged(f"{_register()}: not readable; delete it and start `paragraf up` again.") from error


@contextmanager
def announced(servers: Servers) -> Iterator[None]:
    """As long as the block lasts, other commands of this workspace find the servers."""
    publish_secret(_register(), servers.model_dump_json().encode())
    try:
        yield
    finally:
        _register().unlink(missing_ok=True)


def start_prefect(port: int, password: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start Prefect's server on 127.0.0.1; every call but the health check needs the password."""
    (home() / "prefect").mkdir(parents=True, exist_ok=True)
    hardening = {
        "PREFECT_SERVER_API_AUTH_STRING": f"{USER}:{password}",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
        "PREFECT_UI_URL": f"http://127.0.0.1:{port}",  # for links in messages
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--lifespan", "on"]
    command += ["--timeout-graceful-shutdown", "3"]  # pages and workers hold connections open for ever
    return start_child(
        command, log_of("prefect-server"), environment=hardening | environment, at_parents_death=signal.SIGTERM
    )


def start_mlflow(port: int, password: str) -> subprocess.Popen[bytes]:
    """Start MLflow's server on 127.0.0.1 over the workspace's store, behind basic authentication."""
    folder = home() / "mlflow"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "auth.ini"
    settings.write_text(
        f"[mlflow]\ndefault_permission = READ\ndatabase_uri = sqlite:///{folder / 'auth.db'}\nadmin_username = {USER}\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n",
        "utf-8",
    )
    (folder / "auth.db").unlink(missing_ok=True)  # holds the last start's password only
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--app-name", "basic-auth", "--allowed-hosts", f"127.0.0.1:{port},localhost:{port}"]
    environment = {
        "MLFLOW_BACKEND_STORE_URI": os.environ["MLFLOW_TRACKING_URI"],  # of a database it holds a password
        "MLFLOW_AUTH_CONFIG_PATH": str(settings),
        "MLFLOW_AUTH_ADMIN_PASSWORD": password,
        "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_urlsafe(32),
    }
    return start_child(command, log_of("mlflow-server"), environment=environment, at_parents_death=signal.SIGTERM)


def wait_until_healthy(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait for the first answer of a server that was just started.

    Raises:
        ChildFailed: it ended, or gave no answer in two minutes; names its log.
    """
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise ChildFailed(f"{log}: the server ended at its start with code {server.returncode}; see the log.")
        if answers(url):
            return
        time.sleep(0.1)
    raise ChildFailed(f"{log}: the server gave no answer in {_START_SECONDS} s; see the log.")


def answers(url: str) -> bool:
    """Whether a server on loopback, where no proxy reaches, answers a call."""
    try:
        with DIRECT.open(url, timeout=2):
            return True
    except (OSError, http.client.HTTPException):
        return False


def free_port(wanted: int = 0) -> int:
    """A free port of 127.0.0.1: the wanted one, or any.

    Raises:
        Busy: the wanted port is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise Busy(f"127.0.0.1:{wanted} is taken by another program; choose another port.") from error
        return int(probe.getsockname()[1])


def _send_what_is_left() -> None:
    """Let Prefect hand its last log lines and events to the server before that is stopped."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=10)
    EventsWorker.drain_all(timeout=10)


def access(url: str, password: str) -> dict[str, str]:
    """The environment in which a program tells its runs to a server; Prefect reads it once, when it is imported."""
    without_proxy = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1"]))
    return {"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": f"{USER}:{password}", "NO_PROXY": without_proxy}


def _register() -> Path:
    return home() / "servers.json"


def log_of(program: str) -> Path:
    """Where a program that is started from here writes."""
    return home() / "logs" / f"{program}.log"
