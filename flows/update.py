"""Update: new rows in, the champion trained on with them and with rows that it knows, evaluated and registered, out."""

import time
from typing import NamedTuple

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.prepare import Begun, Prepared, clean_rows, format_rows, split_rows
from flows.version import make_version
from paragraf.inbox import is_empty
from paragraf.report import Report
from paragraf.snapshots import Snapshot
from paragraf.update.mix import Origin
from paragraf.update.past import Past
from paragraf.update.settings import UpdateSettings
from paragraf.update.waiting import Waiting
from paragraf.validate import Ages
from tasks.augment import augment
from tasks.past import past as recall_past
from tasks.remember import remember
from tasks.run_book import run_book
from tasks.sift import sift
from tasks.track import track_waiting
from tasks.tracking import Tracking


@flow(name="update")
def update(settings: UpdateSettings = UpdateSettings()) -> Report | State[Waiting]:  # noqa: B008  # frozen, and the form shows its values
    """The way of new rows beside old ones; with too few of them nothing is written down, so they are new next time."""
    with run_book("update", settings) as (run, tracking):
        news = new_rows(settings)
        waiting = waiting_of(news, settings)
        if news is None or not waiting.is_over():
            get_run_logger().info("%s", waiting.summary())
            track_waiting(tracking, waiting)
            return Completed(name="Waiting", message=waiting.summary(), data=waiting)
        begun, past, new = news
        data = _mixed(begun._replace(clean=new), begun.clean.digest, past, settings, tracking)
        return make_version(run.name, data, settings.trained_from(past.begun_with().model.path), tracking)


class News(NamedTuple):
    """All rows of a source, the versions before, and the rows that these have not met."""

    begun: Begun
    past: Past
    new: Snapshot


def new_rows(settings: UpdateSettings) -> News | None:
    """What no version has met; None where the source is an inbox with nothing in it."""
    if is_empty(settings.load.source, time.time()):
        return None
    begun = clean_rows(settings)
    past = recall_past(begun.clean.digest, begun.base, settings.format.framing())
    return News(begun, past, sift(begun.clean, past, settings.validation.leak_similarity, begun.work))


def waiting_of(news: News | None, settings: UpdateSettings) -> Waiting:
    """How many rows are new, and how many are needed."""
    needed = settings.update.min_rows
    return Waiting(rows=news.new.rows, needed=needed, dropped=news.new.dropped) if news else Waiting.nothing(needed)


def _mixed(begun: Begun, corpus: str, past: Past, settings: UpdateSettings, tracking: Tracking) -> Prepared:
    """From new rows to chat files that hold old ones, too."""
    parts = split_rows(begun.clean, settings, begun.work)
    grown = parts.with_train(augment(parts, settings.augment, begun.work))
    mix = remember(grown, past, settings.update, settings.validation.leak_similarity, begun.work)
    ages = Ages(begun.raw, begun.clean, mix.splits, tuple(past.rows("valid", "test")))
    data = format_rows(begun, ages, settings, tracking)
    return data.model_copy(update={"origin": Origin(corpus=corpus, past=past, mix=mix, new=parts)})
