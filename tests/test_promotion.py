"""Promotion in a real MLflow store and on a real Prefect server: smoke test, way back, races, kills, approval."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.diagnosis import diagnosis
from flows.promote import promote, promote_finished
from flows.rollback import RollbackSettings, rollback
from flows.serve import aliases
from paragraf.ask import ask, find_model
from paragraf.errors import Damaged, MissingInput, Outrun, RolledBack, Withheld
from paragraf.events import log_path, read_events, record_event
from paragraf.gate import Verdict
from paragraf.models import Base, Model
from paragraf.promote import Entry, PromoteSettings, PromotionSettings
from paragraf.publish import publish, verify
from paragraf.snapshots import Snapshot, Splits
from paragraf.update.past import Making
from paragraf.workspace import home
from tasks.champion import champion
from tasks.fetch import fetch
from tasks.register import Evidence, register
from tasks.registry import (
    REGISTERED_NAME,
    champion_number,
    confirm,
    digests,
    find_version,
    move_champion,
    promotions,
    registered,
)
from tasks.tracking import begin_run, client
from tests.tiny import talking_model

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("store", "prefect_server")]

ROOT = Path(__file__).parents[1]
POLISH = "Zachowek to część wartości udziału spadkowego, która należy się najbliższym."
ENGLISH = "The court decides on everything that the heirs have asked for."
BY_PERSON = PromotionSettings(approval="person")


@pytest.fixture(scope="module")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without versions; making one takes seconds, so every test takes a copy."""
    database = tmp_path_factory.mktemp("store") / "mlflow.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{database}")
        client()
    return database


@pytest.fixture
def store(new_store: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    database = workspace / "mlflow" / "mlflow.db"
    database.parent.mkdir()
    shutil.copyfile(new_store, database)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{database}")
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):  # its thread costs a second a flow
        yield


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, tiny: Base) -> Path:
    """A workspace with a model that answers in Polish and one that answers in English."""
    folder = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(folder))
        made = {name: talking_model(tiny, name, says) for name, says in {"good": POLISH, "bad": ENGLISH}.items()}
    (folder / "made.json").write_text(json.dumps({name: model.model_dump() for name, model in made.items()}))
    return folder


@pytest.fixture
def both(models: Path, workspace: Path) -> dict[str, Model]:
    """These models in the workspace of this test."""
    shutil.copytree(models / "models", workspace / "models", copy_function=os.link)
    return {name: Model.model_validate(one) for name, one in json.loads((models / "made.json").read_bytes()).items()}


def a_version(model: Model | None = None, verdict: str = "PROMOTE", judged_over: str | None = None) -> str:
    """Register a version as a finished training would; by default one that is not in this workspace."""
    store = client()
    if not store.search_registered_models(f"name = '{REGISTERED_NAME}'"):
        store.create_registered_model(REGISTERED_NAME)
    tags = {"verdict": verdict} | ({} if judged_over is None else {"verdict.over": judged_over})
    number = str(store.create_model_version(REGISTERED_NAME, "file:///nowhere", tags=tags).version)
    store.set_registered_model_alias(REGISTERED_NAME, "challenger", number)
    if model:
        record_event("model_ready", {"version": number, "model": model.model_dump_json()})
    return number


def champion_now() -> str:
    return champion_number(client())


def kinds() -> list[tuple[str, str, str]]:
    return [(entry.kind, entry.version, entry.over) for entry in promotions()]


def test_a_version_that_answers_becomes_champion_and_the_log_tells_how(both: dict[str, Model]) -> None:
    number = a_version(both["good"], judged_over="")
    outcome = promote(PromoteSettings(version=number, by="Anna", reason="ma odpowiadać"))
    assert (outcome.status, champion_now()) == ("promoted", number)
    assert kinds() == [("promoted", "1", ""), ("confirmed", "1", "")]
    assert (promotions()[0].by, promotions()[0].reason) == ("Anna", "ma odpowiadać")
    events = [event for event in read_events() if str(event["kind"]).startswith("promotion_")]
    assert [(event["kind"], event["id"]) for event in events] == [
        ("promotion_promoted", promotions()[0].id),
        ("promotion_confirmed", promotions()[1].id),
    ]
    assert promote(PromoteSettings(version=number)).status == "already"
    assert len(promotions()) == 2


