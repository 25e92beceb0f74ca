"""`paragraf up`: servers on loopback behind a password, and what dies is started again.

The tests tell a story: a first version is trained and approved in a browser, and then updated while everything that
works on it is killed.
"""

import math
import re
import time
import urllib.error
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from flows.flags import parse_settings
from flows.server import free_port
from paragraf.models import Base
from paragraf.settings import Settings
from paragraf.update.settings import UpdateSettings
from tests.browser.chromium import Browser
from tests.browser.person import Person
from tests.running import (
    SMALL,
    first_step_after_restart,
    lines_of_the_sample,
    small_corpus,
    start,
    with_stores,
    write_lines,
)
from tests.servers.kept_up import Up, end, fetch, processes_of_runs, start_up, wait_while_up
from tests.tiny import talking_model

pytestmark = pytest.mark.slow

POLISH = "Zachowek to część wartości udziału spadkowego, która należy się najbliższym."
RESTARTED = re.compile(r"^(The .+) is started again\.$", re.MULTILINE)


def refusal(url: str, password: str | None, body: Any, headers: dict[str, str] | None = None) -> int:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(url, password, body, headers)
    return refused.value.code


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, stores: Path, tiny: Base) -> Iterator[Up]:
    """`paragraf up` in a workspace whose operator has set that runs are small."""
    workspace = with_stores(tmp_path_factory.mktemp("up") / "work", stores)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(workspace))
        base = talking_model(tiny, "mowi", POLISH).base
    running = start_up(workspace, (free_port(), free_port()))
    try:
        _make_small(f"{running.prefect}/api", running.password, base)
        yield running
    finally:
        end(running)


def _make_small(api: str, password: str, base: Base) -> None:
    quick = ["--train.base-model", base.path, "--train.epochs", "0.2", "--train.learning-rate", "1e-6"]
    settings = parse_settings("finetune", [*SMALL, *quick, "--safety.rows", "0"], Settings)
    parameters = {"settings": settings.model_dump(mode="json", exclude_defaults=True)}
    access = {PREFECT_API_URL: api, PREFECT_API_AUTH_STRING: f"paragraf:{password}"}
    with temporary_settings(access), get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("finetune/finetune")
        client._client.patch(f"/deployments/{deployment.id}", json={"parameters": parameters}).raise_for_status()


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, up: Up) -> Iterator[Person]:
    """Somebody who has logged in."""
    browser = Browser(tmp_path_factory.mktemp("profile"))
    try:
        found = Person(browser, up.workspace.parent)
        found.opens(up.prefect, "Login")
        browser.click("input[type=password]")
        browser.write(f"paragraf:{up.password}")
        found.clicks("Login")
        found.reads("Dashboard")
        yield found
    finally:
        browser.close()


def starts(person: Person, up: Up, deployment: str, **fields: str) -> None:
    """From the list of deployments to a run that was started with what was put into the form."""
    person.opens(f"{up.prefect}/v2/deployments", deployment)
    person.clicks(deployment, "a[href*='/deployments/deployment/']")
    person.reads("Next Run", "No runs found", "Flow run")
    person.clicks("Run")
    person.clicks("Custom run")
    person.reads("Parameters")
    for label, text in fields.items():
        person.fills(f"{label} (Optional)", text)
    person.pictures(f"form-{deployment}")
    person.clicks("Submit")
    person.clicks("View run")
    person.reads("Artifacts")


def comes_back_when_it(is_in: str, person: Person, up: Up) -> None:
    """Somebody leaves the page of a run and comes back: a page that is open draws all the time, and takes a core."""
    address = person.leaves()
    run = str(UUID(address.split("/flow-run/")[1][:36]))
    wait_while_up(lambda: up.run(run)["state_name"] in (is_in, "Failed", "Crashed"), up.process, up.log)
    person.opens(address, "Artifacts")
    person.sees(is_in, seconds=30)


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
    assert wait_while_up(lambda: up.post("/flow_runs/filter", filters), up.process, up.log)


def test_a_second_one_in_the_workspace_is_refused(up: Up) -> None:
    process, log = start("up", up.workspace)
    assert process.wait(60) == 75
    assert "are up already" in log.read_text("utf-8")


