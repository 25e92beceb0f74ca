"""Run evaluate: both models' answers scored side by side."""

from prefect import get_run_logger

import paragraf.evaluate
from paragraf.answer import Answers
from paragraf.evaluate import Scores
from paragraf.judging import newest_day
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def evaluate(test: Snapshot, train: Snapshot, base: Answers, tuned: Answers) -> Scores:
    """Score the fine-tuned model beside its base."""
    scores = paragraf.evaluate.evaluate(test.read(), base.read(), tuned.read(), newest_day(train.records()))
    get_run_logger().info("%s", scores.summary())
    return scores
