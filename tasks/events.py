"""Run events: an event of ours, given to the Prefect server, which says that it has it."""

from prefect.client.orchestration import get_client
from prefect.events import Event


def post_event(event: Event) -> None:
    """Send one event and wait for the server's answer; Prefect's own way of sending passes over one that is lost.

    Raises:
        httpx.HTTPError: the server can't be reached, or does not take it.
    """
    with get_client(sync_client=True) as api:
        api._client.post("/events", json=[event.model_dump(mode="json")]).raise_for_status()
