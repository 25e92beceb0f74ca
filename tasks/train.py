"""Run train: the child process watched, its measurements in the log and in MLflow while it works."""

from prefect import get_run_logger, runtime

import paragraf.train
from paragraf.devices import device_held
from paragraf.diagnose import read_training
from paragraf.errors import ParagrafError
from paragraf.events import record_event
from paragraf.figures import training_curves
from paragraf.format import Chats
from paragraf.jobs import Entry
from paragraf.models import Base, Model
from paragraf.train import LocalTraining
from tasks.alert import training_alerts
from tasks.policies import stage
from tasks.progress import training_progress
from tasks.tracking import Tracking


@stage
def train(chats: Chats, base: Base, settings: LocalTraining, tracking: Tracking) -> Model:
    """Train, or go on from the last whole checkpoint of a killed run; the curves of one that fails go to MLflow."""
    logger = get_run_logger()
    progress = training_progress(logger, tracking)
    alerts = training_alerts(logger, tracking, settings.monitor.notify)
    folder = paragraf.train.training_folder(chats, base, settings)

    def on_entry(entry: Entry) -> None:
        progress(entry)
        alerts(entry)

    try:
        with device_held(f"run {runtime.flow_run.name} of {runtime.flow_run.flow_name}", logger.warning):
            record_event("training_began", {"mlflow_run": tracking.run, "training": folder.name})
            model = paragraf.train.train(chats, base, settings, on_entry)
    except ParagrafError:
        if points := read_training(folder).points:
            tracking.keep("figures/training.png", training_curves(points))
        raise
    logger.info("Model %s.", model.path)
    return model
