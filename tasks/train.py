"""Run train: the child process watched, its measurements in the log and in MLflow while it works."""

from prefect import get_run_logger

import paragraf.train
from paragraf.events import record_event
from paragraf.format import Chats
from paragraf.jobs import Entry
from paragraf.models import Base, Model
from paragraf.train import TrainSettings
from tasks.alert import training_alerts
from tasks.policies import stage
from tasks.progress import training_progress
from tasks.tracking import Tracking


@stage
def train(chats: Chats, base: Base, settings: TrainSettings, tracking: Tracking) -> Model:
    """Train, or go on from the last whole checkpoint of a killed run."""
    logger = get_run_logger()
    progress = training_progress(logger, tracking)
    alerts = training_alerts(logger, tracking, settings.monitor.notify)
    folder = paragraf.train.training_folder(chats, base, settings)
    record_event("training_began", {"mlflow_run": tracking.run, "training": folder.name})

    def on_entry(entry: Entry) -> None:
        progress(entry)
        alerts(entry)

    model = paragraf.train.train(chats, base, settings, on_entry)
    logger.info("Model %s.", model.path)
    return model
