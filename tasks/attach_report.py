"""Run attach report: a registered version told where its report and its model card are."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from paragraf.report import Report
from tasks.register import Version
from tasks.tracking import Tracking, client


@task(cache_policy=NO_CACHE)
def attach_report(version: Version, report: Report, tracking: Tracking) -> None:
    """Set the version's tags `report` (a folder of the workspace) and `card` (a file of the MLflow run)."""
    for name, value in {"report": report.path, "card": f"runs:/{tracking.run}/report/model_card.md"}.items():
        client().set_model_version_tag(version.name, version.number, name, value)
