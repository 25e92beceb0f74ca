"""Run inbox: what came into the inbox, and that there is enough of it, as Prefect events that an automation answers."""

from uuid import NAMESPACE_URL, uuid5

from prefect.events import Event, Resource, emit_event

from paragraf.inbox import Arrival, inbox
from paragraf.update.waiting import Waiting
from tasks.events import post_event

ARRIVED, READY = "paragraf.inbox.arrived", "paragraf.inbox.ready"
_RESOURCE = {"prefect.resource.id": "paragraf.inbox", "prefect.resource.name": "inbox"}


def emit_arrival(arrival: Arrival) -> None:
    """Send one event and wait until the server has it; sent again it is still the same event.

    Raises:
        httpx.HTTPError: the server can't be reached, or does not take it.
    """
    event = Event(
        event=ARRIVED,
        resource=Resource(_RESOURCE),
        payload={"file": arrival.name, "bytes": arrival.size, "sha256": arrival.digest},
        id=uuid5(NAMESPACE_URL, f"{inbox().as_uri()}#{arrival.digest}"),
    )
    post_event(event)


def emit_ready(waiting: Waiting) -> None:
    """Tell that an update would find enough rows."""
    emit_event(READY, resource=_RESOURCE, payload={"rows": waiting.rows, "needed": waiting.needed})
