"""Run promote: a version in, the champion's alias on it out, if nobody was faster."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from paragraf.promote import Entry, named
from tasks.registry import move_champion


@task(cache_policy=NO_CACHE)
def promote(version: str, over: str, by: str, reason: str) -> Entry:
    """Move the alias from `over` to a version.

    Raises:
        Outrun: somebody else is champion by now.
    """
    entry = Entry.now("promoted", version, over, by, reason)
    move_champion(entry)
    get_run_logger().info("Version %s is champion, in place of %s.", version, named(over))
    return entry
