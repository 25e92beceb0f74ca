"""Run readiness: the checklist before a fine-tuning, answered and published."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from paragraf.readiness import ReadinessFacts, ReadinessReport, publish_readiness
from paragraf.workspace import at_rest


@task(cache_policy=NO_CACHE)
def readiness(facts: ReadinessFacts) -> ReadinessReport:
    """Say whether to fine-tune at all."""
    report = publish_readiness(facts)
    get_run_logger().info("%s: %s", report.decision, at_rest(report.path) / "readiness.html")
    return report
