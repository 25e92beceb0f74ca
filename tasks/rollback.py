"""Run rollback: a champion in, the one before it back in its place out."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from paragraf.promote import Entry, named
from tasks.registry import move_champion

EVENT = "paragraf.promotion.rolled_back"


@task(cache_policy=NO_CACHE)
def rollback(version: str, back_to: str, by: str, reason: str) -> Entry:
    """Move the alias from a version back to the champion before it ("" is nobody), and tell everybody.

    Raises:
        Outrun: the version is not champion any more.
    """
    entry = Entry.now("rolled_back", back_to, version, by, reason)
    move_champion(entry)
    get_run_logger().warning("Version %s was rolled back; champion is %s: %s", version, named(back_to), reason)
    resource = {"prefect.resource.id": f"paragraf.version.{version}", "prefect.resource.name": f"version {version}"}
    emit_event(EVENT, resource=resource, payload={"back_to": back_to, "by": by, "reason": reason})
    return entry
