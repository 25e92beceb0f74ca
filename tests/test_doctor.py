"""Each fault that the doctor knows, planted, and what the doctor says of it."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from flows.doctor import doctor, servers
from flows.server import Servers, announced
from paragraf.devices import device_held
from paragraf.doctor import FAULT_CODE, Finding, keys, leftovers, stores, table
from paragraf.doctor.installation import installation, package_findings, python_finding
from paragraf.doctor.machine import machine
from paragraf.doctor.stores import database
from paragraf.events import record_event
from paragraf.identity import ProcessIdentity
from paragraf.models import WHEEL_MODEL, Base, Model
from paragraf.publish import publish, verify
from paragraf.registry import CHAMPION
from paragraf.runs import begin
from paragraf.tombstones import pending_file
from paragraf.workspace import relative
from tests.receiving import receiving


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_API_AUTH_STRING", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def nobody_listens(port: int) -> bool:
    return True


def of(check: str, findings: object) -> list[Finding]:
    return [one for one in findings if one.check == check]  # type: ignore[attr-defined]


def states(findings: object) -> dict[str, str]:
    return {one.check: one.state for one in findings}  # type: ignore[attr-defined]


def dead_label() -> str:
    """The label of a process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    label = ProcessIdentity.of(process.pid).label()
    process.communicate(b"\n")
    return label


def test_this_installation_is_sound() -> None:
    assert states(installation()) == {"Python": "ok", "packages": "ok"}


def test_packages_that_prefect_cannot_work_with_are_named_with_the_reason_and_the_remedy() -> None:
    installed = {"fastapi": "0.165.0", "sqlalchemy": "2.0.58", "prefect": "3.8.8"}

    def version(name: str) -> str:
        if name not in installed:
            raise PackageNotFoundError(name)
        return installed[name]

    wanted = ["fastapi>=0.139,<0.151", "sqlalchemy>=2.0,<2.1", "psutil>=7.2", 'ray>=2.60; extra == "ray"']
    assert list(package_findings(wanted, version)) == [
        Finding(
            "packages",
            "fault",
            "fastapi 0.165.0: Prefect's server can't start on it",
            "pip install 'fastapi<0.151,>=0.139'",
        ),
        Finding("packages", "fault", "psutil not installed", "pip install 'psutil>=7.2'"),
    ]


def test_a_python_that_is_too_new_is_a_fault() -> None:
    assert python_finding("3.14.1", ">=3.11,<3.14").state == "fault"
    assert python_finding("3.13.2", ">=3.11,<3.14").state == "ok"


def test_a_new_workspace_has_stores_that_are_to_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "new"))
    assert states(stores()) == {"workspace": "ok", "Prefect store": "ok", "MLflow store": "ok"}
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_workspace_that_cannot_be_written_is_a_fault(workspace: Path) -> None:
    workspace.chmod(0o500)
    try:
        assert states(stores())["workspace"] == "fault"
    finally:
        workspace.chmod(0o700)


def test_a_workspace_on_a_full_disk_is_a_fault(run_on_tmpfs: object) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nos.environ['PARAGRAF_HOME'] = sys.argv[1]\n"
        "from paragraf.doctor import machine, stores\n"
        "found = [*stores(), *machine({}, bool)]\n"
        "print([(one.check, one.state) for one in found if one.state == 'fault'])\n"
    )
    said = run_on_tmpfs("size=64k", code)  # type: ignore[operator]
    assert "('disk', 'fault')" in said


