"""Run augment: training rows with their variants at rest."""

from prefect import get_run_logger

import paragraf.augment
from paragraf.augment import AugmentSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def augment(train: Snapshot, settings: AugmentSettings) -> Snapshot:
    """Add variants to the training rows; validation and test rows never come here."""
    kept = paragraf.augment.augment(train.read(), settings)
    get_run_logger().info("%d rows became %d; dropped variants: %s.", train.rows, len(kept.records), kept.counts() or 0)
    return Snapshot.write("augment", kept.outcomes())
