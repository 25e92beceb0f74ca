"""Tell MLflow and Prefect what the stages found; always done, also when every stage was taken from the cache."""

import warnings
from collections.abc import Mapping
from typing import get_args

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from paragraf import gate
from paragraf.baselines.contenders import Contest
from paragraf.baselines.contests import keep_contest
from paragraf.diagnose import Point, read_history
from paragraf.evaluate import Scores
from paragraf.events import record_event
from paragraf.format import Chats
from paragraf.gate.verdict import Status
from paragraf.judge.stage import Judgement
from paragraf.models import Model
from paragraf.report import Report
from paragraf.safety import SafetyScores
from paragraf.snapshots import Snapshot, Splits
from paragraf.update.scores import UpdateScores
from paragraf.update.waiting import Waiting
from paragraf.validation_page import publish_validation_page
from paragraf.verdict import Check, Verdict
from paragraf.workspace import at_rest
from tasks.tracking import Tracking, client

_LONGEST_DIGEST = 36  # characters that MLflow stores of a data set's digest


@task(cache_policy=NO_CACHE)
def track_data(tracking: Tracking, raw: Snapshot, splits: Splits, verdict: Verdict, chats: Chats | None) -> None:
    """Data sets with the digests of their content, counts, and the warnings of the validation."""
    from mlflow.data.dataset_source_registry import resolve_dataset_source
    from mlflow.data.meta_dataset import MetaDataset
    from mlflow.entities import DatasetInput, InputTag

    inputs = []
    for name, snapshot in (("raw", raw), *splits.parts()):
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # two names of one kind of source
            source = resolve_dataset_source(str(at_rest(snapshot.path) / "rows.jsonl"))
        dataset = MetaDataset(source=source, name=name, digest=f"sha256:{snapshot.digest}"[:_LONGEST_DIGEST])
        inputs.append(DatasetInput(dataset._to_mlflow_entity(), [InputTag("mlflow.data.context", name)]))
    client().log_inputs(tracking.run, datasets=inputs)
    tracking.log({"rows/raw": raw.rows, **{f"rows/{part}": snapshot.rows for part, snapshot in splits.parts()}})
    if chats:
        tracking.log({f"tokens/{part}": count for part, count in chats.tokens.items()})
    tracking.log({f"validation/{name}": value for name, value in verdict.numbers.items()})
    client().set_tag(tracking.run, "validation", verdict.summary())
    publish_validation_page(verdict)  # the page of this run's verdict, also when that was in the cache
    if failed := verdict.failed("warning"):
        create_markdown_artifact(_as_table(failed), key="validation-warnings")


@task(cache_policy=NO_CACHE)
def track_training(tracking: Tracking, model: Model) -> None:
    """The training curves of a model, and where it was trained, unless they were sent while it was trained."""
    from mlflow.entities import Metric

    if client().get_metric_history(tracking.run, "train/loss"):
        return
    record_event("training_began", {"mlflow_run": tracking.run, "training": at_rest(model.path).name.split("-", 1)[1]})
    names = sorted(Point.model_fields.keys() - {"step"})
    now = int(client().get_run(tracking.run).info.start_time)
    metrics = [
        Metric(f"train/{name}", value, now, point.step)
        for point in read_history(model)
        for name in names
        if (value := getattr(point, name)) is not None
    ]
    for start in range(0, len(metrics), 1000):
        client().log_batch(tracking.run, metrics=metrics[start : start + 1000])


@task(cache_policy=NO_CACHE)
def track_scores(tracking: Tracking, scores: Scores, safety: SafetyScores) -> None:
    """Every measure of both models, with the ends of its interval; safety among them."""
    values: dict[str, float | None] = {"evaluation/loss_fall": scores.loss_fall.value}
    for measure in (*scores.measures, *safety.measures):
        for side, estimate in (("base", measure.base), ("tuned", measure.tuned)):
            values[f"{side}/{measure.name}"] = estimate.value
            values[f"{side}/{measure.name}_low"] = estimate.low
            values[f"{side}/{measure.name}_high"] = estimate.high
    tracking.log({name: value for name, value in values.items() if value is not None})


