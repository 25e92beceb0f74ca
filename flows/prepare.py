"""Prepare: raw rows in, validated and formatted chat files out; no model is trained."""

from prefect import flow
from pydantic import BaseModel, ConfigDict

from paragraf.format import Chats
from paragraf.models import Base
from paragraf.remote import OpenAITraining, base_elsewhere
from paragraf.settings import Settings
from paragraf.snapshots import Snapshot, Splits
from paragraf.validate import Ages
from paragraf.verdict import Verdict
from tasks.augment import augment
from tasks.canaries import canaries
from tasks.clean import clean
from tasks.format import format_chats
from tasks.load import load
from tasks.preflight import preflight
from tasks.recall import recall
from tasks.run_book import run_book
from tasks.split import split
from tasks.track import track_data
from tasks.tracking import Tracking
from tasks.validate import validate
from tasks.work import Work


class Prepared(BaseModel):
    """What the data stages made, and the base model that the rows were formatted for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Base
    raw: Snapshot
    clean: Snapshot
    splits: Splits
    verdict: Verdict
    planted: Snapshot
    chats: Chats


@flow(name="prepare")
def prepare(settings: Settings = Settings()) -> Chats:  # noqa: B008  # frozen, and the form shows its values
    """The data stages alone: what a file holds and whether it is fit for training."""
    with run_book("prepare", settings) as (_, tracking):
        return prepare_rows(settings, tracking).chats


def prepare_rows(settings: Settings, tracking: Tracking) -> Prepared:
    """From the source to chat files; parts are assigned before anything is derived from a row."""
    checklist = preflight(
        settings.preflight,
        settings.load.source,
        settings.measured_by(),
        settings.named_files(),
        settings.endpoints(),
    )
    assert checklist.base is not None  # asked for by name  # noqa: S101
    base = checklist.base
    if isinstance(settings.train, OpenAITraining):
        base = base_elsewhere(base, settings.train)
    work = Work(name=settings.runner)
    raw = load(settings.load, checklist.source)
    corpus = clean(raw, settings.clean, work)
    parts = split(corpus, recall(corpus, settings.split), settings.split, work)
    parts = parts.with_train(augment(parts, settings.augment, work))
    verdict = validate(Ages(raw, corpus, parts), base, settings.format.framing(), settings.validation, work)
    planted = canaries(corpus, settings.format)
    chats = format_chats(parts, planted, base, settings.format, work)
    track_data(tracking, raw, parts, verdict, chats)
    return Prepared(base=base, raw=raw, clean=corpus, splits=parts, verdict=verdict, planted=planted, chats=chats)
