"""Run decide: the gate's verdict on a new model, from what every contender answered."""

from prefect import get_run_logger

import paragraf.decide
from paragraf.decide import Decided, Hearing
from paragraf.gate import GateSettings
from tasks.policies import stage


@stage
def decide(hearing: Hearing, settings: GateSettings) -> Decided:
    """PROMOTE, HOLD or REJECT, with every rule's evidence."""
    decided = paragraf.decide.decide(hearing, settings)
    get_run_logger().info("%s", decided.verdict.summary())
    return decided
