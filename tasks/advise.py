"""Run advise: the machine asked with a few real steps, told in the log while it answers."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.advise
from paragraf.advise import Advice
from paragraf.devices import device_held
from paragraf.events import record_event
from paragraf.format import Chats
from paragraf.models import Base
from paragraf.train import LocalTraining
from paragraf.workspace import at_rest
from tasks.progress import probe_progress


@task(cache_policy=NO_CACHE)
def advise(chats: Chats, base: Base, settings: LocalTraining) -> Advice:
    """Measure which settings fit this machine now."""
    logger = get_run_logger()
    with device_held("advise", logger.warning):
        advice = paragraf.advise.advise(chats, base, settings, probe_progress(logger))
    record_event("advice_published", {"path": advice.path})
    logger.info("%s", advice.sentence)
    logger.info("%s", at_rest(advice.path) / "advice.txt")
    return advice
