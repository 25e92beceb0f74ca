"""Run train elsewhere: a job at an endpoint followed, its measurements in the log and in MLflow while it works."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.remote
from paragraf.events import record_event
from paragraf.format import Chats
from paragraf.models import Base, Model
from paragraf.remote import OpenAITraining, RemoteOrder, read_remote
from tasks.progress import remote_progress
from tasks.tracking import Tracking


@task(cache_policy=NO_CACHE)
def train_elsewhere(chats: Chats, base: Base, settings: OpenAITraining, tracking: Tracking) -> Model:
    """Have the endpoint train, or follow what an earlier run began; nothing is sent or paid for twice."""
    logger = get_run_logger()
    training = RemoteOrder.of(chats, base, settings).short()
    record_event("training_began", {"mlflow_run": tracking.run, "training": training})
    model = paragraf.remote.train(chats, base, settings, remote_progress(logger, tracking))
    if made := read_remote(model):
        tracking.log({f"remote/{name}": value for name, value in made.numbers().items()})
        logger.info("Model %s: %s at %s.", model.path, made.address.model, made.address.base_url)
    return model
