"""Run augment: training rows with their variants at rest."""

from prefect import get_run_logger

import paragraf.augment
from paragraf.augment import AugmentSettings
from paragraf.generator import open_generator
from paragraf.snapshots import Snapshot, Splits, listed
from tasks.policies import stage
from tasks.work import Work


@stage
def augment(parts: Splits, settings: AugmentSettings, work: Work) -> Snapshot:
    """Add variants to the training rows; the others are only there to be told apart from."""
    with work.runner() as runner, open_generator(settings.generator) as generator:
        lines = paragraf.augment.augment(parts.train, (parts.valid, parts.test), settings, generator, runner)
        more = Snapshot.write("augment", lines)
        spent = generator.spent()
    logger = get_run_logger()
    logger.info("%d rows became %d; by technique: %s.", parts.train.rows, more.rows, listed(more.derived))
    logger.info("Variants dropped or declined: %s.", listed(more.dropped))
    if spent.calls:
        logger.info("The generator was asked %d times, for %.4f.", spent.calls, spent.cost)
    return more
