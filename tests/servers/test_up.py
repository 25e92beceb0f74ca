"""`paragraf up`: servers on loopback behind a password; what dies is started again, and runs live through all of it."""

import re
import time
import urllib.error
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from flows.flags import parse_settings
from flows.server import free_port
from paragraf.models import Base
from paragraf.settings import Settings
from tests.running import SMALL, first_step_after_restart, small_corpus, start, with_stores
from tests.servers.kept_up import Up, end, fetch, processes_of_runs, start_up, wait_for

pytestmark = pytest.mark.slow

EPOCHS = 5  # 40 steps: time enough to be killed in twice
RESTARTED = re.compile(r"^(The .+) is started again\.$", re.MULTILINE)


def refusal(url: str, password: str | None, body: Any, headers: dict[str, str] | None = None) -> int:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(url, password, body, headers)
    return refused.value.code


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, stores: Path) -> Iterator[Up]:
    running = start_up(with_stores(tmp_path_factory.mktemp("up") / "work", stores), (free_port(), free_port()))
    try:
        yield running
    finally:
        end(running)


def test_both_apis_refuse_who_has_no_password(up: Up) -> None:
    assert refusal(f"{up.prefect}/api/csrf-token?client={up.client}", None, None) == 401
    assert refusal(f"{up.mlflow}/api/2.0/mlflow/experiments/search", None, {"max_results": 1}) == 401


def test_a_page_of_another_origin_changes_nothing_even_with_the_password(up: Up) -> None:
    assert refusal(f"{up.prefect}/api/flow_runs/filter", up.password, {}) == 403
    asked = {"max_results": 1}
    elsewhere = {"Host": "evil.example"}
    assert refusal(f"{up.mlflow}/api/2.0/mlflow/experiments/search", up.password, asked, elsewhere) == 403


def test_the_pages_open(up: Up) -> None:
    assert "Prefect" in fetch(up.prefect, None)
    assert "MLflow" in fetch(up.mlflow, up.password)


def test_flows_are_offered_and_scheduled(up: Up) -> None:
    offered = {deployment["name"] for deployment in up.post("/deployments/filter", {})}
    assert {"check", "update", "monthly", "promote", "rollback"} <= offered
    filters = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    assert wait_for(lambda: up.post("/flow_runs/filter", filters), up.process, up.log)


def test_a_second_one_in_the_workspace_is_refused(up: Up) -> None:
    process, log = start("up", up.workspace)
    assert process.wait(60) == 75
    assert "are up already" in log.read_text("utf-8")


def test_a_version_that_awaits_approval_starts_the_run_that_asks_for_it(up: Up) -> None:
    resource = {"prefect.resource.id": "paragraf.version.7", "prefect.resource.name": "version 7"}
    event = {"event": "paragraf.promotion.awaits", "resource": resource, "payload": {"version": "7"}}

    def started() -> Any:  # an event is lost on a server that has not read its automations yet
        up.post("/events", [event | {"id": str(uuid4()), "occurred": datetime.now(UTC).isoformat()}])
        return up.post("/flow_runs/filter", {"flows": {"name": {"any_": ["promote"]}}})

    [run, *_] = wait_for(started, up.process, up.log)
    assert run["parameters"]["settings"] == {"version": "7", "promotion": {"approval": "person"}}


def begin_training(up: Up, tiny: Base, corpus: Path) -> str:
    """Start the whole way of a few rows as somebody does in the pages; gives the flow run."""
    flags = ["--load.source", str(corpus), *SMALL, "--train.base-model", tiny.path, "--train.epochs", str(EPOCHS)]
    settings = parse_settings("finetune", flags, Settings).model_dump(mode="json")
    flows = {"flows": {"name": {"any_": ["finetune"]}}}
    [deployment, *_] = up.post("/deployments/filter", flows)
    path = f"/deployments/{deployment['id']}/create_flow_run"
    return str(up.post(path, {"parameters": {"settings": settings}})["id"])


def test_a_run_lives_through_the_death_of_everything(up: Up, tiny: Base, tmp_path: Path) -> None:
    run = begin_training(up, tiny, small_corpus(tmp_path))

    def trained(step: int) -> bool:
        steps = [int(path.name.removeprefix("step-")) for path in up.workspace.glob("training/*/checkpoints/step-*")]
        return max(steps, default=0) >= step

    wait_for(lambda: trained(4), up.process, up.log)
    killed = [*processes_of_runs(up, run), *up.parts("flows.working"), *up.parts("prefect.server.api.server")]
    for process in killed:
        process.kill()
    watched = up.process, up.log
    wait_for(lambda: {"The Prefect server", "The program `worker`"} <= set(RESTARTED.findall(up.said())), *watched)
    back = time.monotonic()
    wait_for(lambda: up.run(run)["run_count"] == 2, up.process, up.log)
    assert time.monotonic() - back < 90
    assert "crashed, and is started again (1 of 3 times)" in up.said()

    wait_for(lambda: trained(10), up.process, up.log)
    up.process.kill()
    up.process.wait()
    again = start_up(up.workspace, up.ports)
    assert again.password == up.password
    up.process, up.log, up.token = again.process, again.log, ""
    wait_for(lambda: up.run(run)["state_name"] == "Completed", up.process, up.log)
    assert up.states(run).count("Crashed") == 1
    assert len(list(up.workspace.glob("models/lora-*"))) == 1
    assert first_step_after_restart(up.workspace) > 4
