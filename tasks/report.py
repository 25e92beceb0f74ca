"""Run report: the page of a finished run."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.report
from paragraf.events import record_event
from paragraf.report import Report, RunFacts
from paragraf.workspace import at_rest


@task(cache_policy=NO_CACHE)
def report(facts: RunFacts) -> Report:
    """Publish the report; called after the model is registered, so that no page can cost a model."""
    published = paragraf.report.report(facts)
    record_event("report_published", {"run": facts.run, "path": published.path})
    get_run_logger().info("%s", at_rest(published.path) / "report.html")
    return published
