"""Doctor: the `doctor` command: every check, a table of them, and the exit code that says whether one is a fault."""

import os
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from flows.server import announced_servers, answers, free_port, running_servers
from paragraf.doctor import FAULT_CODE, Finding, installation, keys, leftovers, machine, stores, table
from paragraf.errors import Busy, Damaged

_USER = re.compile(r"//[^\s/]*@")  # and password, of an address
_PORTS = {"paragraf up --prefect-port": 4200, "paragraf up --mlflow-port": 5000, "paragraf serve --serve.port": 8766}


def doctor(tell: Callable[[str], None]) -> int:
    """Tell the table; 0, or 69 if something is broken."""
    findings = [*_all()]
    tell(table(findings))
    faults = sum(one.state == "fault" for one in findings)
    warnings = sum(one.state == "warning" for one in findings)
    tell(f"{len(findings)} checks: {faults} faults, {warnings} warnings.")
    return FAULT_CODE if faults else 0


def _all() -> Iterator[Finding]:
    yield from installation()
    yield from stores()
    yield from machine(_PORTS, _is_free_or_ours)
    yield from keys(os.environ)
    yield from leftovers()
    yield from servers()
    yield from _registry()


def _is_free_or_ours(port: int) -> bool:
    try:
        servers = running_servers()
    except Damaged:  # told of by its own check
        servers = None
    if servers and any(f":{port}" in url for url in (servers.prefect_url, servers.mlflow_url)):
        return True
    try:
        return bool(free_port(port))
    except Busy:
        return False


def servers() -> Iterator[Finding]:
    """Whether `up` runs and its servers answer, or those that the environment names."""
    try:
        running, last = running_servers(), announced_servers()
    except Damaged as error:
        yield Finding("servers", "fault", str(error), "delete that file")
        return
    if last and not running:
        yield Finding("servers", "warning", "the last `paragraf up` was killed", "paragraf up goes on in its place")
    urls = [f"{running.prefect_url}/health", f"{running.mlflow_url}/health"] if running else []
    for name in ("PREFECT_API_URL", "MLFLOW_TRACKING_URI"):
        if (url := os.environ.get(name, "")).startswith("http"):
            try:
                urls.append(f"{_without_password(url)}/health")
            except ValueError:
                yield Finding("servers", "fault", f"{name} is no address", "write it as http://HOST:PORT")
    for silent in [url for url in urls if not answers(url)]:
        yield Finding("servers", "fault", f"{silent} gives no answer", "start it, or see .paragraf/logs")
    if not last or running:
        yield Finding("servers", "ok", f"{len(urls)} up" if urls else "none is up, runs start their own")


def _without_password(url: str) -> str:
    """An address as it can be asked and shown, of scheme, host, port and path; ValueError if it is none."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path.rstrip('/')}"


def _registry() -> Iterator[Finding]:
    """What MLflow has; a store that can't be opened is a fault of its own."""
    from tasks.doctor import registry

    try:
        yield from registry()
    except Exception as error:  # noqa: BLE001  # whatever it is, the other checks are told
        said = _USER.sub("//", str(error)).strip()
        first = said.splitlines()[0][:120] if said else ""
        yield Finding("versions", "fault", f"MLflow can't be read: {type(error).__name__}: {first}", "see MLflow store")