@task(cache_policy=NO_CACHE)
def track_update(tracking: Tracking, scores: UpdateScores) -> None:
    """The model before and after an update on old and on new test rows, and how much the loss rose."""
    values: dict[str, float | None] = {}
    for one in scores.ages():
        values[f"update/{one.age}/loss_rise"] = one.rise.value
        for measure in one.measures:
            values[f"update/{one.age}/{measure.name}_before"] = measure.base.value
            values[f"update/{one.age}/{measure.name}_after"] = measure.tuned.value
    tracking.log({name: value for name, value in values.items() if value is not None})


@task(cache_policy=NO_CACHE)
def track_waiting(tracking: Tracking, waiting: Waiting) -> None:
    """That nothing was trained, as a tag of the run, and how many rows were new."""
    client().set_tag(tracking.run, "state", "waiting")
    tracking.log({"rows/new": waiting.rows, "rows/needed": waiting.needed})


@task(cache_policy=NO_CACHE)
def track_check(waiting: Waiting) -> None:
    """What a look at new rows found, as an artifact of the run."""
    dropped = "\n".join(f"| {reason} | {count} |" for reason, count in waiting.dropped.items())
    table = f"| not new | rows |\n| --- | --- |\n{dropped}" if dropped else ""
    create_markdown_artifact(f"{waiting.summary()}\n\n{table}".strip(), key="new-rows")


@task(cache_policy=NO_CACHE)
def track_contest(tracking: Tracking, contest: Contest, test: Snapshot) -> None:
    """Every contender's measures, time, tokens and cost; kept in the workspace, too, for the next preflight."""
    for one in contest.contenders:
        values = {name: estimate.value for name, estimate in one.measures.items()}
        values |= {"tokens_read": one.read, "tokens_written": one.written, "seconds": one.seconds, "cost": one.cost}
        tracking.log({f"contender/{one.name}/{name}": value for name, value in values.items() if value is not None})
    keep_contest(contest, test)


@task(cache_policy=NO_CACHE)
def track_verdict(tracking: Tracking, verdict: gate.Verdict) -> None:
    """The decision and the digest of all that it rests on as tags, the rules as counts, the whole as a file."""
    for name, value in {"verdict": verdict.decision, "digest.verdict": verdict.digest}.items():
        client().set_tag(tracking.run, name, value)
    tracking.log({f"gate/{status}": len(verdict.of(status)) for status in get_args(Status)})
    client().log_text(tracking.run, verdict.model_dump_json(indent=1), "verdict.json")


@task(cache_policy=NO_CACHE)
def track_judgement(tracking: Tracking, judged: Judgement | None) -> None:
    """How often the judge prefers the new model and changes with the order, and as a tag whether it may decide."""
    if judged is None:
        return
    values = {"judge/win_rate": judged.win_rate.value, "judge/swap_bias": judged.swap_bias.value}
    tracking.log({name: value for name, value in values.items() if value is not None})
    client().set_tag(tracking.run, "judge.may_decide", str(judged.may_decide).lower())


@task(cache_policy=NO_CACHE)
def track_report(tracking: Tracking, report: Report, digests: Mapping[str, str]) -> None:
    """The report with its figures as artifacts of the run, and the digests of all that it rests on as tags."""
    client().log_artifacts(tracking.run, str(at_rest(report.path)), artifact_path="report")
    for name, digest in digests.items():
        client().set_tag(tracking.run, f"digest.{name}", digest)


def _as_table(checks: list[Check]) -> str:
    rows = [f"| {check.rule} | {check.text} | {check.observed} | {', '.join(check.rows)} |" for check in checks]
    return "\n".join(["| rule | expectation | found | rows |", "| --- | --- | --- | --- |", *rows])
