"""Run law change: a provision that changed, as a Prefect event that an automation can answer with an update."""

from prefect.events import emit_event
from prefect.events.worker import EventsWorker

from paragraf.law.changes import EVENT, Change, resource_of

_WAIT_SECONDS = 10


def emit_law_change(change: Change, rows: int, test_rows: int) -> None:
    """Send the event with how many rows are stale by the change, and wait until the server has it."""
    resource = {"prefect.resource.id": resource_of(change), "prefect.resource.name": change.provision}
    payload = {"provision": change.provision, "on": change.since, "rows": rows, "test_rows": test_rows}
    emit_event(EVENT, resource=resource, payload=payload)
    EventsWorker.drain_all(timeout=_WAIT_SECONDS)
