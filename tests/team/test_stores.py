"""A team's stores: what a worker trains on one machine is told, asked and promoted on others, from the same stores."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil
import pytest
from prefect.logging import disable_run_logger

from flows.flags import parse_settings
from paragraf.ask import ask
from paragraf.errors import Damaged, Refused
from paragraf.gate import Verdict
from paragraf.models import Base, Model
from paragraf.publish import verify
from paragraf.registry import table
from paragraf.snapshots import Snapshot, Splits
from paragraf.update.past import Making
from tasks.fetch import fetch
from tasks.register import Evidence, register
from tasks.registry import registered
from tasks.tracking import begin_run, client
from tests.running import SMALL, small_corpus
from tests.team.stores import Team, run, worker
from tests.tiny import talking_model

pytestmark = pytest.mark.slow

POLISH = "Zachowek to część wartości udziału spadkowego, która należy się najbliższym."
QUESTION = "Co to jest zachowek?"
VERDICT = Verdict.model_validate(
    {
        **{"decision": "PROMOTE", "challenger": "tuned", "rival": "base", "has_champion": False, "digest": "d"},
        **{"rules": [], "standings": [], "wins": [], "losses": [], "use_instead": None},
    }
)
ENDS = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class Registered(NamedTuple):
    """A version and its model."""

    number: str
    model: Model


@contextmanager
def on_machine(team: Team, machine: Path) -> Iterator[None]:
    """What is called inside has the workspace and the variables of a machine of the team."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in team.environment(machine).items():
            if name.startswith(("MLFLOW_", "PARAGRAF_")):
                patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def first(team: Team, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The machine with the worker, from which the deployments were sent to the server."""
    machine = tmp_path_factory.mktemp("first")
    with worker(team, machine):
        told = team.program("deployments", machine)
        run(told.command, told.environment)
        yield machine


@pytest.fixture(scope="module")
def trained(team: Team, first: Path, tiny: Base) -> None:
    """The worker has done a run of `finetune` that was started through the server, with rows in the bucket."""
    inbox = team.bucket / "inbox"
    inbox.mkdir()
    small_corpus(inbox)
    few = ["--train.epochs", "0.4", "--safety.rows", "2", "--train.base-model", tiny.path]
    settings = parse_settings("finetune", ["--load.source", "s3://paragraf/inbox/small.jsonl", *SMALL, *few])
    address = f"http://127.0.0.1:{team.ports['prefect']}/api"
    login = ("paragraf", team.secrets["PREFECT_PASSWORD"])
    with httpx.Client(base_url=address, auth=login, timeout=60, trust_env=False) as api:
        found = api.post("/deployments/filter", json={"flows": {"name": {"any_": ["finetune"]}}}).json()
        fit = (one["id"] for one in found if one["work_pool_name"] == "paragraf" and not one["schedules"])
        deployment = next(fit)
        asked = {"parameters": {"settings": settings.model_dump(mode="json")}}
        run_id = api.post(f"/deployments/{deployment}/create_flow_run", json=asked).json()["id"]
        end = time.monotonic() + 400
        while (state := api.get(f"/flow_runs/{run_id}").json()["state_type"]) not in ENDS:
            assert time.monotonic() < end, state
            time.sleep(1)
    assert state == "COMPLETED", (team.folder / "worker.log").read_text("utf-8", "replace")[-3000:]


def test_schedules_become_runs_in_postgres(team: Team, first: Path) -> None:
    query = "SELECT count(*) FROM flow_run WHERE state_type = 'SCHEDULED' AND auto_scheduled"
    end = time.monotonic() + 60
    while int(team.sql("prefect", query)) == 0:
        assert time.monotonic() < end, "no run was scheduled"
        time.sleep(0.5)


@pytest.mark.usefixtures("trained")
def test_what_the_worker_trained_is_a_version_whose_files_are_in_the_bucket(team: Team, first: Path) -> None:
    [weights] = (team.bucket / "mlflow").rglob("model/adapter_model.safetensors")
    [model] = (first / ".paragraf" / "models").glob("lora-*")
    assert weights.read_bytes() == (model / "adapter_model.safetensors").read_bytes()
    assert team.sql("mlflow", "SELECT alias, version FROM registered_model_aliases") == "challenger|1"
    assert list(first.rglob("*.db")) == []


@pytest.mark.usefixtures("trained")
def test_another_machine_asks_it_by_its_alias(team: Team, first: Path, tmp_path: Path) -> None:
    with on_machine(team, first):
        said = ask(QUESTION, "newest", 32).text
    with on_machine(team, tmp_path):
        assert table(registered()).splitlines()[1].split()[:2] == ["1", "challenger"]
        assert ask(QUESTION, fetch("challenger"), 32).text == said
    [here] = (tmp_path / ".paragraf" / "models").glob("lora-*")
    assert verify(here) == verify(first / ".paragraf" / "models" / here.name)


@pytest.fixture(scope="module")
def talking(team: Team, first: Path, tiny: Base) -> Registered:
    """A version that answers in Polish and may be promoted, registered on the first machine."""
    part = Snapshot(path="rows/none", digest="0", rows=0)
    making = Making(corpus="c", splits=Splits(train=part, valid=part, test=part))
    with on_machine(team, first), disable_run_logger():
        model = talking_model(tiny, "talking", POLISH)
        told = Evidence(verdict=VERDICT, judged_over="", scores={}, trained_on="9 rows", run="by hand")
        version = register.fn(begin_run("by hand", {}), model, {"raw": "abc"}, told, making)
    return Registered(version.number, model)


def test_a_version_is_promoted_on_one_machine_and_answers_on_another(
    team: Team, talking: Registered, tmp_path: Path
) -> None:
    done = team.paragraf(tmp_path / "second", "promote", talking.number, "--by", "Anna", "--reason", "sprawdzone")
    assert done.returncode == 0, done.stdout + done.stderr
    with on_machine(team, tmp_path / "third"):
        assert ask(QUESTION, fetch("champion"), 16).text == POLISH
        assert verify(talking.model.folder()) == talking.model.digest


def test_a_wrong_password_is_told(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_machine(team, tmp_path):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://localhost:{team.ports['mlflow']}")  # not asked before
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "not-the-password")
        with pytest.raises(Refused, match="refuses; check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"):
            client()


def test_files_that_were_changed_in_the_store_are_refused(team: Team, talking: Registered, tmp_path: Path) -> None:
    [kept] = (team.bucket / "mlflow").rglob("model/model.safetensors")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        with on_machine(team, tmp_path), pytest.raises(Damaged, match="MLflow holds other files"):
            fetch(f"version:{talking.number}")
    finally:
        kept.write_bytes(whole)
    assert list((tmp_path / ".paragraf" / "models").iterdir()) == []


@pytest.mark.usefixtures("talking")
def test_no_secret_stands_in_a_command_a_log_or_a_workspace(team: Team, first: Path) -> None:
    words = [word.encode() for name, word in team.secrets.items() if name != "AWS_ACCESS_KEY_ID"]  # it names a user
    commands = [" ".join(one.info["cmdline"] or []).encode() for one in psutil.process_iter(["cmdline"])]
    files = [*team.folder.glob("*.log"), *(path for path in first.rglob("*") if path.is_file())]
    assert len(files) > 20
    assert [command for command in commands if any(word in command for word in words)] == []
    assert [path for path in files if any(word in path.read_bytes() for word in words)] == []
