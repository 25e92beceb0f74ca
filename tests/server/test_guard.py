"""The guard: keys, pace, sizes, names and ids; and what is sent to break the server."""

import contextlib
import http.client
import json
import re
from typing import Any

import openai
import pytest

from paragraf.models import Base
from paragraf.server.guard import Pace
from tests.server.serving import KEY, Running, raw, start_server

slow = pytest.mark.slow


def test_a_key_that_has_asked_too_often_waits_and_others_do_not() -> None:
    now = [0.0]
    pace = Pace(60, lambda: now[0])
    assert [pace.seconds_to_wait(b"a") for _ in range(60)] == [0.0] * 60
    assert pace.seconds_to_wait(b"a") == 1.0
    assert pace.seconds_to_wait(b"b") == 0.0
    now[0] = 1.0
    assert pace.seconds_to_wait(b"a") == 0.0
    assert pace.seconds_to_wait(b"a") == 1.0


@slow
def test_every_route_wants_a_key_and_every_answer_has_an_id(server: Running) -> None:
    told = json.loads(raw(server, "GET", "/openapi.json")[2])
    asked = [(method.upper(), path) for path, calls in told["paths"].items() for method in calls]
    assert len(asked) >= 25
    for method, path in [*asked, ("GET", "/openapi.json"), ("GET", "/"), ("POST", "/v1/nothing")]:
        for key in ("", "Bearer ", "Bearer nope", f"Basic {KEY}", f"Bearer {KEY}x", f"Bearer {KEY[:-1]}"):
            status, headers, body = raw(server, method, path.replace("{name}", "x"), Authorization=key)
            assert (status, json.loads(body)["error"]["code"]) == (401, "invalid_api_key"), (method, path, key)
            assert re.fullmatch("req_[0-9a-f]{32}", headers["x-request-id"])
    status, headers, _ = raw(server, "GET", "/health", Authorization="")
    assert status == 200 and headers["x-request-id"]


@slow
def test_what_is_not_there_is_an_error_of_the_protocol(server: Running) -> None:
    for method, path, wanted in (
        ("GET", "/v1/nothing", 404),
        ("PUT", "/v1/files", 405),
        ("GET", "/v1/jobs/../files", 404),
    ):
        status, headers, body = raw(server, method, path)
        assert status == wanted
        assert set(json.loads(body)["error"]) == {"message", "type", "param", "code"}
        assert headers["x-request-id"]


@slow
def test_a_stranger_name_is_refused(server: Running) -> None:
    assert raw(server, "GET", "/v1/models", Host="evil.example")[0] == 421
    assert raw(server, "GET", "/v1/models", Host=f"localhost:{server.port}")[0] == 200


@slow
def test_a_wrong_key_is_not_retried(server: Running) -> None:
    client = openai.OpenAI(base_url=f"{server.url}/v1", api_key="sk-wrong-key-0123456789")
    with client, pytest.raises(openai.AuthenticationError) as refused:
        client.models.list()
    assert refused.value.request_id and "sk-wrong" not in str(refused.value)


@slow
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"model": NaN}',
        b'{"model": "a", "model": "b"}',
        b'{"model": "\\ud800", "messages": []}',
        b'{"model": 1e400}',
        b'{"model": ' + b"9" * 5000 + b"}",
        b'{"model": {"$ref": "x"}, "messages": 5}',
        b'{"messages": [[[]]]}',
        b"",
    ],
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/fine_tuning/jobs", "/v1/batches", "/v1/uploads"])
def test_a_body_that_is_none_is_a_fault_of_who_sent_it(server: Running, path: str, body: bytes) -> None:
    status, headers, content = raw(server, "POST", path, body)
    error = json.loads(content)["error"]
    assert status == 400, content
    assert (error["type"], bool(error["message"])) == ("invalid_request_error", True)
    assert headers["x-request-id"]


@slow
@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=x", "limit=" + "9" * 50])
def test_a_limit_that_is_none_is_refused(server: Running, query: str) -> None:
    assert raw(server, "GET", f"/v1/files?{query}")[0] == 400
    assert raw(server, "GET", "/v1/files?after=nothing&order=sideways")[0] == 200


@slow
def test_a_file_that_is_too_large_is_refused_before_and_while_it_comes(strict: Running) -> None:
    large = b"x" * (1 << 20)
    with strict.client(max_retries=0) as (client, _):
        assert client.files.create(file=("fits", large), purpose="batch").bytes == 1 << 20
        with pytest.raises(openai.APIStatusError) as refused:
            client.files.create(file=("large", large * 2), purpose="batch")
        assert refused.value.status_code == 413
        with pytest.raises(openai.BadRequestError) as told:
            client.uploads.create(bytes=2 << 20, filename="x", mime_type="x", purpose="batch")
        assert told.value.code == "file_too_large"
    assert sent_without_its_size(strict, "/v1/files", "multipart/form-data; boundary=x", 3 << 20) == 413
    assert sent_without_its_size(strict, "/v1/chat/completions", "application/json", 9 << 20) == 413


@slow
def test_too_many_requests_are_told_when_to_come_back(tiny: Base, tmp_path: Any) -> None:
    running = start_server(tmp_path / "paced", tiny, "--serve.requests-per-minute", "3")
    try:
        answers = [raw(running, "GET", "/v1/models") for _ in range(5)]
        assert [status for status, _, _ in answers] == [200, 200, 200, 429, 429]
        _, headers, body = answers[-1]
        assert 1 <= int(headers["retry-after"]) <= 20
        assert json.loads(body)["error"]["code"] == "rate_limit_exceeded"
        assert headers["x-request-id"]
        assert raw(running, "GET", "/health")[0] == 200
    finally:
        assert KEY not in running.end()


@slow
def test_two_servers_do_not_share_a_workspace(server: Running, tiny: Base) -> None:
    with pytest.raises(AssertionError, match="another `paragraf serve` works here"):
        start_server(server.home, tiny)


@slow
def test_the_document_tells_every_call(server: Running) -> None:
    told = json.loads(raw(server, "GET", "/openapi.json")[2])
    assert told["openapi"] == "3.1.0"
    assert "post" in told["paths"]["/v1/fine_tuning/jobs"]
    form = told["paths"]["/v1/chat/completions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert form["$ref"].rpartition("/")[2] in told["components"]["schemas"]


def sent_without_its_size(running: Running, path: str, kind: str, size: int) -> int:
    """Send a body in chunks, whose length nobody knows before; the status, told before all of it came or after."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    pieces = [start, *([b"x" * 65_536] * (size // 65_536))]
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": kind}
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.request("POST", path, body=iter(pieces), headers=headers, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()
    return status
