"""What tests of a training at an endpoint share: orders for a server here, and runs of them without long waits."""

from collections.abc import Callable
from typing import Any

import openai

from paragraf.jobs import Entry
from paragraf.remote import OpenAITraining, RemoteModel, RemoteOrder, train_at
from paragraf.remote.endpoint import Endpoint, open_endpoint
from paragraf.remote.once import Patience
from tests.tiny import chats_of, sample_records

QUICK = Patience(poll_seconds=0.01, deadline_seconds=30, pause_seconds=0.01)


def settings_for(base_url: str, **given: Any) -> OpenAITraining:
    told = {"backend": "openai", "profile": "custom", "base_url": base_url, "model": "base", "timeout_seconds": 5}
    return OpenAITraining.model_validate(told | given)


def order_for(base_url: str, base: Any, rows: int = 16, **given: Any) -> RemoteOrder:
    return RemoteOrder.of(chats_of(sample_records(rows)), base, settings_for(base_url, **given))


def carried_out(
    order: RemoteOrder, on_entry: Callable[[Entry], None] = lambda entry: None, patience: Patience = QUICK
) -> RemoteModel:
    """A model of an order at the endpoint that its settings name."""
    with open_endpoint(order.settings) as endpoint:
        return train_at(endpoint, order, patience, on_entry)


def with_client(client: openai.OpenAI, order: RemoteOrder) -> tuple[RemoteModel, list[Entry]]:
    """As `carried_out`, with a client that a test watches; and all that was told."""
    entries: list[Entry] = []
    return train_at(Endpoint(client), order, QUICK, entries.append), entries