def test_a_version_that_awaits_approval_starts_the_run_that_asks_for_it(up: Up) -> None:
    resource = {"prefect.resource.id": "paragraf.version.7", "prefect.resource.name": "version 7"}
    event = {"event": "paragraf.promotion.awaits", "resource": resource, "payload": {"version": "7"}}

    told = -math.inf

    def started() -> Any:
        nonlocal told
        if time.monotonic() - told > 60:  # an event is lost on a server that has not read its automations yet
            told = time.monotonic()
            up.post("/events", [event | {"id": str(uuid4()), "occurred": datetime.now(UTC).isoformat()}])
        return up.post("/flow_runs/filter", {"flows": {"name": {"any_": ["promote"]}}})

    [run, *_] = wait_while_up(started, up.process, up.log)
    assert run["parameters"]["settings"] == {"version": "7", "promotion": {"approval": "person"}}


def test_a_run_is_started_from_its_form_and_what_it_made_is_shown(person: Person, up: Up) -> None:
    starts(person, up, "finetune", Source=str(small_corpus(up.workspace.parent)))
    comes_back_when_it("Completed", person, up)
    person.clicks("Artifacts")
    person.reads("version")
    person.pictures("run")
    person.clicks("version", "*")
    person.follows("/artifacts/artifact/")
    person.reads("Werdykt bramki")
    person.reads("31 rows of small.jsonl")
    person.pictures("version")


def test_a_person_approves_and_mlflow_shows_the_champion(person: Person, up: Up) -> None:
    starts(person, up, "promote")
    comes_back_when_it("Suspended", person, up)
    person.clicks("Open menu")
    person.clicks("Resume")
    person.reads("Czy wersja 1 ma odpowiadać na pytania?")
    person.chooses("Decyzja", "zatwierdzam")
    person.fills("Imię i nazwisko", "Anna Próbna")
    person.fills("Powód", "Odpowiada po polsku.")
    person.pictures("approval")
    person.clicks("Resume")
    person.sees("Resuming", "Pending", "Running", "Completed", seconds=60)
    comes_back_when_it("Completed", person, up)
    person.answers_dialogs_with(f"paragraf:{up.password}")
    person.opens(f"{up.mlflow}/#/models/paragraf-legal-qa", "Version 1")
    person.reads("champion")
    person.pictures("champion")
    person.leaves()  # what is open draws on


def begin_update(up: Up, base: str, source: Path) -> str:
    """Start an update of the champion with some new rows as somebody does in the pages; gives the flow run."""
    flags = ["--load.source", str(source), *SMALL[2:], "--validation.min-raw-rows", "5", "--train.base-model", base]
    settings = parse_settings("update", [*flags, "--train.epochs", "4", "--safety.rows", "0"], UpdateSettings)
    [deployment] = up.post("/deployments/filter", {"flows": {"name": {"any_": ["update"]}}})
    path = f"/deployments/{deployment['id']}/create_flow_run"
    return str(up.post(path, {"parameters": {"settings": settings.model_dump(mode="json")}})["id"])


def test_an_update_lives_through_the_death_of_everything(up: Up) -> None:
    source = write_lines(up.workspace.parent / "new.jsonl", lines_of_the_sample()[28:56])
    known = set(up.workspace.glob("training/*"))
    run = begin_update(up, str(up.workspace / "bases" / "mowi"), source)

    def trained(step: int) -> bool:
        fresh = set(up.workspace.glob("training/*")) - known
        steps = [int(path.name.removeprefix("step-")) for one in fresh for path in one.glob("checkpoints/step-*")]
        return max(steps, default=0) >= step

    wait_while_up(lambda: trained(4), up.process, up.log)
    killed = [*processes_of_runs(up, run), *up.parts("flows.working"), *up.parts("prefect.server.api.server")]
    for process in killed:
        process.kill()
    watched = up.process, up.log
    wait_while_up(lambda: {"The Prefect server", "The program `worker`"} <= set(RESTARTED.findall(up.said())), *watched)
    back = time.monotonic()
    wait_while_up(lambda: up.run(run)["run_count"] == 2, up.process, up.log)
    assert time.monotonic() - back < 90
    assert "crashed, and is started again (1 of 3 times)" in up.said()

    wait_while_up(lambda: trained(10), up.process, up.log)
    up.process.kill()
    up.process.wait()
    again = start_up(up.workspace, up.ports)
    assert again.password == up.password
    up.process, up.log, up.token = again.process, again.log, ""
    wait_while_up(lambda: up.run(run)["state_name"] == "Completed", up.process, up.log)
    assert up.states(run).count("Crashed") == 1
    assert len(list(up.workspace.glob("models/lora-*"))) == 2
    [training] = set(up.workspace.glob("training/*")) - known
    assert first_step_after_restart(training) > 4
    asked = {"artifacts": {"key": {"any_": ["version"]}, "flow_run_id": {"any_": [run]}}}
    [made] = up.post("/artifacts/filter", asked)
    assert made["data"].startswith("## Wersja 2")
