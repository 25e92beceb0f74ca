"""Run augment: training rows with their variants at rest."""

from prefect import get_run_logger

import paragraf.augment
from paragraf.augment import AugmentSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage
from tasks.work import Work


@stage
def augment(train: Snapshot, settings: AugmentSettings, work: Work) -> Snapshot:
    """Add variants to the training rows; validation and test rows never come here."""
    with work.runner() as runner:
        more = Snapshot.write("augment", paragraf.augment.augment(train, settings, runner))
    get_run_logger().info("%d rows became %d; dropped variants: %s.", train.rows, more.rows, more.dropped or 0)
    return more
