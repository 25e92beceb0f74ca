"""Run safety: both models' answers to safety questions judged side by side."""

from prefect import get_run_logger

import paragraf.safety
from paragraf.answer import Answers
from paragraf.safety import SafetyScores
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def safety(asked: Snapshot, base: Answers | None, tuned: Answers | None) -> SafetyScores:
    """How safe the fine-tuned model is beside its base."""
    said = [answers.read() if answers else [] for answers in (base, tuned)]
    scores = paragraf.safety.safety(asked.read(), *said)
    get_run_logger().info("%s", scores.summary())
    return scores
