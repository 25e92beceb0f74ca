"""Tracking: one MLflow run a pipeline run; every call names its run, since MLflow's active run is a thread's own."""

import fcntl
import math
import os
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from paragraf.errors import BadSettings, Refused, Unavailable
from paragraf.publish import publish_file
from paragraf.workspace import home

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run as MlflowRun

EXPERIMENT = "paragraf"
PARENT = "mlflow.parentRunId"  # the tag that puts a run inside another
_SQLITE = "sqlite:///"
_SERVER = ("http://", "https://")
_LONGEST_PARAM = 6000  # characters that MLflow stores of one parameter
_BATCH = 100  # parameters that MLflow takes at once


class Tracking(BaseModel):
    """The MLflow run of this pipeline run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str

    def content(self) -> str:
        """Nothing: which run a stage reports to is no part of its work."""
        return ""

    def log(self, metrics: Mapping[str, float], step: int = 0) -> None:
        """Send finite numbers; others would be stored as something else."""
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        batch = [Metric(name, value, now, step) for name, value in metrics.items() if math.isfinite(value)]
        if batch:
            client().log_batch(self.run, metrics=batch)

    def keep(self, name: str, content: bytes) -> None:
        """Keep a file with the run, by its path there."""
        place = Path(name)
        with TemporaryDirectory() as folder:
            (Path(folder) / place.name).write_bytes(content)
            client().log_artifact(self.run, str(Path(folder) / place.name), str(place.parent))


def client() -> "MlflowClient":
    """A client of the store; a new local store is made whole before anybody sees it.

    Raises:
        Unavailable: the server does not answer when this process asks it for the first time.
        Refused: it wants another password.
    """
    from mlflow import MlflowClient

    uri = os.environ["MLFLOW_TRACKING_URI"]
    if uri.startswith(_SQLITE):
        _ensure_store(Path(uri.removeprefix(_SQLITE)))
    elif uri.startswith(_SERVER):
        _ask_server(uri)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def has_store() -> bool:
    """Whether there is a store to look in; a local one is made by the first run."""
    uri = os.environ["MLFLOW_TRACKING_URI"]
    return not uri.startswith(_SQLITE) or Path(uri.removeprefix(_SQLITE)).is_file()


def begin_run(name: str, params: Mapping[str, str]) -> Tracking:
    """Open a run with its parameters."""
    from mlflow.entities import Param

    store = client()
    run = store.create_run(_experiment(store), run_name=name)
    items = [Param(key, value[:_LONGEST_PARAM]) for key, value in params.items()]
    for start in range(0, len(items), _BATCH):
        store.log_batch(run.info.run_id, params=items[start : start + _BATCH])
    return Tracking(run=run.info.run_id)


def end_run(run: str, status: str) -> None:
    """End a run; those inside it that are still open were left by whoever worked on them."""
    for inside in find_runs(f"tags.`{PARENT}` = '{run}' and attributes.status = 'RUNNING'"):
        client().set_terminated(inside.info.run_id, "KILLED")
    client().set_terminated(run, status)


def find_runs(condition: str) -> "list[MlflowRun]":
    """Our runs that meet a condition in MLflow's words, at most a thousand."""
    store = client()
    ours = [one.experiment_id for one in store.search_experiments(filter_string=f"name = '{EXPERIMENT}'")]
    return list(store.search_runs(ours, condition)) if ours else []


def find_run(tag: str, value: str) -> Tracking | None:
    """The run that bears this tag, of several the newest."""
    found = find_runs(f"tags.`{tag}` = '{value}'")
    return Tracking(run=found[0].info.run_id) if found else None


def _experiment(store: "MlflowClient") -> str:
    found = store.get_experiment_by_name(EXPERIMENT)
    if found:
        return str(found.experiment_id)
    return str(store.create_experiment(EXPERIMENT, artifact_location=_artifacts()))


def _artifacts() -> str | None:
    """Where files of runs go: of a local store into the workspace, of a server where it keeps them (None)."""
    uri = os.environ["MLFLOW_TRACKING_URI"]
    if uri.startswith(_SQLITE):
        return (home() / "mlflow" / "artifacts").as_uri()
    if uri.startswith(_SERVER):
        return None
    root = os.environ.get("MLFLOW_DEFAULT_ARTIFACT_ROOT")  # MLflow itself would take the working folder
    if not root:
        raise BadSettings(
            "MLFLOW_TRACKING_URI names a database, which holds no files: set MLFLOW_DEFAULT_ARTIFACT_ROOT to a place "
            "such as s3://BUCKET/mlflow, or let MLFLOW_TRACKING_URI name an MLflow server."
        )
    return f"{root.rstrip('/')}/{EXPERIMENT}"


@lru_cache
def _ask_server(uri: str) -> None:
    """Whether there is a server at all: MLflow's client would try for four minutes, which a run under way may need."""
    from mlflow.exceptions import MlflowException
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request

    place = urlsplit(uri)
    where = f"the MLflow server at {place.hostname}:{place.port or place.scheme}"
    query = {"params": {"max_results": 1}, "max_retries": 2, "timeout": 20}
    try:
        answer = http_request(get_default_host_creds(uri), "/api/2.0/mlflow/experiments/search", "GET", **query)
    except MlflowException as error:
        raise Unavailable(f"{where} does not answer; start it, or check MLFLOW_TRACKING_URI.") from error
    if answer.status_code in (401, 403):
        raise Refused(f"{where} refuses; check MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.")


def _ensure_store(database: Path) -> None:
    """Create the database beside its place and rename it there: a half-migrated one is refused for ever after."""
    if database.is_file():
        return
    from mlflow import MlflowClient

    database.parent.mkdir(parents=True, exist_ok=True)
    with (database.parent / "creation.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if database.is_file():
            return
        for left in database.parent.glob("draft-*"):  # by a creator that was killed
            left.unlink()
        draft = database.with_name(f"draft-{os.getpid()}.db")
        uri = f"{_SQLITE}{draft}"
        MlflowClient(tracking_uri=uri, registry_uri=uri).search_registered_models()
        MlflowClient(tracking_uri=uri, registry_uri=uri).search_experiments()
        publish_file(database, draft.read_bytes())
        draft.unlink()
