"""Run contest: all that was asked, judged on the same rows."""

from prefect import get_run_logger

import paragraf.baselines.contenders
from paragraf.answer import Answers
from paragraf.baselines.contenders import Contest
from paragraf.baselines.settings import PriceSettings
from paragraf.snapshots import Snapshot
from tasks.policies import stage


@stage
def contest(rows: Snapshot, answers: list[Answers], price: PriceSettings) -> Contest:
    """Put every contender's quality, time, tokens and cost side by side."""
    judged = paragraf.baselines.contenders.contest(rows, answers, price)
    get_run_logger().info("%s", judged.summary())
    return judged
