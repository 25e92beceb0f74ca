"""Finetune: raw legal questions and answers in, a fine-tuned, evaluated and registered model with its report out."""

from prefect import flow

from flows.prepare import prepare_rows
from flows.version import make_version
from paragraf.remote import OpenAITraining
from paragraf.report import Report
from paragraf.settings import Settings
from tasks.check_endpoint import check_endpoint
from tasks.run_book import run_book


@flow(name="finetune")
def finetune(settings: Settings = Settings()) -> Report:  # noqa: B008  # frozen, and the form shows its values
    """The whole way of a row; what an earlier run finished is not done again."""
    with run_book("finetune", settings) as (run, tracking):
        if isinstance(settings.train, OpenAITraining):
            check_endpoint(settings.train)
        data = prepare_rows(settings, tracking)
        return make_version(run.name, data, settings, tracking)
