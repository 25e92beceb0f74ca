"""Prepare: raw rows in, validated and formatted chat files out; no model is trained."""

from typing import NamedTuple

from prefect import flow
from pydantic import BaseModel, ConfigDict

from paragraf.format import Chats
from paragraf.models import Base
from paragraf.remote import OpenAITraining, base_elsewhere
from paragraf.settings import Settings
from paragraf.snapshots import Snapshot, Splits
from paragraf.update.mix import Origin
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
    origin: Origin | None = None  # of an update


@flow(name="prepare")
def prepare(settings: Settings = Settings()) -> Chats:  # noqa: B008  # frozen, and the form shows its values
    """The data stages alone: what a file holds and whether it is fit for training."""
    with run_book("prepare", settings) as (_, tracking):
        return prepare_rows(settings, tracking).chats


class Begun(NamedTuple):
    """Rows that were read and cleaned, the base model they are for, and where they are worked on."""

    base: Base
    raw: Snapshot
    clean: Snapshot
    work: Work


def prepare_rows(settings: Settings, tracking: Tracking) -> Prepared:
    """From the source to chat files; parts are assigned before anything is derived from a row."""
    begun = clean_rows(settings)
    parts = split_rows(begun.clean, settings, begun.work)
    parts = parts.with_train(augment(parts, settings.augment, begun.work))
    return format_rows(begun, Ages(begun.raw, begun.clean, parts), settings, tracking)


def clean_rows(settings: Settings) -> Begun:
    """From the source to whole rows."""
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
    return Begun(base, raw, clean(raw, settings.clean, work), work)


def split_rows(corpus: Snapshot, settings: Settings, work: Work) -> Splits:
    """Parts as earlier runs know them, and by the hash of their groups."""
    return split(corpus, recall(corpus, settings.split), settings.split, work)


def format_rows(begun: Begun, ages: Ages, settings: Settings, tracking: Tracking) -> Prepared:
    """From parts to a verdict on them and chat files."""
    base, raw, corpus, work = begun
    verdict = validate(ages, base, settings.format.framing(), settings.validation, work)
    planted = canaries(corpus, settings.format)
    chats = format_chats(ages.splits, planted, base, settings.format, work)
    track_data(tracking, raw, ages.splits, verdict, chats)
    return Prepared(base=base, raw=raw, clean=corpus, splits=ages.splits, verdict=verdict, planted=planted, chats=chats)
