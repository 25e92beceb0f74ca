"""After every failure the key is in no error, entry, log or file, plain or in base64; and no SDK exception came out."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from paragraf.errors import ParagrafError
from paragraf.jobs import Entry
from paragraf.models import Base
from paragraf.remote.once import Patience
from tests.keys import chain, told_by, traces_of_key
from tests.remote.running import carried_out, order_for
from tests.remote.test_following import event
from tests.servers.fine_tuning_server import KEY, Call, Fault, FineTuningServer, fine_tuning, refusal

JOBS = "/fine_tuning/jobs"
ECHOES = [
    refusal(401, "invalid_api_key", f"Incorrect API key provided: {KEY}"),
    refusal(403, "", f"headers: {{'authorization': 'Bearer {KEY}'}}"),
    refusal(404, "", KEY),
    refusal(400, "", f"x{KEY}y"),
    refusal(429, "insufficient_quota", KEY),
    refusal(429, "", KEY, **{"retry-after": "300", "retry-after-ms": ""}),
    refusal(500, "", KEY),
    Fault(status=200, body=KEY.encode()),
    Fault(status=200, body=b'{"id": "' + KEY.encode()),
    Fault(drops=True),
    Fault(after_seconds=0.6),
]


@pytest.mark.parametrize("echo", ECHOES, ids=[str(number) for number in range(len(ECHOES))])
@pytest.mark.parametrize("place", [("GET", "/files"), ("POST", "/files"), ("POST", JOBS), ("GET", f"{JOBS}/ftjob-1")])
def test_the_key_is_nowhere_after_a_failure(
    place: tuple[str, str], echo: Fault, here: Base, workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "openai", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    entries: list[Entry] = []
    failing = FineTuningServer(fault=lambda call: echo if (call.method, call.path) == place else None)
    with fine_tuning(failing) as server, pytest.raises(ParagrafError) as raised:
        order = order_for(server.base_url, here, timeout_seconds=0.2)
        carried_out(order, entries.append, Patience(poll_seconds=0.01, pause_seconds=0.01, misses=0))
    assert {type(link).__module__ for link in chain(raised.value)} == {"paragraf.errors"}
    assert not any(traces_of_key(text, KEY) for text in everything(told_by(raised.value), entries, caplog, workspace))


def everything(
    told: list[bytes], entries: list[Entry], caplog: pytest.LogCaptureFixture, workspace: Path
) -> list[bytes]:
    files = [path.read_bytes() for path in workspace.rglob("*") if path.is_file()]
    assert files
    return [*told, repr(entries).encode(), caplog.text.encode(), *files]


@pytest.mark.parametrize("ends", ["failed", "succeeded"])
def test_the_key_is_nowhere_when_the_endpoint_writes_it_into_events_and_reasons(
    ends: str, here: Base, workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    job: dict[str, Any] = {"error": {"code": KEY, "message": KEY, "param": KEY}} if ends == "failed" else {}
    entries: list[Entry] = []
    with fine_tuning(FineTuningServer(["running", ends], **job)) as server:
        server.events = [event(1, f"key {KEY}"), event(2, f"Bearer {KEY}", level="error")]
        told: list[bytes] = []
        try:
            carried_out(order_for(server.base_url, here), entries.append)
        except ParagrafError as error:
            told = told_by(error)
    assert bool(told) == (ends == "failed")
    assert len(entries) > 4
    assert not any(traces_of_key(text, KEY) for text in everything(told, entries, caplog, workspace))


def test_the_server_was_given_the_key_that_is_searched_for(here: Base) -> None:
    seen: list[Call] = []
    with fine_tuning(FineTuningServer()) as server:
        carried_out(order_for(server.base_url, here))
        seen += server.calls
    assert {call.authorization for call in seen} == {f"Bearer {KEY}"}
    assert os.environ["OPENAI_API_KEY"] == KEY
