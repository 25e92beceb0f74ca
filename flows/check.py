"""Check: rows in, usually of the inbox; how many no version has met, and an event where they are enough, out."""

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.update import new_rows, waiting_of
from paragraf.update.past import is_learned
from paragraf.update.settings import UpdateSettings
from paragraf.update.waiting import Waiting
from tasks.inbox import emit_ready
from tasks.registry import digests
from tasks.run_book import run_book
from tasks.track import track_check, track_waiting


@flow(name="check")
def check(settings: UpdateSettings = UpdateSettings()) -> State[Waiting]:  # noqa: B008  # frozen, and the form shows its values
    """What an update would begin with, without one; where there is enough, an automation begins it."""
    with run_book("check", settings) as (_, tracking):
        waiting = _waiting(settings)
        get_run_logger().info("%s", waiting.summary())
        track_waiting(tracking, waiting)
        track_check(waiting)
        if waiting.is_over():
            emit_ready(waiting)
        name = "Ready" if waiting.is_over() else "Waiting"
        return Completed(name=name, message=waiting.summary(), data=waiting)


def _waiting(settings: UpdateSettings) -> Waiting:
    """What is new; rows that an update had are so no more, though the same update would find them again."""
    news = new_rows(settings)
    found = waiting_of(news, settings)
    if news and is_learned(news.begun.clean.digest, digests()):
        learned = found.dropped.get("learned_before", 0) + found.rows
        return found.model_copy(update={"rows": 0, "dropped": {**found.dropped, "learned_before": learned}})
    return found
