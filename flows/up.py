"""Up: the servers, the deployments, a worker and what watches, of one workspace, kept up until interrupted."""

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from flows.server import (
    USER,
    Servers,
    access,
    announced,
    announced_servers,
    answers,
    free_port,
    log_of,
    running_servers,
    start_mlflow,
    start_prefect,
    wait_until_healthy,
)
from flows.supervision import Service, Supervisor, supervisor
from paragraf.errors import Busy
from paragraf.growing import Growing
from paragraf.identity import ProcessIdentity
from paragraf.processes import end_strangers, environments, run_child, start_child
from paragraf.runs import FLOW_RUN
from paragraf.workspace import home

_OWNER = "PARAGRAF_UP"  # in the environment of all that it starts: which `up` that was
_POOL = "paragraf"
_SERVER = {
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    # in memory, where Prefect would keep them, a restart loses the slots of runs, which then end themselves
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}

Tell = Callable[[str], None]


def up(prefect_port: int, mlflow_port: int, tell: Tell) -> None:
    """Serve until Ctrl-C or SIGTERM; `tell` gets a line for each thing that the user should know.

    Raises:
        Busy: it runs already, or a port is taken.
        ChildFailed: a part of it can't be started, or ends right after each start.
    """
    if running := running_servers():
        raise Busy(f"{running.prefect_url}: the servers of this workspace are up already; end them first.")
    left = announced_servers()
    if left:
        tell("The last `paragraf up` was killed; this one goes on in its place.")
    _end_leftovers()
    ports = free_port(prefect_port), free_port(mlflow_port)
    servers = Servers(
        owner=ProcessIdentity.mine().label(),
        prefect_url=f"http://127.0.0.1:{ports[0]}/api",
        mlflow_url=f"http://127.0.0.1:{ports[1]}",
        password=left.password if left else secrets.token_urlsafe(18),  # runs that outlived the last one know it
    )
    os.environ |= {_OWNER: servers.owner, "PARAGRAF_HOME": str(home())}
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with supervisor(tell) as kept:
        _start_servers(kept, servers, ports, tell)
        with announced(servers):
            try:
                revived = _start_parts(kept, servers, tell)
                kept.watch(stop, [revived])
            finally:
                kept.end(but=2)  # the servers hear how the runs end
                _end_runs(servers)


def _start_servers(kept: Supervisor, servers: Servers, ports: tuple[int, int], tell: Tell) -> None:
    tell("Starting the Prefect and MLflow servers; this takes some seconds.")
    logs = log_of("prefect-server"), log_of("mlflow-server")
    password = servers.password
    prefect = Service("The Prefect server", logs[0], lambda: start_prefect(ports[0], password, _SERVER))
    mlflow = Service("The MLflow server", logs[1], lambda: start_mlflow(ports[1], password))
    children = kept.add(prefect), kept.add(mlflow)
    wait_until_healthy(children[0], f"{servers.prefect_url}/health", logs[0])
    wait_until_healthy(children[1], f"{servers.mlflow_url}/health", logs[1])
    tell(f"Prefect  {servers.prefect_url.removesuffix('/api')}  (runs, and Deployments to start one)")
    tell(f"MLflow   {servers.mlflow_url}  (curves, models, reports)")
    tell(f"Log in as {USER} with password {password} (Prefect asks for {USER}:{password}). Ctrl-C ends all.")


def _start_parts(kept: Supervisor, servers: Servers, tell: Tell) -> Callable[[], None]:
    """Deploy, then start what works for the server; what is returned tells what was revived since the last call."""
    deployed = _tail(log_of("deploying"), tell)
    run_child(_module("flows.deploying"), log_of("deploying"), environment=_access(servers))
    deployed()
    revived = _tail(log_of("reviving"), tell)
    parts = {"worker": ["flows.working", _POOL], "reviving": ["flows.reviving"], "inbox": ["flows.inbox"]}
    for name, module in parts.items():
        kept.add(_part(name, module, servers))
    tell(f"At work: {', '.join(parts)}; their logs are in {log_of('worker').parent}.")
    return revived


def _part(name: str, module: list[str], servers: Servers) -> Service:
    def start() -> subprocess.Popen[bytes]:
        return start_child(
            _module(*module), log_of(name), environment=_access(servers), at_parents_death=signal.SIGTERM
        )

    return Service(f"The program `{name}`", log_of(name), start, lambda: answers(f"{servers.prefect_url}/health"))


def _module(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


def _access(servers: Servers) -> dict[str, str]:
    return access(servers.prefect_url, servers.password)


def _end_leftovers() -> None:
    """End what a killed `up` left behind; runs that still work are let alone, and go on with the new servers."""
    place = str(home())
    mine = [(p, told) for p, told in environments() if _OWNER in told and told.get("PARAGRAF_HOME") == place]
    end_strangers([p for p, told in mine if FLOW_RUN not in told and not _is_alive(told[_OWNER])])


def _is_alive(label: str) -> bool:
    return ProcessIdentity.from_label(label).is_alive()


def _end_runs(servers: Servers) -> None:
    """End the runs that the worker started, also those whose worker was killed."""
    url = servers.prefect_url
    end_strangers([p for p, told in environments() if FLOW_RUN in told and told.get("PREFECT_API_URL") == url])


def _tail(path: Path, tell: Tell) -> Callable[[], None]:
    """What tells, at each call, the lines that were added to a file since the last one."""
    log = Growing(path)

    def look() -> None:
        for line in log.added():
            tell(line.decode("utf-8", "replace"))

    return look
