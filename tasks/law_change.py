"""Run law change: a provision that changed, as a Prefect event that an automation can answer with an update."""

import httpx
from prefect.events import Event, Resource

from paragraf.errors import Unavailable
from paragraf.law.changes import EVENT, Change, resource_of
from tasks.events import post_event


def emit_law_change(change: Change, rows: int, test_rows: int) -> None:
    """Send the event with how many rows are stale by the change, and wait until the server has it.

    Raises:
        Unavailable: the server can't be reached, or does not take it.
    """
    event = Event(
        event=EVENT,
        resource=Resource({"prefect.resource.id": resource_of(change), "prefect.resource.name": change.provision}),
        payload={"provision": change.provision, "on": change.since, "rows": rows, "test_rows": test_rows},
    )
    try:
        post_event(event)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(
            f"the Prefect server does not take {EVENT} ({type(error).__name__}), so no automation hears of it; the "
            "change itself is written down. Start the server, or check PREFECT_API_URL and PREFECT_API_AUTH_STRING, "
            "and give the same command again."
        ) from error
