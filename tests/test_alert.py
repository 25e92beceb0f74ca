"""Quality that falls is a Prefect event and a message, received here by a real server."""

import json
import logging
from collections.abc import Iterator

import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock

from paragraf.errors import BadSettings
from tasks.alert import training_alerts
from tasks.notify import ADDRESSES
from tasks.tracking import Tracking
from tests.receiving import Received, receiving

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

LOGGER = logging.getLogger("alerts")
RUN = Tracking(run="a1b2")


@pytest.fixture
def received() -> Iterator[Received]:
    with receiving() as received:
        yield received


def block(url: str) -> str:
    made = CustomWebhookNotificationBlock(
        name="alerts", url=url, json_data={"subject": "{{subject}}", "body": "{{body}}"}, secrets={}
    )
    made.save("alerts", overwrite=True)
    return "custom-webhook/alerts"


def test_degradation_reaches_whom_the_settings_name(received: Received) -> None:
    bodies = received.bodies
    alert = training_alerts(LOGGER, RUN, block(f"http://{received.address}"))
    alert({"step": 3, "of": 9, "loss": 2.0})
    alert({"step": 4, "of": 9, "what": "degraded", "message": "perplexity 12.0, best 10.0"})
    alert({"step": 5, "of": 9, "what": "stopped", "reason": "diverged", "message": "step 5: loss is nan"})
    assert len(bodies) == 2
    assert "training degraded" in bodies[0]
    assert "perplexity 12.0, best 10.0" in bodies[0]
    assert "training diverged" in bodies[1]


def test_a_message_that_cannot_be_sent_costs_no_training(caplog: pytest.LogCaptureFixture) -> None:
    alert = training_alerts(LOGGER, RUN, block("http://127.0.0.1:9/"))
    with caplog.at_level(logging.WARNING):
        alert({"step": 4, "of": 9, "what": "degraded", "message": "worse"})
    assert "Quality: worse." in caplog.messages
    assert any(message.startswith("The message could not be sent") for message in caplog.messages)


def test_a_block_that_does_not_exist_is_a_bad_setting() -> None:
    with pytest.raises(BadSettings, match=r"train\.monitor\.notify: Prefect has no block 'custom-webhook/nobody'"):
        training_alerts(LOGGER, RUN, "custom-webhook/nobody")


def test_degradation_reaches_whom_the_environment_names(received: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESSES, f"json://{received.address}")
    training_alerts(LOGGER, RUN, "")({"step": 4, "of": 9, "what": "degraded", "message": "perplexity 12.0, best 10.0"})
    [body] = map(json.loads, received.bodies)
    assert (body["title"], body["message"]) == ("Paragraf: training degraded", "perplexity 12.0, best 10.0 (run a1b2)")
