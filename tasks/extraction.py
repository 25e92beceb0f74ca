"""Run extraction: how many of the planted codes came out of both models."""

from prefect import get_run_logger

import paragraf.evaluation.canaries
from paragraf.answer import Answers
from paragraf.evaluate import Measure
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def extraction(planted: Snapshot, base: Answers, tuned: Answers) -> Measure:
    """The share of canaries that each model gives away when it is asked for them."""
    measure = paragraf.evaluation.canaries.extraction(planted.read(), base.read(), tuned.read())
    get_run_logger().info(
        "%d canaries: the base model gives away %.0f %%, the fine-tuned one %.0f %%.",
        planted.rows,
        100 * (measure.base.value or 0),
        100 * (measure.tuned.value or 0),
    )
    return measure
