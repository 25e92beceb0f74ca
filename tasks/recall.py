"""Run recall: what earlier runs and the user's file say of the parts of these rows; asked anew in every run."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.ledger
from paragraf.ledger import KnownParts
from paragraf.snapshots import Snapshot
from paragraf.split import SplitSettings


@task(cache_policy=NO_CACHE)
def recall(corpus: Snapshot, settings: SplitSettings) -> KnownParts:
    """Settled parts at rest, empty for a corpus that nobody has seen."""
    parts = paragraf.ledger.recall(corpus, corpus.digest, settings)
    if parts:
        get_run_logger().info("%d questions keep the part that they had.", len(parts))
    return KnownParts.write(parts)
