"""Sweep: raw rows and a space of training settings in, the settings with the least validation loss out."""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from queue import SimpleQueue
from typing import Any

from prefect import flow, get_run_logger
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

import paragraf.search
import paragraf.train
from flows.prepare import prepare_rows
from paragraf.devices import device_held
from paragraf.errors import BadSettings, ChildFailed
from paragraf.format import Chats
from paragraf.jobs import warm_jobs
from paragraf.models import Base
from paragraf.processes import cores, end_awaited_children
from paragraf.search.choice import SearchResult
from paragraf.search.page import SearchReport
from paragraf.search.settings import SearchSettings, SweepSettings
from paragraf.search.trials import Done, Leg, Trainer, Trial
from tasks.publish_search import publish_search
from tasks.run_book import run_book
from tasks.tracking import Tracking
from tasks.trial import trial as run_trial
from tasks.trial_runs import track_search, track_trial


@flow(name="sweep")
def sweep(settings: SweepSettings = SweepSettings()) -> SearchReport:  # noqa: B008  # frozen, and the form shows its values
    """The data stages once, then many trainings; a killed sweep goes on where it stopped."""
    with run_book("sweep", settings) as (run, tracking):
        data = prepare_rows(settings, tracking)
        trainer: Trainer = paragraf.train.train_until
        with _device(run.name, settings.search), warm_jobs("paragraf.train.child"):
            result = search_settings(data.chats, data.base, settings, trainer, tracking)
        published = publish_search(run.name, result, settings)
        track_search(tracking, result, published)
        return published


def search_settings(
    chats: Chats, base: Base, settings: SweepSettings, trainer: Trainer, tracking: Tracking
) -> SearchResult:
    """All trials, each a task a leg and an MLflow run inside the sweep's."""
    key = paragraf.search.key_of(chats, base, settings.train, settings.search)
    logger = get_run_logger()
    runs: dict[int, Tracking] = {}

    def on_trial(trial: Trial) -> None:
        runs[trial.number] = track_trial(tracking, key, trial)
        if trial.state != "running" or not trial.rungs:  # what a rung showed is told by its leg
            logger.info("%s", trial.summary(settings.search.planned()))

    same = {"chats": chats, "base": base, "trainer": trainer}
    with task_runner(settings.search) as runner:
        pool = TaskPool(runner, same, runs, threads_of_a_leg(settings.search))
        try:
            return paragraf.search.search(chats, base, settings, pool, on_trial)
        except BaseException:  # Ctrl-C too; the runner waits for its threads, and they for their trainings
            end_awaited_children()
            raise


def _device(run: str, settings: SearchSettings) -> AbstractContextManager[None]:
    """This machine's device for all trials together; those of a cluster train elsewhere."""
    return nullcontext() if _cluster(settings.runner) else device_held(f"search {run}", get_run_logger().warning)


class TaskPool:
    """Legs as tasks of this flow, on whatever runner the settings name."""

    def __init__(
        self, runner: TaskRunner[Any], same: Mapping[str, Any], runs: Mapping[int, Tracking], threads: int
    ) -> None:
        self._runner = runner
        self._same = same  # what every leg is given
        self._runs = runs
        self._threads = threads
        self._ended: SimpleQueue[tuple[Leg, PrefectFuture[Done]]] = SimpleQueue()

    def submit(self, trial: Trial, leg: Leg) -> None:
        alone = leg.model_copy(update={"threads": self._threads})
        future = self._runner.submit(run_trial, {**self._same, "leg": alone, "tracking": self._runs[leg.number]})
        future.add_done_callback(lambda ended: self._ended.put((leg, ended)))

    def next_done(self) -> Done:
        """The next leg that ends; a training that was killed again and again (by its memory, say) is a failed trial."""
        leg, future = self._ended.get()
        try:
            return future.result()
        except ChildFailed as error:
            return Done(number=leg.number, rung=leg.rung, failure=str(error))


def threads_of_a_leg(settings: SearchSettings) -> int:
    """An even part of this machine's cores; 0, for what its own machine has, where the legs run on other machines."""
    if _cluster(settings.runner):
        return 0
    return max(1, cores() // min(settings.parallel, settings.planned()))


def task_runner(settings: SearchSettings) -> TaskRunner[Any]:
    """Where the legs run.

    Raises:
        BadSettings: the runner's extra is not installed.
    """
    if settings.runner == "threads":
        return ThreadPoolTaskRunner(max_workers=settings.parallel)
    try:
        return _dask(settings.parallel) if settings.runner == "dask" else _ray(settings.parallel)
    except ImportError as error:
        name = settings.runner
        raise BadSettings(
            f"search.runner is {name!r} but {error.name} is not installed; run: pip install 'paragraf[{name}]'"
        ) from error


def _dask(parallel: int) -> TaskRunner[Any]:
    address = _cluster("dask")
    from prefect_dask.task_runners import DaskTaskRunner

    workers = {"n_workers": parallel, "threads_per_worker": 1}
    return DaskTaskRunner(address=address) if address else DaskTaskRunner(cluster_kwargs=workers)


def _ray(parallel: int) -> TaskRunner[Any]:
    from prefect_ray.task_runners import RayTaskRunner

    address = _cluster("ray")
    runner: TaskRunner[Any] = RayTaskRunner(address=address, init_kwargs={} if address else {"num_cpus": parallel})
    return runner


def _cluster(runner: str) -> str | None:
    """The address of a cluster that the environment names, as Dask and Ray themselves read it; else None."""
    if runner == "ray":
        return os.environ.get("RAY_ADDRESS")
    if runner == "dask":
        import dask

        found: str | None = dask.config.get("scheduler-address", None)
        return found
    return None
