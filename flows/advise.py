"""Advise: raw rows and settings in; which settings fit this machine, and how long they take, out."""

from prefect import flow

import tasks.advise
from flows.prepare import prepare_rows
from paragraf.advise import Advice
from paragraf.settings import Settings
from paragraf.train.settings import trained_here
from tasks.run_book import run_book


@flow(name="advise")
def advise(settings: Settings = Settings()) -> Advice:  # noqa: B008  # frozen, and the form shows its values
    """The data stages, then a few real training steps; nothing is trained."""
    with run_book("advise", settings) as (_, tracking):
        data = prepare_rows(settings, tracking)
        return tasks.advise.advise(data.chats, data.base, trained_here(settings.train, "advise"))
