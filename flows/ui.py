"""UI: both servers up, their addresses told, runs startable from the browser, until interrupted."""

import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from flows.server import (
    USER,
    Servers,
    announce,
    free_port,
    running_servers,
    start_mlflow,
    start_prefect,
    wait_until_healthy,
)
from paragraf.errors import Busy
from paragraf.identity import ProcessIdentity
from paragraf.processes import end_child, start_child
from paragraf.workspace import home


def ui(prefect_port: int, mlflow_port: int, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `tell` gets a line for each thing that the user should know."""
    if running := running_servers():
        raise Busy(f"{running.prefect_url}: the servers of this workspace are up already; end them first.")
    password = secrets.token_urlsafe(18)
    ports = free_port(prefect_port), free_port(mlflow_port)
    prefect, mlflow = (f"http://127.0.0.1:{port}" for port in ports)
    children = [start_prefect(ports[0], password, {}), start_mlflow(ports[1], password)]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        tell("Starting the Prefect and MLflow servers; this takes some seconds.")
        wait_until_healthy(children[0], f"{prefect}/api/health", home() / "logs" / "prefect-server.log")
        wait_until_healthy(children[1], f"{mlflow}/health", home() / "logs" / "mlflow-server.log")
        announce(
            Servers(
                owner=ProcessIdentity.mine().label(),
                prefect_url=f"{prefect}/api",
                mlflow_url=mlflow,
                password=password,
            )
        )
        children.append(_serve_flows(f"{prefect}/api", password))
        tell(f"Prefect  {prefect}  (runs, and Deployments to start one)")
        tell(f"MLflow   {mlflow}  (curves, models, reports)")
        tell(f"Log in as {USER} with password {password} (Prefect asks for {USER}:{password}). Ctrl-C ends both.")
        stop.wait()
    finally:
        (home() / "servers.json").unlink(missing_ok=True)
        for child in reversed(children):
            end_child(child)


def _serve_flows(url: str, password: str) -> subprocess.Popen[bytes]:
    environment = {"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": f"{USER}:{password}"}
    command = [sys.executable, "-m", "flows.serving"]
    log = home() / "logs" / "serving.log"
    return start_child(command, log, environment=environment, at_parents_death=signal.SIGTERM)
