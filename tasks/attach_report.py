"""Run attach report: a registered version told where its report and its model card are, and shown in Prefect."""

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from paragraf.report import Report
from paragraf.workspace import at_rest
from tasks.register import Version
from tasks.registry import find_version
from tasks.tracking import Tracking, client


@task(cache_policy=NO_CACHE)
def attach_report(version: Version, report: Report, tracking: Tracking) -> None:
    """Set the version's tags `report` (a folder of the workspace) and `card` (a file of the MLflow run).

    What the run made is an artifact of it, too, in the words of who decides on it.
    """
    for name, value in {"report": report.path, "card": f"runs:/{tracking.run}/report/model_card.md"}.items():
        client().set_model_version_tag(version.name, version.number, name, value)
    found = find_version(version.number)
    page = f"Raport: `{at_rest(report.path) / 'report.html'}`, także w MLflow przy przebiegu {tracking.run}."
    create_markdown_artifact(
        f"## Wersja {version.number}\n\n{found.facts()}\n\n{page}", key="version", description="Nowa wersja modelu."
    )
