"""The sweep's trials as Prefect tasks and nested MLflow runs, on a trainer that computes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect import flow

from flows.sweep import search_settings, task_runner, threads_of_a_leg
from paragraf.errors import BadSettings, ChildFailed
from paragraf.identity import ProcessIdentity
from paragraf.processes import cores
from paragraf.runs import Run
from paragraf.search import SearchResult, SearchSettings, SweepSettings
from paragraf.search.page import publish_search
from paragraf.search.trials import Measured, Trainer, Trial
from tasks.run_book import run_book
from tasks.tracking import Tracking, begin_run, client
from tasks.trial_runs import track_search, track_trial
from tests.searching import BASE, CountingTrainer, chats

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

SETTINGS = SweepSettings(
    search=SearchSettings(
        space={"learning_rate": [1e-5, 1e-4, 0.05], "epochs": [1.0, 3.0]}, sampler="grid", parallel=2, first_share=0.3
    )
)


@pytest.fixture
def tracking(workspace: Path) -> Tracking:
    return begin_run("sweep", {})


@flow
def trials_alone(settings: SweepSettings, trainer: Any, tracking: Tracking) -> SearchResult:
    """The part of a sweep that comes after the data stages."""
    result = search_settings(chats(), BASE, settings, trainer, tracking)
    track_search(tracking, result, publish_search("sweep", result, settings))
    return result


@flow
def next_start(settings: SweepSettings) -> None:
    """The part of a sweep that comes before the data stages."""
    with run_book("sweep", settings):
        return


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


def test_trials_that_a_killed_sweep_left_open_are_ended_at_the_next_start(tracking: Tracking, workspace: Path) -> None:
    measured = Measured(share=0.1, step=1, loss=2.0, rows=10, seconds=1.0)
    values: dict[str, Any] = {"learning_rate": 1e-4}
    for trial in (
        Trial(number=0, bracket=0, values=values, rungs=(measured,)),
        Trial(number=1, bracket=0, values=values),
        Trial(number=2, bracket=0, values=values, state="complete", rungs=(measured,)),
    ):
        track_trial(tracking, "a search", trial)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    owner = ProcessIdentity.of(ended.pid).label()
    ended.wait()
    run = Run(name="killed", flow="sweep", owner=owner, prefect_run=str(uuid4()), mlflow_run=tracking.run)
    (workspace / "runs").mkdir()
    (workspace / "runs" / "killed.json").write_text(run.model_dump_json(), "utf-8")

    next_start(SETTINGS)

    status = {name: run.info.status for name, run in nested_runs(tracking).items()}
    assert status == {"trial-0": "KILLED", "trial-1": "KILLED", "trial-2": "FINISHED"}
    assert client().get_run(tracking.run).info.status == "KILLED"


def test_trials_of_a_sweep_that_ends_with_an_error_are_ended_with_it(tracking: Tracking) -> None:
    @flow
    def failing() -> None:
        with run_book("sweep", SETTINGS) as (_, parent):
            track_trial(parent, "a search", Trial(number=0, bracket=0, values={"learning_rate": 1e-4}))
            client().set_tag(tracking.run, "parent", parent.run)
            raise KeyError("some fault")

    with pytest.raises(KeyError):
        failing()

    parent = Tracking(run=client().get_run(tracking.run).data.tags["parent"])
    assert {name: run.info.status for name, run in nested_runs(parent).items()} == {"trial-0": "KILLED"}
    assert client().get_run(parent.run).info.status == "FAILED"


def test_trials_that_run_together_share_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)))  # what Linux answers elsewhere
    assert cores() == 8
    found = [threads_of_a_leg(SETTINGS.search.model_copy(update={"parallel": parallel})) for parallel in (1, 2, 3, 50)]
    assert found == [8, 4, 2, 1]
    monkeypatch.setenv("RAY_ADDRESS", "head:6379")
    assert threads_of_a_leg(SearchSettings(runner="ray", parallel=4)) == 0


def test_the_log_says_which_trial_does_what(tracking: Tracking, caplog: pytest.LogCaptureFixture) -> None:
    settings = SETTINGS.model_copy(update={"search": SETTINGS.search.model_copy(update={"parallel": 1})})
    trials_alone(settings, CountingTrainer(), tracking)

    said = [record.getMessage() for record in caplog.records]
    assert "Trial 3, one of 6 (learning_rate 0.0001, epochs 3.0): begins." in said
    assert "Trial 3: step 75 of 75  validation loss 1.01  0:00 left" in said
    assert (
        "Trial 0, one of 6 (learning_rate 1e-05, epochs 1.0): out at 33% of its steps, validation loss 3.5433." in said
    )


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
