"""Run preflight: always asks the machine anew."""

from collections.abc import Sequence

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.preflight
from paragraf.generator import OpenAISettings
from paragraf.preflight import Checklist, PreflightSettings


@task(cache_policy=NO_CACHE)
def preflight(
    settings: PreflightSettings,
    source: str,
    base_model: str | None,
    named: Sequence[tuple[str, str]],
    endpoints: Sequence[OpenAISettings],
) -> Checklist:
    """Stop before any work where something is missing; warn where it is tight."""
    checklist = paragraf.preflight.preflight(settings, source, base_model, named, endpoints)
    logger = get_run_logger()
    logger.info("%s", checklist.summary())
    for warning in checklist.warnings:
        logger.warning("%s", warning)
    return checklist
