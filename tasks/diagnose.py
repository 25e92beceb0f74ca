"""Run diagnose: what the training history shows."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.diagnose
from paragraf.diagnose import Finding
from paragraf.models import Model
from paragraf.train import TrainSettings


@task(cache_policy=NO_CACHE)
def diagnose(model: Model, settings: TrainSettings) -> list[Finding]:
    """Name the problems that stand out; none stops the run."""
    findings = paragraf.diagnose.diagnose(paragraf.diagnose.read_kept(model, settings))
    logger = get_run_logger()
    for finding in findings:
        logger.warning("%s: %s; %s.", finding.problem, finding.symptom, finding.advice)
    if not findings:
        logger.info("Nothing stands out in the training history.")
    return findings
