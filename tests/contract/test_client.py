"""Our client with servers that nobody here wrote, every exchange held against the official document."""

import sqlite3
import threading
import time
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import openai
import pytest

from paragraf.answer import ANSWERS, AnswerOrder, AnswerSettings, from_lines
from paragraf.baselines.asking import Asking
from paragraf.errors import Unanswered, Unavailable
from paragraf.models import Base
from paragraf.remote import RemoteOrder, base_elsewhere, read_remote, train
from paragraf.remote.answering import run as answer
from paragraf.remote.endpoint import open_endpoint
from paragraf.remote.files import ensure_file
from paragraf.remote.jobs import cancel_job, ensure_job
from paragraf.remote.preflight import check_base
from paragraf.remote.profiles import Profile
from paragraf.snapshots import Snapshot
from tests.contract.exchange import Exchanges
from tests.contract.node import ANSWER, KEY, Aimock, Steady
from tests.keys import traces_of_key
from tests.remote.running import QUICK, carried_out, order_for, settings_for, with_client
from tests.running import run, small_corpus, start, with_base_model, with_stores
from tests.tiny import sample_records

JOBS = "/v1/fine_tuning/jobs"
# what aimock itself answers in another form than the document: an empty list of files, and what it does not know
AIMOCK_S_OWN = (
    *("first_id: None is not of type 'string'", "last_id: None is not of type 'string'"),
    *("'param' is a required property", "'code' is a required property"),
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def here(tiny: Base) -> Base:
    return base_elsewhere(tiny, settings_for("http://127.0.0.1:1/v1"))


@pytest.fixture
def order(aimock: Aimock, here: Base) -> RemoteOrder:
    return order_for(aimock.base_url, here)


@pytest.mark.parametrize("is_strict", [False, True], ids=["as sent", "validated by the SDK"])
def test_the_whole_sequence_is_as_the_official_document_wants_it(
    is_strict: bool, order: RemoteOrder, aimock: Aimock
) -> None:
    exchanges = Exchanges()
    watched = openai.DefaultHttpx2Client(event_hooks={"response": [exchanges.check]})
    with openai.OpenAI(
        base_url=aimock.base_url, api_key=KEY, http_client=watched, _strict_response_validation=is_strict
    ) as client:
        made, entries = with_client(client, order)
    assert [fault for fault in exchanges.faults if not fault.endswith(AIMOCK_S_OWN)] == []
    assert made.address.model.startswith("ft:base:")
    assert [entry["status"] for entry in entries if "status" in entry] == ["queued", "running", "succeeded"]
    assert f"POST {JOBS.removeprefix('/v1')}" in exchanges.calls


def test_what_is_set_arrives_as_it_is_set(here: Base, aimock: Aimock) -> None:
    given = {"n_epochs": 3, "batch_size": 2, "learning_rate_multiplier": 0.5, "suffix": "kodeks", "seed": 11}
    order = order_for(aimock.base_url, here, **given)
    carried_out(order)
    [sent] = [one["body"] for one in aimock.journal("POST", JOBS)]
    assert {name: sent[name] for name in ("model", "suffix", "seed")} == {
        "model": "base",
        "suffix": "kodeks",
        "seed": 11,
    }
    assert sent["metadata"] == {"paragraf_run": order.key}
    assert sent["method"] == {
        "type": "supervised",
        "supervised": {"hyperparameters": {"n_epochs": 3, "batch_size": 2, "learning_rate_multiplier": 0.5}},
    }
    assert sent["training_file"] != sent["validation_file"]


def test_files_arrive_byte_for_byte_and_once(order: RemoteOrder, aimock: Aimock) -> None:
    carried_out(order)
    carried_out(order)
    assert len(aimock.journal("POST", "/v1/files")) == 2
    with openai.OpenAI(base_url=aimock.base_url, api_key=KEY) as client:
        state = order.read_state()
        assert client.files.content(state.training_file).read() == order.training_file().read_bytes()


def test_a_server_that_ignores_the_filter_does_not_confuse_two_orders(here: Base, aimock: Aimock) -> None:
    orders = [order_for(aimock.base_url, here, seed=seed) for seed in (1, 2)]
    jobs = [carried_out(order).job for order in orders]
    for order in orders:
        (order.lock().parent / "state.json").unlink()
    assert [carried_out(order).job for order in orders] == jobs
    assert len(set(jobs)) == 2


@pytest.mark.parametrize(
    "chaos", [{"dropRate": 1}, {"malformedRate": 1}, {"disconnectRate": 1}], ids=["500", "malformed", "disconnected"]
)
def test_after_an_outage_the_next_run_goes_on(chaos: dict[str, float], order: RemoteOrder, aimock: Aimock) -> None:
    aimock.fail(**chaos)
    with pytest.raises(Unavailable, match="run again"):
        carried_out(order)
    aimock.fail()
    carried_out(order)
    assert len(aimock.journal("POST", JOBS)) == 1


def test_a_rate_limit_is_waited_for(order: RemoteOrder, aimock: Aimock) -> None:
    aimock.fail(rateLimitRate=1)  # with Retry-After: 1
    threading.Timer(0.5, aimock.fail).start()
    began = time.monotonic()
    carried_out(order)
    assert time.monotonic() - began >= 1.0


def test_the_trained_model_answers_test_questions(here: Base, aimock: Aimock, tmp_path: Path) -> None:
    order = order_for(aimock.base_url, here, poll_seconds=0.05)
    model = train(order.chats, here, order.settings, lambda entry: None)
    asked = Snapshot.write("test", sample_records(3))
    (tmp_path / "work").mkdir()
    settings = AnswerSettings(rows=3, max_new_tokens=32)
    answer(AnswerOrder(base=model.base, model=model, test=asked, asking=Asking(), settings=settings), tmp_path / "work")
    assert {one.text for one in from_lines((tmp_path / "work" / ANSWERS).read_bytes())} == {ANSWER}
    made = read_remote(model)
    assert made
    assert {one["body"]["model"] for one in aimock.journal("POST", "/v1/chat/completions")} == {made.address.model}


def test_steady_finds_nothing_wrong_with_any_request(
    here: Base, steady: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("files", "jobs"):  # it invents whether there is a next page
        monkeypatch.setattr(f"paragraf.remote.{module}.MOST", 3)
    order = order_for(steady.base_url, here, suffix="kodeks", n_epochs=2)
    with open_endpoint(order.settings) as endpoint:
        check_base(endpoint, order.settings, date(1970, 1, 1))
        with suppress(Unanswered):  # the answer that it invents names no file
            ensure_file(endpoint, order.training_file(), Profile(parts_from_bytes=0), QUICK)
        job = ensure_job(endpoint, order, QUICK)
        endpoint.ask("look", lambda client: client.fine_tuning.jobs.retrieve(job))
        endpoint.ask("events", lambda client: client.fine_tuning.jobs.list_events(job, limit=100).data)
        endpoint.ask("checkpoints", lambda client: client.fine_tuning.jobs.checkpoints.list(job, limit=100).data)
        endpoint.ask("result", lambda client: client.files.content("file-1").read())
        cancel_job(endpoint, job)
    told = steady.summary()
    assert "Session: " in told
    assert "(100% structurally valid)" in told
    assert "sdk-issue" not in told


@pytest.mark.slow
def test_a_run_that_fails_and_the_next_that_reaches_its_report_leave_no_key(
    aimock: Aimock, workspace: Path, unpacked: Path, stores: Path
) -> None:
    with_stores(with_base_model(workspace, unpacked), stores)
    few = ["--clean.min-rows", "20", "--validation.min-raw-rows", "20", "--validation.min-train-rows", "10"]
    asked = ["--answer.rows", "2", "--baselines.rows", "1", "--safety.rows", "2", "--debug"]
    train = ["--train.backend", "openai", "--train.profile", "custom", "--train.base-url", aimock.base_url]
    flags = ["--load.source", str(small_corpus(workspace.parent)), *few, *asked, *train, "--train.poll-seconds", "0.05"]
    aimock.fail(dropRate=1)
    process, log = start("finetune", workspace, *flags)
    assert process.wait(300) == Unavailable.exit_code
    assert "looking for the file: 500" in log.read_text("utf-8")
    aimock.fail()
    said = run("finetune", workspace, *flags)
    [report] = (workspace / "reports").glob("*finetune*")
    assert "ft:smollm2-135m-instruct:aimock" in (report / "report.html").read_text("utf-8")
    with closing(sqlite3.connect(workspace / "mlflow" / "mlflow.db")) as store:
        metrics = {name for (name,) in store.execute("select key from latest_metrics")}
    assert {"remote/trained_tokens", "remote/expected_tokens_most", "tuned/accurate"} <= metrics
    files = [path for path in workspace.rglob("*") if path.is_file()]
    assert any("prefect" in path.as_posix() for path in files)
    told = [said.encode(), log.read_bytes(), *(path.read_bytes() for path in files)]
    assert not any(traces_of_key(text, KEY) for text in told)
