"""Run gather: what may be laid before a model; the folder of documents is read anew each time."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.baselines.gather
from paragraf.baselines.library import Library
from paragraf.snapshots import Splits


@task(cache_policy=NO_CACHE)
def gather(parts: Splits, documents: str) -> Library:
    """Gather solved training questions and passages; nothing of a held-out row is among them."""
    library = paragraf.baselines.gather.gather(parts, documents)
    get_run_logger().info("%s", library.summary())
    return library
