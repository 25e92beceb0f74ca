"""Run choose: the system message that a base model is best asked after."""

from prefect import get_run_logger

import paragraf.baselines.choice
from paragraf.askers import threads_of_an_asker
from paragraf.baselines.candidates import CANDIDATES
from paragraf.baselines.choice import ChoiceOrder, ChosenPrompt
from paragraf.chat import Framing
from paragraf.models import Base
from paragraf.snapshots import Snapshot
from tasks.policies import stage
from tasks.progress import counting_progress


@stage
def choose_prompt(valid: Snapshot, base: Base, framing: Framing, rows: int) -> ChosenPrompt:
    """Choose among the usual message and the candidates, on validation rows alone."""
    logger = get_run_logger()
    systems = tuple(dict.fromkeys((framing.system, *CANDIDATES)))
    order = ChoiceOrder(
        base=base, valid=valid, framing=framing, systems=systems, rows=rows, threads=threads_of_an_asker(base)
    )
    chosen = paragraf.baselines.choice.choose(order, counting_progress(logger))
    logger.info("%s", chosen.summary())
    return chosen
