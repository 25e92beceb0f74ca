import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paragraf.models import Base
from paragraf.remote import RemoteOrder, base_elsewhere
from tests.remote.running import order_for, settings_for
from tests.servers.fine_tuning_server import KEY, FineTuningServer, fine_tuning


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No request of a test leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wanted to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def server() -> Iterator[FineTuningServer]:
    with fine_tuning(FineTuningServer()) as running:
        yield running


@pytest.fixture
def here(tiny: Base) -> Base:
    """A base model elsewhere, measured with the tiny model's tokenizer."""
    return base_elsewhere(tiny, settings_for("http://127.0.0.1:1/v1"))


@pytest.fixture
def order(server: FineTuningServer, here: Base, workspace: Path) -> RemoteOrder:
    return order_for(server.base_url, here)
