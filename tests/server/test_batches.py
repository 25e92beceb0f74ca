"""Batches: a file of chat requests is answered line by line; bad lines do not stop the others."""

import json
from typing import Any

import openai
import pytest

from tests.server.serving import MODEL, Running, lines
from tests.waiting import wait_for

pytestmark = pytest.mark.slow


def request(name: str, **body: Any) -> dict[str, Any]:
    asked = {"model": MODEL, "messages": [{"role": "user", "content": f"Pytanie {name}?"}], "max_tokens": 4, **body}
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": {**asked, "temperature": 0}}


def batched(client: openai.OpenAI, content: bytes) -> Any:
    file = client.files.create(file=("batch.jsonl", content), purpose="batch")
    batch = client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"a": "b"}
    )

    def look() -> Any:
        found = client.batches.retrieve(batch.id)
        return found if found.status in ("completed", "failed", "cancelled") else None

    return wait_for(look)


def read(client: openai.OpenAI, file: str | None) -> list[dict[str, Any]]:
    assert file
    return [json.loads(line) for line in client.files.content(file).text.splitlines()]


def test_every_line_is_answered_and_the_wrong_ones_stand_apart(server: Running) -> None:
    content = lines([request("jeden"), request("dwa", n=3), request("trzy", model="nie ma")]) + b"\n"
    with server.client() as (client, _):
        done = batched(client, content)
        assert (done.status, done.metadata) == ("completed", {"a": "b"})
        assert done.request_counts.model_dump() == {"total": 3, "completed": 1, "failed": 2}
        right, wrong = read(client, done.output_file_id), read(client, done.error_file_id)
        alone = client.chat.completions.create(**request("jeden")["body"])
        assert done.id in [batch.id for batch in client.batches.list()]
    assert [row["custom_id"] for row in right] == ["jeden"]
    assert right[0]["response"]["body"]["choices"][0]["message"]["content"] == alone.choices[0].message.content
    assert {row["custom_id"]: row["response"]["status_code"] for row in wrong} == {"dwa": 400, "trzy": 404}


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "the file holds no request"),
        (lines([request("a")]) + b"{", 2, "not valid JSON"),
        (lines([request("a"), request("a")]), 2, "comes twice"),
        (lines([{**request("a"), "url": "/v1/embeddings"}]), 1, "url /v1/chat/completions"),
        (b"\xff\xfe\x00", 0, "no text in UTF-8"),
    ],
)
def test_a_file_that_is_no_batch_fails_with_its_line(server: Running, content: bytes, line: int, message: str) -> None:
    with server.client() as (client, _):
        done = batched(client, content)
    assert done.status == "failed"
    assert done.errors.data[0].line == line
    assert message in done.errors.data[0].message


def test_a_batch_can_be_cancelled_and_keeps_what_was_answered(server: Running) -> None:
    content = lines([request(str(number), max_tokens=200) for number in range(200)])
    with server.client() as (client, _):
        file = client.files.create(file=("batch.jsonl", content), purpose="batch")
        batch = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
        assert client.batches.cancel(batch.id).status == "cancelling"
        done = wait_for(lambda: (found := client.batches.retrieve(batch.id)).status == "cancelled" and found)
        assert done.request_counts.completed < 200
        with pytest.raises(openai.BadRequestError, match="A batch that is cancelled"):
            client.batches.cancel(batch.id)
