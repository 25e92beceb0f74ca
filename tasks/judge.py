"""Run judge: a language model's opinion of both models' answers; asked anew, though no opinion is paid for twice."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.judge.stage
from paragraf.answer import Answers
from paragraf.decide import Testimony
from paragraf.judge.settings import JudgeSettings
from paragraf.judge.stage import Judgement
from paragraf.snapshots import Snapshot


@task(cache_policy=NO_CACHE)
def judge(test: Snapshot, tuned: Answers, rival: Testimony, settings: JudgeSettings) -> Judgement | None:
    """Which of the two answers better, where a judge is set; its calibration is looked up each time."""
    found = paragraf.judge.stage.judge(test, tuned, rival, settings)
    if found:
        get_run_logger().info("%s", found.summary())
    return found