def database_of(path: Path, revision: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as made:
        made.execute("create table alembic_version (version_num text)")
        made.execute("insert into alembic_version values (?)", [revision])
        made.commit()


@pytest.mark.parametrize(
    ("revision", "state", "found"),
    [
        ("ffffffffffff", "fault", "of no release that is known here"),
        ("451aebb31d03", "warning", "its schema is of an older release"),
    ],
)
def test_a_database_of_another_release_is_told(tmp_path: Path, revision: str, state: str, found: str) -> None:
    database_of(tmp_path / "mlflow.db", revision)
    finding = database("MLflow", tmp_path / "mlflow.db", "mlflow db upgrade")
    assert finding.state == state
    assert found in finding.found


def test_a_database_that_is_none_or_torn_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "prefect.db"
    path.write_bytes(b"this is no database at all" * 100)
    assert database("Prefect", path, "").state == "fault"
    path.unlink()
    database_of(path, "ffffffffffff")
    with path.open("r+b") as file:
        file.truncate(5000)
    assert database("Prefect", path, "").state == "fault"


def test_keys_that_can_be_none_are_named_and_never_shown() -> None:
    told = list(
        keys({"OPENAI_API_KEY": "sk short", "PARAGRAF_SERVER_KEY": "k" * 20, "PREFECT_API_URL": "http://x/api"})
    )
    assert [(one.state, one.check) for one in told] == [("fault", "keys"), ("warning", "keys")]
    assert "OPENAI_API_KEY" in told[0].found
    assert "sk short" not in table(told)
    assert [one.state for one in keys({"OPENAI_API_KEY": "sk-0123456789abcdef"})] == ["ok"]


def test_a_taken_port_is_a_warning() -> None:
    ports = {"MLflow": 5000, "Prefect": 4200}
    found = of("port", machine(ports, lambda port: port == 4200))
    assert [(one.state, one.found) for one in found] == [
        ("warning", "5000 is taken by another program"),
        ("ok", "4200 is free for Prefect"),
    ]


def test_a_device_in_use_is_told_with_its_training() -> None:
    with device_held("run a", print):
        assert "is held by run a, process" in of("device", machine({}, nobody_listens))[0].found


def test_a_base_model_that_was_changed_after_it_was_unpacked_is_a_fault(workspace: Path) -> None:
    assert states(machine({}, nobody_listens))["base model"] == "ok"
    folder = workspace / "models" / "base" / f"{WHEEL_MODEL}-0123456789ab"
    with publish(folder) as staged:
        (staged / "model.safetensors").write_bytes(b"weights")
    (folder / "model.safetensors").write_bytes(b"weightz")
    assert of("base model", machine({}, nobody_listens))[0].state == "fault"


def test_what_killed_runs_left_is_told(workspace: Path) -> None:
    assert [one.state for one in leftovers()] == ["ok"]
    begin("killed", "finetune", "", "")
    path = workspace / "runs" / "killed.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"owner": dead_label()}))
    (workspace / f".stage-rows-{dead_label()}-00112233").mkdir()
    pending_file().parent.mkdir(parents=True)
    pending_file().write_text("{}")
    assert [(one.state, one.remedy) for one in leftovers()] == [
        ("warning", "give the same command again, or: paragraf up"),
        ("warning", "the next run removes them"),
        ("fault", "run: paragraf forget"),
    ]


def test_flow_runs_that_stand_as_running_without_a_process_are_counted(workspace: Path) -> None:
    (workspace / "prefect").mkdir()
    with closing(sqlite3.connect(workspace / "prefect" / "prefect.db")) as made:
        made.execute("create table flow_run (id text, state_type text)")
        living, dead = "0197f7a0-0000-7000-8000-000000000001", "0197f7a0-0000-7000-8000-000000000002"
        made.executemany("insert into flow_run values (?, 'RUNNING')", [[living], [dead]])
        made.commit()
    begin("alive", "finetune", living, "")
    assert [one.found for one in leftovers()] == ["1 flow runs stand as Running without a process"]


def test_aliases_that_point_nowhere_and_versions_whose_files_are_gone_are_told(workspace: Path) -> None:
    from tasks.doctor import registry
    from tasks.registry import REGISTERED_NAME
    from tasks.tracking import begin_run, client

    assert [one.found for one in registry()] == ["none yet"]
    run = begin_run("r", {}).run
    store = client()
    store.create_registered_model(REGISTERED_NAME)
    store.create_model_version(REGISTERED_NAME, "runs:/x/model", run)
    store.set_registered_model_alias(REGISTERED_NAME, CHAMPION, "1")
    assert [(one.state, one.found) for one in registry()] == [
        ("fault", "the files of version 1 are gone, which is champion")
    ]
    [path] = (workspace / "mlflow").glob("mlflow.db")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("update registered_model_aliases set version = 7")
        opened.commit()
    assert [(one.check, one.state) for one in registry()] == [("aliases", "fault"), ("versions", "warning")]


def test_a_model_that_another_registry_gave_the_same_number_does_not_stand_for_lost_files(workspace: Path) -> None:
    from tasks.doctor import registry
    from tasks.registry import REGISTERED_NAME
    from tasks.tracking import begin_run, client

    place = workspace / "models" / "lora-1"
    with publish(place) as staged:
        (staged / "adapter_model.safetensors").write_bytes(b"weights")
    base = Base(path="b", digest="d", name="base", tokenizer="t", template="p")
    model = Model(path=relative(place), digest=verify(place), base=base, backend="lora")
    record_event("model_ready", {"version": "1", "model": model.model_dump_json()})
    store, run = client(), begin_run("r", {}).run
    store.create_registered_model(REGISTERED_NAME)
    store.create_model_version(REGISTERED_NAME, "runs:/x/model", run, tags={"digest.model": model.digest})
    assert [one.state for one in registry()] == ["ok"]
    store.set_model_version_tag(REGISTERED_NAME, "1", "digest.model", "of-the-team")
    assert [(one.state, one.found) for one in registry()] == [("warning", "the files of version 1 are gone")]


def test_the_command_ends_with_its_code_and_a_table_of_all_checks(capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    assert doctor(print) == 0
    assert time.monotonic() - began < 20  # imports are most of it
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == ["check", "state", "what", "was", "found", "what", "to", "do"]
    assert said[-1].endswith(" warnings.")
    pending_file().parent.mkdir(parents=True)
    pending_file().write_text("{}")
    assert doctor(print) == FAULT_CODE


def test_servers_that_were_killed_or_do_not_answer_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        told = {"prefect_url": f"{url}/api", "mlflow_url": url, "password": "hidden-password"}
        with announced(Servers(owner=dead_label(), **told)):
            doctor(print)
        with announced(Servers(owner=ProcessIdentity.mine().label(), **told)):
            assert doctor(print) == FAULT_CODE
    said = capsys.readouterr().out
    assert "the last `paragraf up` was killed" in said
    assert "gives no answer" in said
    assert "hidden-password" not in said


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("http://user:s3cret@127.0.0.1:{port}", "http://127.0.0.1:{port}/health"),
        ("http://user:s3cret@127.0.0.1:{port}/below/", "http://127.0.0.1:{port}/below/health"),
        ("http://user:s3cret@[::1]:{port}", "http://[::1]:{port}/health"),
    ],
)
@pytest.mark.parametrize("name", ["PREFECT_API_URL", "MLFLOW_TRACKING_URI"])
def test_a_password_in_an_address_is_never_shown(
    name: str, given: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        monkeypatch.setenv(name, given.format(port=port))
        assert [one.found for one in servers() if one.state == "fault"] == [f"{told.format(port=port)} gives no answer"]


def test_a_server_whose_address_holds_a_password_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as server:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://user:s3cret@{server.address}")
        assert [(one.state, one.found) for one in servers()] == [("ok", "1 up")]


def test_an_address_that_is_none_is_told_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://user:s3/cret@host:5000")
    assert [one.found for one in servers() if one.state == "fault"] == ["MLFLOW_TRACKING_URI is no address"]
