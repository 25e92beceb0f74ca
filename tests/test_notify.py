"""Messages to people: sent to the addresses of the environment, and neither these nor rows are told anywhere else."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
from prefect import flow
from prefect.blocks.abstract import NotificationError

from paragraf.errors import BadRow, BadSettings
from paragraf.settings import Settings
from tasks.notify import ADDRESSES, PeopleInEnvironment, send, send_of_run
from tasks.run_book import run_book
from tests.receiving import Received, receiving

pytestmark = pytest.mark.slow

SECRET = "nobody-may-see-this-token"


@pytest.fixture
def received() -> Iterator[Received]:
    with receiving() as received:
        yield received


def test_every_address_gets_the_message(received: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESSES, f"json://{received.address}one, json://{received.address}two")
    assert send("Subject", "Body")
    assert [(body["title"], body["message"]) for body in map(json.loads, received.bodies)] == [("Subject", "Body")] * 2


def test_without_an_address_nothing_is_sent_and_nothing_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESSES, raising=False)
    assert send("Subject", "Body")


def test_what_is_no_address_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(ADDRESSES, f"nothing://{SECRET}")
    with pytest.raises(BadSettings, match="PARAGRAF_NOTIFY: an address is none that Apprise knows") as refused:
        send("Subject", "Body")
    send_of_run(logging.getLogger("notify"), "Subject", "Body")
    assert SECRET not in str(refused.value) + caplog.text
    assert "A message could not be sent: PARAGRAF_NOTIFY" in caplog.text


def test_an_address_that_does_not_answer_costs_a_warning_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(ADDRESSES, f"json://127.0.0.1:9/{SECRET}")
    send_of_run(logging.getLogger("notify"), "Subject", "Body")
    assert "A message could not be sent: an address in PARAGRAF_NOTIFY did not take it." in caplog.text
    assert SECRET not in caplog.text


def test_the_block_holds_no_address_and_sends_to_those_of_its_process(
    received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESSES, f"json://{received.address}{SECRET}")
    block = PeopleInEnvironment()
    asyncio.run(block.notify("Body", "Subject"))
    assert json.loads(received.bodies[0])["message"] == "Body"
    assert SECRET not in block.model_dump_json()
    monkeypatch.setenv(ADDRESSES, f"json://127.0.0.1:9/{SECRET}")
    with pytest.raises(NotificationError) as failed:
        asyncio.run(block.notify("Body", "Subject"))
    assert SECRET not in failed.value.log


@pytest.mark.usefixtures("prefect_server")
def test_a_run_that_nobody_deployed_tells_of_its_failure_but_not_of_the_row(
    received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESSES, f"json://{received.address}")

    @flow
    def failing() -> None:
        with run_book("prepare", Settings()):
            raise BadRow("rows.jsonl:3: expected an object, found 'Jan Kowalski'.")

    with pytest.raises(BadRow):
        failing()
    [body] = map(json.loads, received.bodies)
    assert body["title"] == "Paragraf: prepare failed"
    assert body["message"].endswith(" failed: BadRow.")
