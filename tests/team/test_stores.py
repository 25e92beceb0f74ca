"""A team's stores: what a worker trains on one machine is told, asked and promoted on others, from the same stores."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from flows.flags import parse_settings
from paragraf.models import Base, Model
from paragraf.publish import verify
from tests.running import SMALL, small_corpus
from tests.team.stores import Team, run, worker
from tests.tiny import talking_model

pytestmark = pytest.mark.slow

POLISH = "Zachowek to część wartości udziału spadkowego, która należy się najbliższym."
QUESTION = "Co to jest zachowek?"
ENDS = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
REGISTER = """
import sys
from prefect import flow
from paragraf.gate import Verdict
from paragraf.models import Model
from paragraf.snapshots import Snapshot, Splits
from paragraf.update.past import Making
from tasks.register import Evidence, register
from tasks.tracking import begin_run

verdict = Verdict(
    decision="PROMOTE", challenger="tuned", rival="base", has_champion=False, digest="d", rules=[], standings=[],
    wins=[], losses=[], use_instead=None,
)
told = Evidence(verdict=verdict, judged_over="", scores={}, trained_on="9 rows", run="by hand")
part = Snapshot(path="rows/none", digest="0", rows=0)
making = Making(corpus="c", splits=Splits(train=part, valid=part, test=part))
model = Model.model_validate_json(sys.stdin.read())
train = flow(lambda: register(begin_run("by hand", {}), model, {"raw": "abc"}, told, making), name="train")
print("number", train().number)
"""


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
    with httpx.Client(base_url=address, auth=login, trust_env=False) as api:
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
    table = team.paragraf(tmp_path, "versions")
    assert table.stdout.splitlines()[1].split()[:2] == ["1", "challenger"]
    asked = team.paragraf(tmp_path, "ask", "--model", "challenger", "--max-new-tokens", "8", QUESTION)
    assert asked.returncode == 0, asked.stderr
    [here] = (tmp_path / ".paragraf" / "models").glob("lora-*")
    assert verify(here) == verify(first / ".paragraf" / "models" / here.name)


@pytest.fixture(scope="module")
def talking(team: Team, first: Path, tiny: Base) -> Model:
    """A version that answers in Polish, registered on the first machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(first / ".paragraf"))
        model = talking_model(tiny, "talking", POLISH)
    said = run([sys.executable, "-c", REGISTER], team.environment(first), model.model_dump_json())
    assert said.splitlines()[-1].startswith("number ")
    return model


def test_a_version_is_promoted_on_one_machine_and_answers_on_another(
    team: Team, talking: Model, tmp_path: Path
) -> None:
    done = team.paragraf(tmp_path / "second", "promote", "challenger", "--by", "Anna", "--reason", "sprawdzone")
    assert done.returncode == 0, done.stdout + done.stderr
    answered = team.paragraf(tmp_path / "third", "ask", "--model", "champion", "--max-new-tokens", "16", QUESTION)
    assert POLISH in answered.stdout, answered.stderr
    assert verify(tmp_path / "third" / ".paragraf" / talking.path) == talking.digest


def test_files_that_were_changed_in_the_store_are_refused(team: Team, talking: Model, tmp_path: Path) -> None:
    [kept] = (team.bucket / "mlflow").rglob("model/model.safetensors")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        refused = team.paragraf(tmp_path, "ask", "--model", "challenger", QUESTION)
    finally:
        kept.write_bytes(whole)
    assert (refused.returncode, refused.stderr.count("\n")) == (76, 1)
    assert "MLflow holds other files" in refused.stderr
    assert list((tmp_path / ".paragraf" / "models").iterdir()) == []


def test_no_secret_stands_in_a_command_a_log_or_a_workspace(team: Team, first: Path, talking: Model) -> None:
    words = [word.encode() for name, word in team.secrets.items() if name != "AWS_ACCESS_KEY_ID"]  # it names a user
    commands = [" ".join(one.info["cmdline"] or []).encode() for one in psutil.process_iter(["cmdline"])]
    files = [*team.folder.glob("*.log"), *(path for path in first.rglob("*") if path.is_file())]
    assert len(files) > 20
    assert [command for command in commands if any(word in command for word in words)] == []
    assert [path for path in files if any(word in path.read_bytes() for word in words)] == []
