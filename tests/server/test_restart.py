"""A server that is killed: what it had promised is there, jobs go on from their last checkpoint, nothing is lost."""

import json
import time
from pathlib import Path

import openai
import psutil
import pytest

from paragraf.models import Base
from tests.running import all_gone, weights_in
from tests.server.serving import MODEL, Running, begin, ended, lines, raw, rows, start_server
from tests.server.test_batches import request
from tests.server.test_chat import tuned
from tests.server.test_training import metrics, trains
from tests.training import weights
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

EPOCHS = 8


@pytest.fixture(scope="module")
def undisturbed(server: Running) -> dict[str, str]:
    """Weights of a job that nothing happened to."""
    with server.client() as (client, _):
        done = ended(client, begin(client, rows(12), epochs=EPOCHS))
    assert done.status == "succeeded"
    return weights(server.home / tuned(server, done.fine_tuned_model).path)


def test_jobs_and_batches_of_a_killed_server_go_on_and_end_as_if_nothing_had_been(
    tiny: Base, tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    names = [str(number) for number in range(100)]
    first = start_server(tmp_path / "home", tiny, "--serve.batch-size", "4")
    with first.client() as (client, _):
        job, waiting, paused = (
            begin(client, content, epochs=EPOCHS) for content in (rows(12), rows(9), rows(12, start=5))
        )
        wait_for(lambda: client.fine_tuning.jobs.retrieve(paused).status == "queued")
        client.fine_tuning.jobs.pause(paused)
        file = client.files.create(file=("b", lines([request(name) for name in names])), purpose="batch")
        batch = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
        reached = wait_for(lambda: len(metrics(client, job)) >= 4 and metrics(client, job))
    children = psutil.Process(first.process.pid).children(recursive=True)
    first.kill()
    assert children and all_gone(children)
    second = start_server(tmp_path / "home", tiny)
    with second.client() as (client, _):
        assert client.fine_tuning.jobs.retrieve(paused).status == "paused"
        done = ended(client, job)
        assert done.status == "succeeded"
        assert ended(client, waiting).error.code == "invalid_n_examples"
        events = list(client.fine_tuning.jobs.list_events(job, limit=100))
        told = [event.data["step"] for event in metrics(client, job)]
        answers = wait_for(lambda: (found := client.batches.retrieve(batch.id)).status == "completed" and found)
        text = client.files.content(answers.output_file_id).text
    second.end()
    assert weights_in(tmp_path / "home") == undisturbed
    assert told == list(range(3 * EPOCHS, 0, -1))
    assert {event.id for event in reached} <= {event.id for event in events}
    assert "The server was started again; the job goes on" in [event.message for event in events]
    assert sorted((json.loads(line)["custom_id"] for line in text.splitlines()), key=int) == names


def test_a_trainer_that_crashes_fails_its_job_with_its_last_line(server: Running) -> None:
    with server.client() as (client, _):
        job = begin(client, rows(12), epochs=49)
        wait_for(lambda: metrics(client, job))
        [child] = [one for one in psutil.Process(server.process.pid).children(recursive=True) if trains(one)]
        child.kill()
        done = ended(client, job)
    assert (done.status, done.error.code) == ("failed", "training_failed")
    assert "the child was killed" in done.error.message
    assert str(server.home) not in done.error.message


def test_the_server_ends_at_once_when_it_is_asked_to_and_says_no_secret(tiny: Base, tmp_path: Path) -> None:
    running = start_server(tmp_path / "home", tiny, PARAGRAF_SERVER_KEY="", PARAGRAF_SERVER_KEYS="")
    assert raw(running, "GET", "/v1/models")[0] == 401
    shown = running.log.read_text("utf-8").splitlines()
    key = shown[0].removeprefix("API key, shown only here: ")
    with openai.OpenAI(base_url=f"{running.url}/v1", api_key=key) as client:
        assert MODEL in [model.id for model in client.models.list()]
        job = begin(client, rows(12), epochs=50)
        wait_for(lambda: metrics(client, job))
    began = time.monotonic()
    said = running.end()
    assert time.monotonic() - began < 15
    assert said.count(key) == 1
    assert "Traceback" not in said
    assert [path for path in files_with(tmp_path, key.encode()) if path.name != "server.log"] == []


def files_with(folder: Path, secret: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret in path.read_bytes()]
