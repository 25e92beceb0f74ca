"""Version: prepared rows in; a model trained, diagnosed, exported, evaluated and registered, and its report, out."""

import hashlib
from pathlib import Path

from flows.evaluation import Evaluated, evaluate_model
from flows.prepare import Prepared
from flows.promote import promote_finished
from paragraf.compare.finished import finished_tests
from paragraf.diagnose import Finding, read_history
from paragraf.export import Exported
from paragraf.jobs import warm_jobs
from paragraf.models import Model
from paragraf.remote import OpenAITraining, read_remote
from paragraf.report import Report, RunFacts, UpdateFacts
from paragraf.settings import Settings
from paragraf.snapshots import Splits
from paragraf.train.settings import TrainSettings
from paragraf.update.past import Making
from paragraf.versions import versions
from tasks.attach_report import attach_report
from tasks.diagnose import diagnose
from tasks.export import export
from tasks.register import Evidence, register
from tasks.report import report
from tasks.sources import source_digest
from tasks.track import track_report, track_training
from tasks.tracking import Tracking
from tasks.train import train
from tasks.train_elsewhere import train_elsewhere

_JOBS = ("paragraf.answering", "paragraf.train.child", "paragraf.export.child", "paragraf.baselines.choosing")


def make_version(run: str, data: Prepared, settings: Settings, tracking: Tracking) -> Report:
    """The second half of a row's way; what an earlier run finished is not done again."""
    with warm_jobs(*([] if data.base.elsewhere else _JOBS)):
        model = _trained(data, settings.train, tracking)
        track_training(tracking, model)
        findings = diagnose(model, settings.train)
        exported = export(model, data.splits.test, data.chats.framing, settings.export)
        found = evaluate_model(data, model, settings, tracking)
    digests = _digests(data, settings)
    version = register(tracking, model, digests, _evidence(run, settings, data, found), _making(data))
    published = report(_facts(run, settings, data, (model, exported), findings, found))
    track_report(tracking, published, digests)
    attach_report(version, published, tracking)
    promote_finished(version.number, found.decided.verdict.decision, settings.promotion)
    return published


def _evidence(run: str, settings: Settings, data: Prepared, found: Evaluated) -> Evidence:
    measured = {measure.name: measure.tuned.value for measure in found.scores.measures}
    return Evidence(
        verdict=found.decided.verdict,
        judged_over=found.judged_over,
        scores={name: value for name, value in measured.items() if value is not None},
        trained_on=f"{data.splits.train.rows} rows of {Path(settings.load.source).name}",
        run=run,
    )


def _trained(data: Prepared, settings: TrainSettings, tracking: Tracking) -> Model:
    if isinstance(settings, OpenAITraining):
        return train_elsewhere(data.chats, data.base, settings, tracking)
    return train(data.chats, data.base, settings, tracking)


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
        splits=_parts(data),
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
        update=_update(data, found),
        settings=settings.flat(),
        versions=versions(),
    )


def _parts(data: Prepared) -> Splits:
    """The parts as the report counts them: of an update, those of the new rows."""
    return data.origin.new if data.origin else data.splits


def _update(data: Prepared, found: Evaluated) -> UpdateFacts | None:
    if data.origin is None or found.updated is None:
        return None
    past, mix = data.origin.past, data.origin.mix
    return UpdateFacts(
        parent=past.parent,
        versions=[one.number for one in past.versions],
        new=mix.splits.train.rows - mix.replay.rows,
        replayed=mix.replay.rows,
        wanted=mix.wanted,
        scores=found.updated,
    )


def _making(data: Prepared) -> Making:
    return Making(
        corpus=data.origin.corpus if data.origin else data.clean.digest,
        splits=data.splits,
        parent=data.origin.past.parent if data.origin else "",
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
        "code": source_digest("flows.version"),
    }
