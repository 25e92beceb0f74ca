"""Training through the protocol: an unmodified `openai` client against a real server with the tiny model."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import openai
import pytest

from paragraf.devices import device_held
from paragraf.models import Base
from tests.running import all_gone
from tests.server.serving import CLOUD_MODEL, KEY, MODEL, Running, begin, ended, lines, raw, rows, said
from tests.waiting import wait_for

pytestmark = pytest.mark.slow


def test_a_plain_script_uploads_trains_follows_and_asks(server: Running) -> None:
    with server.client(_strict_response_validation=True) as (client, exchanges):
        file = client.files.create(file=("rows.jsonl", rows(11)), purpose="fine-tune")
        assert client.files.content(file.id).read() == rows(11)
        job = client.fine_tuning.jobs.create(model=MODEL, training_file=file.id, suffix="moje", seed=5)
        assert (job.status, job.seed, job.fine_tuned_model) == ("validating_files", 5, None)
        done = ended(client, job.id)
        assert (done.status, done.error) == ("succeeded", None)
        assert done.fine_tuned_model == f"ft:{MODEL}:paragraf:moje:{job.id[6:14]}"
        resolved = done.hyperparameters
        assert (resolved.n_epochs, resolved.batch_size, resolved.learning_rate_multiplier) == (3, 4, 1.0)
        assert done.fine_tuned_model in [model.id for model in client.models.list()]
        answer = client.chat.completions.create(
            model=done.fine_tuned_model, messages=[{"role": "user", "content": "Czym jest najem?"}], max_tokens=5
        )
        assert answer.choices[0].message.content is not None
        assert answer.usage is not None and answer.usage.completion_tokens <= 5
    assert all(exchanges.request_ids)


def test_a_script_that_was_written_for_the_cloud_needs_no_other_model_name(server: Running, tmp_path: Path) -> None:
    places = {"training": tmp_path / "train.jsonl", "validation": tmp_path / "valid.jsonl"}
    places["training"].write_bytes(rows(10))
    places["validation"].write_bytes(rows(2, start=10))
    with server.client() as (client, _):
        sent = {}
        for name, place in places.items():
            with place.open("rb") as file:
                sent[f"{name}_file"] = client.files.create(file=file, purpose="fine-tune").id
        job = client.fine_tuning.jobs.create(model=CLOUD_MODEL, suffix="recipe-ner", **sent)
        assert ended(client, job.id).status == "succeeded"
        events = client.fine_tuning.jobs.list_events(job.id).data
        events.reverse()
        assert [event.message for event in events][-1] == "The job has successfully completed"
        model = client.fine_tuning.jobs.retrieve(job.id).fine_tuned_model
        assert model is not None and model.startswith(f"ft:{CLOUD_MODEL}:paragraf:recipe-ner:")
        said = client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "Co?"}], temperature=0, max_tokens=5
        )
    assert said.choices[0].message.role == "assistant"


def test_what_was_asked_for_comes_back(server: Running, jobs: list[str]) -> None:
    with server.client() as (client, _):
        job = client.fine_tuning.jobs.retrieve(jobs[1])
        assert (job.seed, job.metadata, job.model) == (3, {"at": "1"}, MODEL)
        assert job.hyperparameters.n_epochs == 4
        assert job.method is not None and job.method.type == "supervised"
        assert job.fine_tuned_model is not None and ":cz-1:" in job.fine_tuned_model
        listed = client.fine_tuning.jobs.list(metadata={"at": "1"})  # type: ignore[arg-type]
        assert [found.id for found in listed] == [jobs[1]]


def test_events_are_paged_newest_first_each_once(server: Running, jobs: list[str]) -> None:
    with server.client() as (client, _):
        events = list(client.fine_tuning.jobs.list_events(jobs[0], limit=2))
        assert len({event.id for event in events}) == len(events)
        assert events[-1].message == f"Created fine-tuning job: {jobs[0]}"
        assert events[0].message == "The job has successfully completed"
        steps = [event.data for event in reversed(events) if event.type == "metrics"]
    assert [data["step"] for data in steps if isinstance(data, dict)] == list(range(1, 13))
    assert all(isinstance(data, dict) and data["total_steps"] == 12 and data["train_loss"] > 0 for data in steps)
    assert isinstance(steps[-1], dict) and steps[-1]["valid_loss"] == steps[-1]["full_valid_loss"]


def test_checkpoints_can_be_asked_and_the_best_one_is_the_model(server: Running) -> None:
    with server.client() as (client, _):
        done = ended(client, begin(client, rows(12), epochs=3, seed=21))
        points = list(client.fine_tuning.jobs.checkpoints.list(done.id))
        answers = [ask(client, name) for name in (done.fine_tuned_model, points[0].fine_tuned_model_checkpoint)]
        older = ask(client, points[-1].fine_tuned_model_checkpoint)
    assert [point.step_number for point in points] == [9, 6, 3]
    losses = [point.metrics.valid_loss for point in points]
    assert None not in losses and losses == sorted(losses, key=float)
    assert answers[0] == answers[1]
    assert older is not None


def test_the_result_file_has_a_line_a_step(server: Running, jobs: list[str]) -> None:
    with server.client() as (client, _):
        [result] = client.fine_tuning.jobs.retrieve(jobs[0]).result_files
        told = base64.b64decode(client.files.content(result).text, validate=True).decode().splitlines()
        assert client.files.retrieve(result).purpose == "fine-tune-results"
    assert told[0] == "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
    assert [line.split(",")[0] for line in told[1:]] == [str(step) for step in range(1, 13)]
    assert float(told[12].split(",")[3]) > 0


def test_trained_tokens_are_those_of_all_epochs(server: Running, jobs: list[str]) -> None:
    with server.client() as (client, _):
        tokens = client.fine_tuning.jobs.retrieve(jobs[0]).trained_tokens
    assert tokens is not None and tokens % 4 == 0 and tokens > 4 * 11 * 120


CHAT = {"messages": [said("user", "Pytanie?"), said("assistant", "Odpowiedź.")]}


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (rows(9), "invalid_n_examples", "Training file has 9 example(s), but must have at least 10 examples"),
        (b"", "invalid_n_examples", "Training file has 0 example(s), but must have at least 10 examples"),
        (lines([CHAT] * 3) + b"{oops\n", "invalid_training_file", "Line 4: not valid JSON"),
        (lines([CHAT, {"messages": [said("user", "Co?")]}]), "invalid_training_file", "Line 2: the last message must"),
        (
            lines([CHAT, {"messages": [said("user", "Co?"), said("assistant", " ")]}]),
            "invalid_training_file",
            "Line 2: the content of a message of the assistant is empty",
        ),
        (lines([CHAT, {"messages": "nie"}]), "invalid_training_file", 'Line 2: expected an object with "messages"'),
        (lines([CHAT, CHAT]) + b'{"messages": [\xff]}\n', "invalid_training_file", "Line 3: "),
        (lines([CHAT]) + b"[" * 10_000 + b"\n", "invalid_training_file", "Line 2: nested 10000 deep"),
        (
            lines([CHAT, {"messages": [said("user", "x" * 3000), said("assistant", "y")]}]),
            "invalid_training_file",
            "tokens, more than the 2048",
        ),
    ],
)
def test_a_file_that_cannot_be_trained_on_fails_its_job_with_the_line(
    server: Running, content: bytes, code: str, message: str
) -> None:
    with server.client() as (client, _):
        job = ended(client, begin(client, content))
        events = list(client.fine_tuning.jobs.list_events(job.id))
    assert (job.status, job.error.code, job.error.param) == ("failed", code, "training_file")
    assert message in job.error.message
    assert str(server.home) not in job.error.message
    assert job.finished_at is not None
    assert (events[0].level, job.error.message in events[0].message) == ("error", True)


def test_a_bad_validation_file_is_told_as_one(server: Running) -> None:
    with server.client() as (client, _):
        valid = client.files.create(file=("valid.jsonl", b'{"messages": []}\n'), purpose="fine-tune")
        job = ended(client, begin(client, rows(12), validation_file=valid.id))
    assert (job.error.code, job.error.param) == ("invalid_validation_file", "validation_file")


def test_a_mark_at_the_beginning_windows_lines_and_blank_lines_are_no_fault(server: Running) -> None:
    content = b"\xef\xbb\xbf" + rows(10).replace(b"\n", b"\r\n") + b"\r\n\r\n"
    with server.client() as (client, _):
        valid = client.files.create(file=("valid.jsonl", rows(2, start=20)), purpose="fine-tune")
        job = begin(client, content, validation_file=valid.id)
        wait_for(lambda: client.fine_tuning.jobs.retrieve(job).status != "validating_files")
        assert client.fine_tuning.jobs.cancel(job).status == "cancelled"


@pytest.mark.parametrize(
    ("change", "status", "code", "param"),
    [
        ({"model": "gpt-9"}, 404, "model_not_found", "model"),
        ({"training_file": "file-nope"}, 400, "file_not_found", "training_file"),
        ({"validation_file": "../../etc/passwd"}, 400, "file_not_found", "validation_file"),
        ({"suffix": "x" * 65}, 400, "invalid_value", "suffix"),
        ({"seed": -1}, 400, "invalid_value", "seed"),
        ({"seed": "7"}, 400, "invalid_value", "seed"),
        ({"metadata": {str(number): "x" for number in range(17)}}, 400, "invalid_value", "metadata"),
        ({"metadata": {"a": "x" * 513}}, 400, "invalid_value", "metadata"),
        ({"metadata": {"k" * 65: "x"}}, 400, "invalid_value", "metadata"),
        ({"method": {"type": "dpo", "dpo": {}}}, 400, "unsupported_method", "method.type"),
        ({"hyperparameters": {"n_epochs": 51}}, 400, "invalid_value", "hyperparameters.n_epochs"),
        ({"integrations": [{"type": "wandb", "wandb": {"project": "x"}}]}, 400, "unsupported_parameter", None),
        ({"no_such_thing": 1}, 400, "unknown_parameter", "no_such_thing"),
    ],
)
def test_a_job_that_cannot_be_is_refused_at_once(
    server: Running, change: dict[str, Any], status: int, code: str, param: str | None
) -> None:
    with server.client() as (client, _):
        file = client.files.create(file=("rows.jsonl", rows(10)), purpose="fine-tune")
    body = {"model": MODEL, "training_file": file.id, **change}
    answered, _, content = raw(server, "POST", "/v1/fine_tuning/jobs", json.dumps(body).encode())
    error = json.loads(content)["error"]
    assert (answered, error["code"]) == (status, code)
    assert param is None or error["param"] == param


def test_the_same_idempotency_key_makes_one_job(server: Running) -> None:
    with server.client() as (client, _):
        file = client.files.create(file=("rows.jsonl", rows(9)), purpose="fine-tune")
        once, again = (
            client.fine_tuning.jobs.create(
                model=MODEL, training_file=file.id, extra_headers={"Idempotency-Key": "one and the same"}
            )
            for _ in range(2)
        )
    assert once.id == again.id


def test_a_cancelled_job_leaves_no_process_and_the_next_one_runs(server: Running) -> None:
    import psutil

    with server.client() as (client, _):
        job, waiting = begin(client, rows(12), epochs=50), begin(client, rows(9))
        wait_for(lambda: client.fine_tuning.jobs.retrieve(job).status == "running" and metrics(client, job))
        children = [one for one in psutil.Process(server.process.pid).children(recursive=True) if trains(one)]
        assert [one for one in children if KEY in str(one.environ())] == []
        assert client.fine_tuning.jobs.cancel(job).status == "cancelled"
        assert children and all_gone(children)
        assert client.fine_tuning.jobs.retrieve(job).status == "cancelled"
        with pytest.raises(openai.BadRequestError, match="A job that is cancelled cannot be cancelled"):
            client.fine_tuning.jobs.cancel(job)
        assert ended(client, waiting).status == "failed"  # it has nine rows


def test_jobs_wait_for_each_other_and_a_paused_one_goes_on(server: Running) -> None:
    with server.client() as (client, _):
        first, second = begin(client, rows(12), epochs=15, seed=8), begin(client, rows(12), epochs=1, seed=9)
        wait_for(lambda: metrics(client, first))
        wait_for(lambda: client.fine_tuning.jobs.retrieve(second).status == "queued")
        assert client.fine_tuning.jobs.pause(first).status == "paused"
        before = len(metrics(client, first))
        assert ended(client, second).status == "succeeded"
        assert client.fine_tuning.jobs.retrieve(first).status == "paused"
        assert client.fine_tuning.jobs.resume(first).status == "queued"
        assert ended(client, first).status == "succeeded"
        told = metrics(client, first)
    assert before < len(told) == 45 == len({event.data["step"] for event in told})


def test_a_job_of_another_place_is_not_found(server: Running) -> None:
    with server.client() as (client, _):
        for ask_for in (client.fine_tuning.jobs.retrieve, client.fine_tuning.jobs.cancel):
            with pytest.raises(openai.NotFoundError, match="No such fine-tuning job"):
                ask_for("ftjob-elsewhere")


def test_a_deleted_model_is_gone_with_its_checkpoints(server: Running, tiny: Base) -> None:
    with server.client() as (client, _):
        model = str(ended(client, begin(client, rows(10), seed=77)).fine_tuned_model)
        assert client.models.retrieve(model).owned_by == "paragraf"
        assert client.models.delete(model).deleted
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve(model)
        assert not [found.id for found in client.models.list() if found.id.startswith(model)]
        with pytest.raises(openai.PermissionDeniedError):
            client.models.delete(MODEL)


def ask(client: openai.OpenAI, model: str) -> str | None:
    answer = client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Czym jest najem?"}], max_tokens=12, temperature=0
    )
    return answer.choices[0].message.content


def metrics(client: openai.OpenAI, job: str) -> list[Any]:
    return [event for event in client.fine_tuning.jobs.list_events(job, limit=100) if event.type == "metrics"]


def trains(process: Any) -> bool:
    """Whether a process is a training: only they lead a group of their own."""
    return os.getpgid(process.pid) == process.pid


def test_a_job_waits_while_another_training_has_the_device_and_can_be_cancelled_then(server: Running) -> None:
    with server.client() as (client, _), device_held("run of somebody else", print):
        job = begin(client, rows())

        def waits() -> bool:
            said = [event.message for event in client.fine_tuning.jobs.list_events(job).data]
            return "Waiting for another training on this machine to end" in said

        assert wait_for(waits)
        assert client.fine_tuning.jobs.retrieve(job).status == "queued"
        client.fine_tuning.jobs.cancel(job)
        assert client.fine_tuning.jobs.retrieve(job).status == "cancelled"
    with server.client() as (client, _):
        assert ended(client, begin(client, rows())).status == "succeeded"
