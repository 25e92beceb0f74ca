"""A team's stores as real programs on this machine: Postgres, an S3 server, Prefect's and MLflow's, and a worker."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.server import free_port
from tests.team.compose import PORTS, ROOT, Program, program, variables

BUCKET = "paragraf"


@dataclass(frozen=True)
class Team:
    """What runs, with the secrets that the compose file asks for."""

    folder: Path
    secrets: Mapping[str, str]
    ports: Mapping[str, str]
    processes: list[subprocess.Popen[bytes]]

    @property
    def bucket(self) -> Path:
        """The folder in which the S3 server keeps the bucket."""
        return self.folder / "objects" / BUCKET

    def program(self, service: str, data: Path) -> Program:
        return program(service, self.secrets, self.ports, data)

    def environment(self, machine: Path) -> dict[str, str]:
        """The variables of a machine of the team, which has the keys of the servers and not those of the stores."""
        worker = self.program("worker", machine)
        return _plain() | {name: told for name, told in worker.environment.items() if not name.startswith("AWS_")}

    def paragraf(self, machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What a person on a machine of the team types; its workspace is `.paragraf` there."""
        code = "from flows.command_line import main; main()"
        command = [sys.executable, "-c", code, *arguments]
        environment = self.environment(machine)
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    def sql(self, database: str, query: str) -> str:
        """The answer of Postgres."""
        address = {"PGHOST": "127.0.0.1", "PGPORT": self.ports["postgres"], "PGUSER": "paragraf"}
        given = _plain() | address | {"PGPASSWORD": self.secrets["POSTGRES_PASSWORD"]}
        command = [str(postgres_programs() / "psql"), "--no-psqlrc", "-qtA", "-d", database, "-c", query]
        return subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout.strip()


def run(command: list[str], environment: Mapping[str, str], given: str = "") -> str:
    """Run a program to its end; gives what it printed, and fails when it failed."""
    done = subprocess.run(command, env=environment, input=given, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def postgres_programs() -> Path:
    """The folder of the newest Postgres here, or one that is not there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    here = shutil.which("postgres")
    return found[-1] if found else Path(here or "/nowhere/postgres").resolve().parent


@contextmanager
def team_at(folder: Path) -> Iterator[Team]:
    """All of it, each program with the words and variables of the compose file."""
    team = _new(folder)
    with ExitStack() as running:
        running.enter_context(postgres(team))
        running.enter_context(objects(team))
        for service in ("prefect", "mlflow"):
            running.enter_context(_serving(team, service))
        for service in ("prefect", "mlflow"):
            _until_well(team, service)
        yield team


@contextmanager
def objects_alone(folder: Path) -> Iterator[Team]:
    """The S3 server, and nothing else."""
    team = _new(folder)
    with objects(team):
        yield team


def _new(folder: Path) -> Team:
    made = {name: secrets.token_urlsafe(18) for name in variables()}
    return Team(folder, made, {name: str(free_port()) for name in PORTS}, [])


@contextmanager
def postgres(team: Team) -> Iterator[None]:
    """A Postgres of its own, as a user without rights: it refuses to run as root."""
    user = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="paragraf-postgres-") as name:
        data = Path(name)
        (data / "password").write_text(team.secrets["POSTGRES_PASSWORD"], "utf-8")
        if user:
            shutil.chown(data, user)
            shutil.chown(data / "password", user)
        programs = postgres_programs()
        made = [str(programs / "initdb"), "-D", f"{data}/base", "-U", "paragraf", "-A", "scram-sha-256", "-E", "UTF8"]
        made += ["--locale", "C.UTF-8", "--no-sync", "--pwfile", str(data / "password")]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, user=user, cwd=data)
        command = [str(programs / "postgres"), "-D", f"{data}/base", "-p", team.ports["postgres"], "-k", str(data)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        with _running(team, "postgres", command, _plain(), user=user, ends_with=signal.SIGQUIT):
            ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", team.ports["postgres"]]
            _until(lambda: subprocess.run(ready, check=False).returncode == 0, team.processes[-1])
            team.sql("postgres", "CREATE DATABASE prefect")
            for line in (ROOT / "deployments" / "databases.sql").read_text("utf-8").splitlines():
                if line and not line.startswith("--"):
                    team.sql("prefect", line)
            yield


@contextmanager
def objects(team: Team) -> Iterator[None]:
    """An S3 server; a folder there is a bucket, as in the compose file's."""
    team.bucket.mkdir(parents=True)
    keys = {"NANIO_ACCESS_KEY": team.secrets["AWS_ACCESS_KEY_ID"]}
    keys |= {"NANIO_SECRET_KEY": team.secrets["AWS_SECRET_ACCESS_KEY"]}
    command = [str(Path(sys.executable).with_name("nanio")), "serve", "--data-dir", str(team.bucket.parent)]
    command += ["--host", "127.0.0.1", "--port", team.ports["objects"]]
    with _running(team, "objects", command, _plain() | keys):
        _until(lambda: _answers(int(team.ports["objects"])), team.processes[-1])
        yield


@contextmanager
def worker(team: Team, machine: Path) -> Iterator[None]:
    """The worker of the compose file on this machine."""
    with _serving(team, "worker", machine):
        _until_well(team, "worker")
        yield


@contextmanager
def _serving(team: Team, service: str, data: Path | None = None) -> Iterator[None]:
    data = data or team.folder / service
    (data / ".paragraf").mkdir(parents=True)  # as in the image
    told = team.program(service, data)
    own = {"PREFECT_WORKER_WEBSERVER_PORT": team.ports["worker"], "PREFECT_WORKER_QUERY_SECONDS": "1"}
    ends_with = signal.SIGINT if service == "worker" else signal.SIGTERM  # to which a worker answers with the former
    with _running(team, service, told.command, _plain() | told.environment | own, ends_with=ends_with):
        yield


def _until_well(team: Team, service: str) -> None:
    """Wait until the service's own health check is content; before it listens, the check is not worth its start."""
    _until(lambda: _answers(int(team.ports[service])), *team.processes)
    check = team.program(service, team.folder).check
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    _until(lambda: subprocess.run(check, check=False, **quiet).returncode == 0, *team.processes)


@contextmanager
def _running(
    team: Team,
    name: str,
    command: list[str],
    environment: Mapping[str, str],
    *,
    user: str | None = None,
    ends_with: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    folder = team.folder / name
    folder.mkdir(exist_ok=True)
    with (team.folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=environment,
            user=user,
            cwd=None if user else folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # what it starts ends with it
        )
    team.processes.append(process)
    try:
        yield
    finally:
        for number in (ends_with, signal.SIGKILL):
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(process.pid, number)
                process.wait(5)
        team.processes.remove(process)


def _plain() -> dict[str, str]:
    """The environment of a shell in which nothing of ours is set."""
    strange = ("PREFECT_", "MLFLOW_", "PARAGRAF_", "AWS_", "PG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | {"NO_PROXY": "127.0.0.1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _until(reached: Callable[[], bool], *processes: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 120
    while not reached():
        assert all(process.poll() is None for process in processes), "a program ended"
        assert time.monotonic() < end, "it never came"
        time.sleep(0.3)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
