"""Run a leg of a trial: one training, a stretch further, with its validation losses in MLflow while it works."""

from collections.abc import Callable
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff

from paragraf.errors import ChildFailed
from paragraf.format import Chats
from paragraf.jobs import Entry
from paragraf.models import Base
from paragraf.search.trials import Done, Leg, Trainer, run_leg
from tasks.policies import can_heal
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
    done = run_leg(chats, base, leg, trainer, _validation_losses(tracking))
    get_run_logger().info("%s", done.summary())
    return done


def _validation_losses(tracking: Tracking) -> Callable[[Entry], None]:
    def on_entry(entry: Entry) -> None:
        loss = entry.get("validation_loss")
        if isinstance(loss, int | float):
            tracking.log({"train/validation_loss": float(loss)}, step=int(entry.get("step") or 0))

    return on_entry
