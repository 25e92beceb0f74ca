"""Run publish_search: the page of a finished search, and the settings that it found."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.search.page
from paragraf.events import record_event
from paragraf.search.choice import SearchResult
from paragraf.search.page import SearchReport
from paragraf.search.settings import SweepSettings
from paragraf.workspace import at_rest


@task(cache_policy=NO_CACHE)
def publish_search(run: str, result: SearchResult, settings: SweepSettings) -> SearchReport:
    """Publish the page with its figures, and the best settings as a file that `paragraf finetune` takes."""
    published = paragraf.search.page.publish_search(run, result, settings)
    record_event("search_published", {"run": run, "path": published.path})
    get_run_logger().info("%s", result.summary())
    get_run_logger().info("%s", at_rest(published.path) / "search.html")
    return published
