"""Trial runs: each trial of a search as an MLflow run inside the search's own; a continued search finds them again."""

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from paragraf.search.choice import SearchResult
from paragraf.search.page import SearchReport
from paragraf.search.rungs import State
from paragraf.search.trials import Trial
from paragraf.workspace import at_rest
from tasks.tracking import PARENT, Tracking, begin_run, client, find_run

_TRIAL = "paragraf.trial"
_STATUS: dict[State, str] = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED"}


def track_trial(parent: Tracking, key: str, trial: Trial) -> Tracking:
    """Bring a trial's run up to date: its parent, its losses at the rungs, its status."""
    tracking = find_run(_TRIAL, f"{key}-{trial.number}") or _begin(key, trial)
    store = client()
    store.set_tag(tracking.run, PARENT, parent.run)
    known = {metric.step for metric in store.get_metric_history(tracking.run, "rung/validation_loss")}
    for rung in trial.rungs:
        if rung.step not in known:
            tracking.log(
                {"rung/validation_loss": rung.loss, "rung/share": rung.share, "rung/rows": rung.rows}, rung.step
            )
    if trial.failure:
        store.set_tag(tracking.run, "failure", trial.failure)
    if trial.state in _STATUS:
        store.set_terminated(tracking.run, _STATUS[trial.state])
    else:
        store.update_run(tracking.run, status="RUNNING")
    return tracking


@task(cache_policy=NO_CACHE)
def track_search(tracking: Tracking, result: SearchResult, report: SearchReport) -> None:
    """The best values, all trials as a table, the cost, and the page, in the search's own run and in Prefect."""
    store = client()
    for name, value in result.best.values.items():
        store.log_param(tracking.run, f"best.{name}", str(value))
    seconds = {"search/cpu_seconds": result.spent.seconds} if result.spent.seconds is not None else {}
    tracking.log(
        {
            "search/validation_loss": result.best.rungs[-1].loss,
            "search/rows": result.spent.rows,
            "search/full_grid_rows": result.full_grid.rows,
            **seconds,
        }
    )
    rows = [_row(trial) for trial in result.trials]
    store.log_table(tracking.run, {name: [row[name] for row in rows] for name in rows[0]}, "trials.json")
    store.log_artifacts(tracking.run, str(at_rest(report.path)), artifact_path="search")
    create_table_artifact(rows, key="search-trials", description=result.summary())


def _begin(key: str, trial: Trial) -> Tracking:
    tracking = begin_run(f"trial-{trial.number}", {name: str(value) for name, value in trial.values.items()})
    client().set_tag(tracking.run, _TRIAL, f"{key}-{trial.number}")
    return tracking


def _row(trial: Trial) -> dict[str, str | int | float | bool | None]:
    last = trial.rungs[-1] if trial.rungs else None
    return {
        "trial": trial.number,
        "state": trial.state,
        "validation_loss": last.loss if last else None,
        "share": last.share if last else None,
        "rows": last.rows if last else 0,
        **trial.values,
    }
