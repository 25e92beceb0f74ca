"""Run a leg of a trial: one training, a stretch further, with its measurements in the log and in MLflow."""

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff

from paragraf.errors import ChildFailed
from paragraf.format import Chats
from paragraf.models import Base
from paragraf.search.trials import Done, Leg, Trainer, run_leg
from tasks.policies import can_heal
from tasks.progress import training_progress
from tasks.tracking import Tracking


def can_go_on(task: Any, task_run: Any, state: Any) -> bool:
    """Whether trying again may help; a killed training goes on from its checkpoint."""
    return can_heal(task, task_run, state) or isinstance(state.data, ChildFailed)


@task(
    task_run_name="trial-{leg.number}-rung-{leg.rung}",
    cache_policy=NO_CACHE,  # the study knows what is done
    retries=2,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_condition_fn=can_go_on,
)
def trial(chats: Chats, base: Base, leg: Leg, trainer: Trainer, tracking: Tracking) -> Done:
    """Train, or go on from where the trial paused, until its next rung."""
    logger = get_run_logger()
    done = run_leg(chats, base, leg, trainer, training_progress(logger, tracking, f"Trial {leg.number}: "))
    logger.info("%s", done.summary())
    return done
