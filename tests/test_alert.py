"""Quality that falls is a Prefect event and a message, received here by a real server."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock

from paragraf.errors import BadSettings
from tasks.alert import training_alerts
from tasks.tracking import Tracking

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

LOGGER = logging.getLogger("alerts")
RUN = Tracking(run="a1b2")


@pytest.fixture
def received() -> Iterator[tuple[str, list[str]]]:
    """Address of a receiver of messages, and what it received."""
    bodies: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", bodies
    server.shutdown()


def block(url: str) -> str:
    made = CustomWebhookNotificationBlock(
        name="alerts", url=url, json_data={"subject": "{{subject}}", "body": "{{body}}"}, secrets={}
    )
    made.save("alerts", overwrite=True)
    return "custom-webhook/alerts"


def test_degradation_reaches_whom_the_settings_name(received: tuple[str, list[str]]) -> None:
    url, bodies = received
    alert = training_alerts(LOGGER, RUN, block(url))
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