def test_a_version_that_fails_its_smoke_test_is_rolled_back_and_everybody_told(both: dict[str, Model]) -> None:
    good, bad = a_version(both["good"]), a_version(both["bad"])
    promote(PromoteSettings(version=good))
    with pytest.raises(RolledBack, match=r"version 2 failed its smoke test, champion is version 1: .*not Polish"):
        promote(PromoteSettings(version=bad))
    assert champion_now() == good
    assert kinds()[-2:] == [("promoted", bad, good), ("rolled_back", good, bad)]
    assert "not Polish" in promotions()[-1].reason
    assert events_of_prefect("paragraf.promotion.rolled_back") == ["paragraf.version.2"]


def test_a_first_champion_that_fails_leaves_nobody(both: dict[str, Model]) -> None:
    with pytest.raises(RolledBack, match="champion is nobody"):
        promote(PromoteSettings(version=a_version(both["bad"])))
    assert champion_now() == ""


def test_a_version_that_is_not_in_this_workspace_fails_its_smoke_test() -> None:
    with pytest.raises(RolledBack, match=r"it can't be asked: MissingInput: version 1 was registered by an older"):
        promote(PromoteSettings(version=a_version()))
    assert champion_now() == ""


@pytest.mark.parametrize(("verdict", "reason"), [("REJECT", "ja tak chcę"), ("HOLD", ""), ("", "ja tak chcę")])
def test_a_version_that_may_not_stand_moves_nothing(verdict: str, reason: str) -> None:
    number = a_version(verdict=verdict)
    with pytest.raises(Withheld):
        promote(PromoteSettings(version=number, by="Anna", reason=reason))
    assert (champion_now(), promotions()) == ("", [])


def test_a_version_that_was_judged_against_another_champion_needs_a_reason(both: dict[str, Model]) -> None:
    first, second, third = (a_version(both["good"], judged_over="") for _ in range(3))
    promote(PromoteSettings(version=first))
    with pytest.raises(
        Outrun, match=r"version 1 is champion now, expected nobody: version 1, promoted by gate, passed its"
    ):
        promote(PromoteSettings(version=second))
    with pytest.raises(Withheld, match="judged against nobody, not version 1"):
        promote(PromoteSettings(version=second, over=first))
    promote(PromoteSettings(version=second, over=first, reason="sprawdziłam sama"))
    assert champion_now() == second
    assert promote(PromoteSettings(version=third, over=second, reason="i ta też")).over == second


def test_rollback_goes_back_one_champion_at_a_time(both: dict[str, Model]) -> None:
    numbers = [a_version(both["good"]) for _ in range(3)]
    for number in numbers:
        promote(PromoteSettings(version=number))
    with pytest.raises(Outrun, match="version 3 is champion now, expected version 2"):
        rollback(RollbackSettings(over="2"))
    for back in ("2", "1"):
        assert rollback(RollbackSettings(reason="źle odpowiada")).version == back
        assert champion_now() == back
    with pytest.raises(Withheld, match="knows no champion before"):
        rollback()


