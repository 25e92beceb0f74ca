"""A model that is trained, and then updated with new rows, as a user does it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from paragraf.models import Base
from paragraf.registry import CHAMPION
from tasks.registry import REGISTERED_NAME
from tests.running import SMALL, lines_of_the_sample, run, small_corpus, with_stores, write_lines

pytestmark = pytest.mark.slow

QUICK = [*SMALL, "--train.epochs", "0.4", "--safety.rows", "2"]

CHECK = """
import time

from flows.flags import parse_settings
from flows.server import prefect_api
from paragraf.update.settings import UpdateSettings

settings = parse_settings("update", ["--load.source", "inbox", *UPDATE], UpdateSettings)
with prefect_api() as wait_for_it:
    from prefect.client.orchestration import get_client
    from prefect.events.worker import EventsWorker

    from flows.check import check

    wait_for_it()
    state = check(settings, return_state=True)
    EventsWorker.drain_all(timeout=10)
    with get_client(sync_client=True) as api:
        wanted = {"filter": {"event": {"name": ["paragraf.inbox.ready"]}}}
        end = time.monotonic() + 60  # the server writes events down a batch at a time
        while not (found := api._client.post("/events/filter", json=wanted).json()["events"]):
            assert time.monotonic() < end
            time.sleep(0.5)
    [event] = found
    print(state.name, event["event"], event["payload"])
"""


def run_code(code: str, workspace: Path, updating: list[str]) -> str:
    """Run Python code in a process of its own, with the flags of an update; gives what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MLFLOW_"))}
    done = subprocess.run(
        [sys.executable, "-c", f"UPDATE = {updating!r}\n{code}"],
        env=environment | {"PARAGRAF_HOME": str(workspace)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr + done.stdout


@pytest.fixture(scope="module")
def quick(tiny: Base) -> list[str]:
    return [*QUICK, "--train.base-model", tiny.path]


@pytest.fixture(scope="module")
def updating(quick: list[str]) -> list[str]:
    """Of an update; how many rows are enough is for it to say."""
    return [*quick[2:], "--validation.min-raw-rows", "5"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, stores: Path, quick: list[str]) -> Path:
    """A workspace after one training."""
    folder = tmp_path_factory.mktemp("update")
    workspace = with_stores(folder / "work", stores)
    run("finetune", workspace, "--load.source", str(small_corpus(folder)), *quick)
    return workspace


@pytest.fixture(scope="module")
def arguments(workspace: Path, updating: list[str]) -> list[str]:
    """An update with 24 new rows and 4 that are known."""
    return ["--load.source", str(write_lines(workspace.parent / "new.jsonl", lines_of_the_sample()[28:56])), *updating]


@pytest.fixture(scope="module")
def said(workspace: Path, arguments: list[str]) -> str:
    """What an update of the champion printed."""
    from mlflow import MlflowClient

    [path] = (workspace / "mlflow").glob("*.db")
    MlflowClient(tracking_uri=f"sqlite:///{path}").set_registered_model_alias(REGISTERED_NAME, CHAMPION, "1")
    return run("update", workspace, *arguments)


def events(workspace: Path, kind: str) -> list[dict[str, Any]]:
    found = map(json.loads, (workspace / "events.jsonl").read_text("utf-8").splitlines())
    return [event for event in found if event["kind"] == kind]


def test_too_few_new_rows_wait_and_are_new_the_next_time(workspace: Path, updating: list[str]) -> None:
    few = str(write_lines(workspace.parent / "few.jsonl", lines_of_the_sample()[26:36]))
    ledger = [path.read_bytes() for path in (workspace / "ledger").iterdir()]
    said = run("update", workspace, "--load.source", few, *updating)
    assert said.splitlines()[-1].startswith("Waiting: 4 new rows, 20 are needed;")
    assert "Trained on from version 1; there is no champion." in said
    assert [path.read_bytes() for path in (workspace / "ledger").iterdir()] == ledger
    assert len(events(workspace, "model_ready")) == 1


def test_the_nightly_check_finds_what_an_update_would_and_tells_the_server(
    workspace: Path, updating: list[str]
) -> None:
    folder = workspace / "inbox"
    folder.mkdir()
    write_lines(folder / "new.jsonl", lines_of_the_sample()[28:57])
    os.utime(folder / "new.jsonl", (1, 1))
    said = run_code(CHECK, workspace, updating)
    assert "Ready: 25 new rows, 20 are needed; not new: 3 learned_before, 1 tested_before." in said
    assert said.splitlines()[-1] == "Ready paragraf.inbox.ready {'rows': 25, 'needed': 20}"
    assert len(events(workspace, "model_ready")) == 1


def test_an_update_is_a_version_with_its_parent_and_a_report_on_old_and_new_tests(workspace: Path, said: str) -> None:
    assert "Trained on from the champion, version 1." in said
    assert "New rows: Kept 24 of 28 rows; dropped: 3 learned_before, 1 tested_before." in said
    assert "version 2, alias challenger" in said
    assert "Old test rows:" in said
    page = Path(said.splitlines()[-1])
    assert "Dawne pytania testowe" in page.read_text("utf-8")
    told = events(workspace, "model_ready")[-1]
    assert (told["version"], json.loads(told["making"])["parent"]) == ("2", "1")


def test_the_same_update_again_takes_every_stage_from_the_cache(
    workspace: Path, arguments: list[str], said: str
) -> None:
    again = run("update", workspace, *arguments)
    for stage in (
        "load",
        "clean",
        "sift",
        "split",
        "remember",
        "validate",
        "train",
        "answer",
        "score_update",
        "decide",
    ):
        assert f"{stage:<10} done before" in again, stage
    assert "version 2 holds this model already" in again
