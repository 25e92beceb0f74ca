"""Run train: the child process watched, its measurements in the log and in MLflow while it works."""

from prefect import get_run_logger

import paragraf.train
from paragraf.format import Chats
from paragraf.models import Base, Model
from paragraf.train import TrainSettings
from tasks.policies import stage
from tasks.progress import training_progress
from tasks.tracking import Tracking


@stage
def train(chats: Chats, base: Base, settings: TrainSettings, tracking: Tracking) -> Model:
    """Train, or go on from the last whole checkpoint of a killed run."""
    logger = get_run_logger()
    model = paragraf.train.train(chats, base, settings, training_progress(logger, tracking))
    logger.info("Model %s.", model.path)
    return model