RACE = """
import sys
from paragraf.errors import ParagrafError
from paragraf.promote import Entry
from tasks.registry import check_champion, move_champion
check_champion("1")
print("ready", flush=True)
sys.stdin.readline()
try:
    move_champion(Entry.now("promoted", sys.argv[1], "1", f"racer {sys.argv[1]}"))
except ParagrafError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def test_of_two_racing_promotions_one_wins_and_the_other_is_told_who_did(both: dict[str, Model]) -> None:
    for _ in range(3):
        a_version(both["good"])
    promote(PromoteSettings(version="1"))
    racers = {number: start(RACE, number) for number in ("2", "3")}
    for racer in racers.values():
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    said = {number: told(racer) for number, racer in racers.items()}
    [winner], [loser] = (
        [number for number in racers if racers[number].returncode == code] for code in (0, Outrun.exit_code)
    )
    assert champion_now() == winner
    assert f"version {winner} was promoted by racer {winner}" in said[loser]
    assert kinds()[2:] == [("promoted", winner, "1")]


def test_who_is_overwritten_from_another_machine_is_told_after_the_smoke_test(both: dict[str, Model]) -> None:
    """The other machine read the champion before, wrote after, and knows nothing of the lock."""
    mine, theirs = a_version(both["good"]), a_version(both["good"])
    move_champion(Entry.now("promoted", mine, "", "Anna"))
    client().set_registered_model_alias(REGISTERED_NAME, "champion", theirs)
    with pytest.raises(Outrun, match="version 2 is champion now, expected version 1"):
        confirm(Entry.now("confirmed", mine, "", "Anna"))
    assert (champion_now(), kinds()) == (theirs, [("promoted", mine, "")])


def test_a_promotion_that_is_killed_before_its_smoke_test_goes_on(both: dict[str, Model]) -> None:
    old, new = a_version(both["good"]), a_version(both["good"])
    promote(PromoteSettings(version=old))
    process = begun(new)
    process.kill()
    told(process)
    assert (champion_now(), find_version("champion").is_confirmed) == (new, False)
    again = start(COMMAND, "promote", new)
    assert "was interrupted; it goes on" in told(again)
    assert (again.returncode, champion_now(), find_version("champion").is_confirmed) == (0, new, True)
    assert kinds()[2:] == [("promoted", new, old), ("confirmed", new, old)]


def test_a_promotion_that_goes_on_and_fails_its_smoke_test_is_rolled_back(both: dict[str, Model]) -> None:
    old, new = a_version(both["good"]), a_version(both["bad"])
    move_champion(Entry.now("promoted", old, "", "Anna"))
    move_champion(Entry.now("promoted", new, old, "Anna"))
    with pytest.raises(RolledBack):
        promote(PromoteSettings(version=new))
    assert (champion_now(), kinds()[2:]) == (old, [("rolled_back", old, new)])


COMMAND = "from flows.command_line import main\nmain()"


def begun(number: str) -> subprocess.Popen[str]:
    """A `paragraf promote` that has just moved the alias; its smoke test opens a model first, which takes seconds."""
    process = start(COMMAND, "promote", number)
    end = time.monotonic() + 60
    while champion_now() != number:
        assert process.poll() is None, told(process)
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process on the Prefect server of these tests."""
    url = str(PREFECT_API_URL.value())
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | {"PREFECT_API_URL": url, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> str:
    """What a process printed, after it was let go."""
    return process.communicate("\n", timeout=100)[0]


@pytest.fixture
def api(prefect_server: None) -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as opened:
        yield opened


def deployed_run(api: SyncPrefectClient, settings: PromoteSettings) -> UUID:
    """A run of the flow's deployment, as a person starts it in the Prefect pages."""
    deployment = api.create_deployment(api.create_flow(promote), "promote")
    run = api.create_flow_run_from_deployment(deployment, parameters={"settings": settings.model_dump()})
    return run.id


def go(api: SyncPrefectClient, run: UUID) -> Any:
    """What a worker does: run the flow from its top."""
    found: FlowRun = api.read_flow_run(run)
    parameters = promote.validate_parameters(found.parameters)
    return run_flow(promote, flow_run=found, parameters=parameters)


def resume(api: SyncPrefectClient, run: UUID, form: dict[str, str]) -> str:
    """Send the form; the name of the state that the run has then."""
    api.resume_flow_run(run, run_input=form)
    state = api.read_flow_run(run).state
    return str(state and state.name)


def test_a_person_approves_a_suspended_promotion_by_its_form(both: dict[str, Model], api: SyncPrefectClient) -> None:
    number = a_version(both["good"], verdict="HOLD", judged_over="")
    run = deployed_run(api, PromoteSettings(version=number, promotion=BY_PERSON))
    with pytest.raises(Pause):
        go(api, run)
    assert champion_now() == ""
    inputs = api.read_flow_run(run)
    assert inputs.state is not None
    keys = inputs.state.state_details.run_input_keyset
    assert keys is not None
    schema = json.loads(api.request("GET", f"/flow_runs/{run}/input/{keys['schema']}").text)
    shown = api.request("GET", f"/flow_runs/{run}/input/{keys['description']}").text
    assert {field["title"] for field in schema["properties"].values()} == {"Decyzja", "Imię i nazwisko", "Powód"}
    assert "Czy wersja 1 ma odpowiadać na pytania?" in shown
    refused = {"decision": "może", "name": "Anna Nowak", "reason": "sprawdziłam odpowiedzi"}
    assert resume(api, run, refused) == "Suspended"
    assert resume(api, run, refused | {"decision": "zatwierdzam"}) != "Suspended"
    assert go(api, run).status == "promoted"
    assert champion_now() == number
    assert (promotions()[0].by, promotions()[0].reason) == ("Anna Nowak", "sprawdziłam odpowiedzi")


def test_a_person_declines_and_the_log_keeps_who_and_why(both: dict[str, Model], api: SyncPrefectClient) -> None:
    run = deployed_run(api, PromoteSettings(version=a_version(both["good"]), promotion=BY_PERSON))
    with pytest.raises(Pause):
        go(api, run)
    resume(api, run, {"decision": "odrzucam", "name": "Jan Kowalski", "reason": "za słaba w prawie pracy"})
    assert go(api, run).status == "declined"
    assert (champion_now(), kinds()) == ("", [("declined", "1", "")])
    assert promotions()[0].summary().startswith("version 1 was declined by Jan Kowalski")


def test_an_approval_does_not_hold_for_another_champion_than_the_one_it_was_given_over(
    both: dict[str, Model], api: SyncPrefectClient
) -> None:
    other, number = a_version(both["good"]), a_version(both["good"])
    run = deployed_run(api, PromoteSettings(version=number, promotion=BY_PERSON))
    with pytest.raises(Pause):
        go(api, run)
    promote(PromoteSettings(version=other))
    resume(api, run, {"decision": "zatwierdzam", "name": "Anna Nowak", "reason": "lepsza niż nic"})
    with pytest.raises(Pause):
        go(api, run)
    assert champion_now() == other


def test_a_finished_training_promotes_or_asks_as_the_settings_say(both: dict[str, Model]) -> None:
    asked, held, bad, good = (a_version(both[name], judged_over="") for name in ("good", "good", "bad", "good"))
    end = flow(promote_finished, name="end")
    end(asked, "PROMOTE", BY_PERSON)
    end(held, "HOLD", PromotionSettings())
    end(bad, "PROMOTE", PromotionSettings())
    assert champion_now() == ""
    assert events_of_prefect("paragraf.promotion.awaits") == [f"paragraf.version.{asked}"]
    end(good, "PROMOTE", PromotionSettings())
    assert (champion_now(), promotions()[-1].by) == (good, "gate")


def test_a_registered_model_is_known_by_number_and_alias_with_all_that_made_it(both: dict[str, Model]) -> None:
    assert (trained(both["good"]), trained(both["good"])) == ("1", "1")
    [version] = registered()
    assert (version.verdict, version.judged_over, version.scores) == ("HOLD", "", {"accurate": 0.25})
    assert (version.trained_on, version.run, version.aliases) == ("9 rows of x", "a run", ("challenger",))
    tags = client().get_model_version(REGISTERED_NAME, "1").tags
    assert (tags["digest.raw"], tags["digest.model"]) == ("abc", both["good"].digest)
    assert (fetch("challenger"), fetch("newest")) == (f"version:1@{both['good'].digest}", "newest")
    with pytest.raises(MissingInput, match="no version 'champion' is registered; there are: 1"):
        fetch("champion")


def test_a_version_names_its_training_where_that_is_diagnosed(both: dict[str, Model], workspace: Path) -> None:
    trained(both["good"])
    (workspace / "training" / "good").mkdir(parents=True)
    (workspace / "training" / "good" / "journal.jsonl").write_text('{"step": 0, "of": 9, "validation_loss": 3.5}\n')
    lines: list[str] = []
    assert diagnosis(["challenger"], lines.append) == 0
    assert lines[0] == "Training good: step 0 of 9."


def test_a_version_is_fetched_from_mlflow_where_it_was_not_trained(both: dict[str, Model]) -> None:
    trained(both["good"])
    log_path().unlink()
    shutil.rmtree(both["good"].folder())
    assert ask("Co to jest zachowek?", fetch("challenger"), 16).text == POLISH
    assert verify(both["good"].folder()) == both["good"].digest


def test_the_champion_is_served_where_nothing_was_trained_yet(both: dict[str, Model]) -> None:
    number = trained(both["good"])
    client().set_registered_model_alias(REGISTERED_NAME, "champion", number)
    log_path().unlink()
    shutil.rmtree(both["good"].folder())
    assert aliases() == {"champion": both["good"]}


def test_a_model_of_the_same_training_with_other_weights_stays_beside_one_that_is_fetched(
    both: dict[str, Model],
) -> None:
    trained(both["good"])
    log_path().unlink()
    place = both["good"].folder()
    shutil.rmtree(place)
    with publish(place) as staged:
        (staged / "model.safetensors").write_bytes(b"what this machine trained")
    fetched = find_model(fetch("challenger"))
    assert fetched is not None
    assert (verify(fetched.folder()), fetched.folder() == place) == (both["good"].digest, False)
    assert (place / "model.safetensors").read_bytes() == b"what this machine trained"


@pytest.mark.parametrize("is_here", [True, False])
def test_a_model_that_another_registry_gave_the_same_number_is_no_version(
    both: dict[str, Model], is_here: bool
) -> None:
    number = trained(both["good"])
    if not is_here:
        log_path().unlink()
        shutil.rmtree(both["good"].folder())
    record_event("model_ready", {"version": number, "model": both["bad"].model_dump_json()})
    for name in ("challenger", f"version:{number}"):
        found = find_model(fetch(name))
        assert found is not None
        assert found.digest == verify(found.folder()) == both["good"].digest
    assert len(read_events("model_ready")) == 2  # what was fetched stays known


def test_a_model_of_this_workspace_is_a_version_that_tells_no_digest(both: dict[str, Model]) -> None:
    number = a_version(both["good"])
    assert find_model(fetch(f"version:{number}")) == both["good"]


def test_without_a_store_a_version_is_what_the_log_says(both: dict[str, Model], workspace: Path) -> None:
    record_event("model_ready", {"version": "4", "model": both["good"].model_dump_json()})
    (workspace / "mlflow" / "mlflow.db").unlink()
    assert find_model(fetch("version:4")) == both["good"]
    assert not (workspace / "mlflow" / "mlflow.db").exists()


def test_the_digests_of_versions_are_told_where_they_bear_them(both: dict[str, Model]) -> None:
    a_version()
    number = trained(both["good"])
    assert digests() == {number: both["good"].digest}


def test_files_in_mlflow_that_were_changed_are_not_taken(both: dict[str, Model]) -> None:
    trained(both["good"])
    [kept] = (home() / "mlflow" / "artifacts").rglob("model/config.json")
    kept.write_text(kept.read_text("utf-8").replace("silu", "gelu"), "utf-8")
    log_path().unlink()
    shutil.rmtree(both["good"].folder())
    with pytest.raises(Damaged, match="MLflow holds other files"):
        fetch("version:1")
    assert not both["good"].folder().exists()
    assert read_events("model_ready") == []


@pytest.mark.parametrize("path", ["runs", "models/..", "models/base", "models/full-/../../runs"])
def test_a_version_whose_place_was_changed_touches_nothing(both: dict[str, Model], workspace: Path, path: str) -> None:
    number = trained(both["good"])
    log_path().unlink()
    (workspace / "runs").mkdir()
    moved = both["good"].model_copy(update={"path": path})
    client().set_model_version_tag(REGISTERED_NAME, number, "model", moved.model_dump_json())
    with pytest.raises(Damaged, match="is no place of a model"):
        fetch(f"version:{number}")
    assert (workspace / "runs").is_dir()


def trained(model: Model) -> str:
    """Register a model as the end of a finetune does."""
    scores = {"accurate": 0.25}
    facts = Evidence(
        verdict=Verdict.model_validate(VERDICT), judged_over="", scores=scores, trained_on="9 rows of x", run="a run"
    )
    tracking = begin_run("a run", {})
    part = Snapshot(path="rows/none", digest="0", rows=0)
    making = Making(corpus="c", splits=Splits(train=part, valid=part, test=part))
    return flow(lambda: register(tracking, model, {"raw": "abc"}, facts, making), name="train")().number


VERDICT = {
    **{"decision": "HOLD", "challenger": "tuned", "rival": "base", "has_champion": False, "digest": "d"},
    **{"rules": [], "standings": [], "wins": [], "losses": [], "use_instead": None},
}


def test_the_champion_is_found_also_when_its_files_are_elsewhere(both: dict[str, Model]) -> None:
    find = flow(champion, name="find")
    assert find() is None
    promote(PromoteSettings(version=a_version(both["good"])))
    assert find().model == both["good"]
    elsewhere = a_version()
    client().set_registered_model_alias(REGISTERED_NAME, "champion", elsewhere)
    assert (find().version, find().model) == (elsewhere, None)


def events_of_prefect(name: str) -> list[str]:
    """Resources of the events of that name that the server has, once there is one."""
    from prefect.events.worker import EventsWorker

    EventsWorker.drain_all(timeout=10)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with get_client(sync_client=True) as opened:
            answer = opened.request("POST", "/events/filter", json={"filter": {"event": {"name": [name]}}})
        if found := answer.json()["events"]:
            return [event["resource"]["prefect.resource.id"] for event in found]
        time.sleep(0.2)
    return []
