"""The sweep's trials as Prefect tasks and nested MLflow runs, on a trainer that computes."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from prefect import flow

from flows.sweep import search_settings, task_runner
from paragraf.errors import BadSettings, ChildFailed
from paragraf.search import SearchResult, SearchSettings, SweepSettings
from paragraf.search.page import publish_search
from paragraf.search.trials import Trainer
from tasks.tracking import Tracking, begin_run, client
from tasks.trial_runs import track_search
from tests.searching import BASE, CountingTrainer, chats

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

SETTINGS = SweepSettings(
    search=SearchSettings(
        space={"learning_rate": [1e-5, 1e-4, 0.05], "epochs": [1.0, 3.0]}, sampler="grid", parallel=2, first_share=0.3
    )
)


@pytest.fixture
def tracking(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Tracking:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{workspace / 'mlflow' / 'mlflow.db'}")
    return begin_run("sweep", {})


@flow
def trials_alone(settings: SweepSettings, trainer: Any, tracking: Tracking) -> SearchResult:
    """The part of a sweep that comes after the data stages."""
    result = search_settings(chats(), BASE, settings, trainer, tracking)
    track_search(tracking, result, publish_search("sweep", result, settings))
    return result


class FailingTrainer(CountingTrainer):
    """Its child is killed at every other call, and always where the rate is lowest."""

    def __call__(self, *given: Any) -> Any:
        settings = given[2]
        self.calls += 1
        if settings.learning_rate == 1e-5 or self.calls % 2:
            raise ChildFailed("the training was killed; see child.log.")
        return super().__call__(*given)


def nested_runs(parent: Tracking) -> Mapping[str, Any]:
    store = client()
    experiments = [one.experiment_id for one in store.search_experiments()]
    found = store.search_runs(experiments, f"tags.`mlflow.parentRunId` = '{parent.run}'")
    return {run.info.run_name: run for run in found}


def test_every_trial_is_a_nested_run_with_its_values_losses_and_status(tracking: Tracking) -> None:
    result = trials_alone(SETTINGS, CountingTrainer(), tracking)

    runs = nested_runs(tracking)
    status = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED"}
    assert {name: run.info.status for name, run in runs.items()} == {
        f"trial-{trial.number}": status[trial.state] for trial in result.trials
    }
    best = runs[f"trial-{result.best.number}"]
    assert best.data.params == {name: str(value) for name, value in result.best.values.items()}
    history = client().get_metric_history(best.info.run_id, "train/validation_loss")
    assert [point.value for point in sorted(history, key=lambda point: (point.step, point.timestamp))][-1] == 1.01
    parent = client().get_run(tracking.run).data
    assert parent.params["best.learning_rate"] == "0.0001"
    assert parent.metrics["search/validation_loss"] == pytest.approx(1.01)
    assert {item.path for item in client().list_artifacts(tracking.run)} == {"trials.json", "search"}


def test_a_search_that_goes_on_uses_its_runs_again_under_its_new_parent(tracking: Tracking) -> None:
    trials_alone(SETTINGS, CountingTrainer(), tracking)
    first = {name: run.info.run_id for name, run in nested_runs(tracking).items()}
    later = begin_run("sweep", {})

    trials_alone(SETTINGS, CountingTrainer(), later)

    assert {name: run.info.run_id for name, run in nested_runs(later).items()} == first
    for run in first.values():
        steps = [point.step for point in client().get_metric_history(run, "rung/validation_loss")]
        assert len(steps) == len(set(steps))


def test_a_training_that_is_killed_is_tried_again_and_at_last_counts_as_failed(tracking: Tracking) -> None:
    trainer: Trainer = FailingTrainer()
    settings = SETTINGS.model_copy(update={"search": SETTINGS.search.model_copy(update={"parallel": 1})})

    result = trials_alone(settings, trainer, tracking)

    failures = {trial.values["learning_rate"]: trial.failure for trial in result.trials if trial.state == "failed"}
    assert failures[1e-5] == "the training was killed; see child.log."
    assert result.best.values["learning_rate"] == 1e-4


def test_a_runner_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)  # what Python itself writes down for a module that is not there

    with pytest.raises(BadSettings, match=r"dask is not installed; run: pip install 'paragraf\[dask\]'"):
        task_runner(SearchSettings(runner="dask"))
