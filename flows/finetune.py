"""Finetune: raw legal questions and answers in, a fine-tuned, evaluated and registered model with its report out."""

import hashlib
from pathlib import Path

from prefect import flow

from flows.evaluation import Evaluated, evaluate_model
from flows.prepare import Prepared, prepare_rows
from flows.promote import promote_finished
from paragraf.compare.finished import finished_tests
from paragraf.diagnose import Finding, read_history
from paragraf.export import Exported
from paragraf.jobs import warm_jobs
from paragraf.models import Model
from paragraf.remote import OpenAITraining, read_remote
from paragraf.report import Report, RunFacts
from paragraf.settings import Settings
from paragraf.train.settings import TrainSettings
from paragraf.versions import versions
from tasks.attach_report import attach_report
from tasks.check_endpoint import check_endpoint
from tasks.diagnose import diagnose
from tasks.export import export
from tasks.register import Evidence, register
from tasks.report import report
from tasks.run_book import run_book
from tasks.sources import source_digest
from tasks.track import track_report, track_training
from tasks.tracking import Tracking
from tasks.train import train
from tasks.train_elsewhere import train_elsewhere

_JOBS = ("paragraf.answering", "paragraf.train.child", "paragraf.export.child", "paragraf.baselines.choosing")


@flow(name="finetune")
def finetune(settings: Settings = Settings()) -> Report:  # noqa: B008  # frozen, and the form shows its values
    """The whole way of a row; what an earlier run finished is not done again."""
    with run_book("finetune", settings) as (run, tracking):
        if isinstance(settings.train, OpenAITraining):
            check_endpoint(settings.train)
        data = prepare_rows(settings, tracking)
        with warm_jobs(*([] if data.base.elsewhere else _JOBS)):
            model = _trained(data, settings.train, tracking)
            track_training(tracking, model)
            findings = diagnose(model, settings.train)
            exported = export(model, data.splits.test, data.chats.framing, settings.export)
            found = evaluate_model(data, model, settings, tracking)
        digests = _digests(data, settings)
        version = register(tracking, model, digests, _evidence(run.name, settings, data, found))
        published = report(_facts(run.name, settings, data, (model, exported), findings, found))
        track_report(tracking, published, digests)
        attach_report(version, published, tracking)
        promote_finished(version.number, found.decided.verdict.decision, settings.promotion)
        return published


def _trained(data: Prepared, settings: TrainSettings, tracking: Tracking) -> Model:
    if isinstance(settings, OpenAITraining):
        return train_elsewhere(data.chats, data.base, settings, tracking)
    return train(data.chats, data.base, settings, tracking)


def _evidence(run: str, settings: Settings, data: Prepared, found: Evaluated) -> Evidence:
    measured = {measure.name: measure.tuned.value for measure in found.scores.measures}
    return Evidence(
        verdict=found.decided.verdict,
        judged_over=found.judged_over,
        scores={name: value for name, value in measured.items() if value is not None},
        trained_on=f"{data.splits.train.rows} rows of {Path(settings.load.source).name}",
        run=run,
    )


def _facts(
    run: str,
    settings: Settings,
    data: Prepared,
    made: tuple[Model, Exported],
    findings: list[Finding],
    found: Evaluated,
) -> RunFacts:
    model, exported = made
    return RunFacts(
        run=run,
        source=settings.load.source,
        raw=data.raw,
        clean=data.clean,
        splits=data.splits,
        train=data.splits.train,
        verdict=data.verdict,
        chats=data.chats,
        model=model,
        remote=read_remote(model),
        exported=exported,
        history=read_history(model),
        findings=findings,
        scores=found.scores,
        safety=found.safety,
        contest=found.contest,
        judged=found.judged,
        blind_tests=finished_tests(Path(model.path).name),
        decided=found.decided,
        settings=settings.flat(),
        versions=versions(),
    )


def _digests(data: Prepared, settings: Settings) -> dict[str, str]:
    """What made the model, by name."""
    return {
        "raw": data.raw.digest,
        "corpus": data.clean.digest,
        "splits": data.splits.content(),
        "chats": data.chats.digest,
        "base": data.base.digest,
        "tokenizer": data.base.tokenizer,
        "template": data.base.template,
        "settings": hashlib.sha256(settings.model_dump_json().encode()).hexdigest(),
        "code": source_digest("flows.finetune"),
    }
