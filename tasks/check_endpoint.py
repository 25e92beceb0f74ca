"""Run check endpoint: always asks the endpoint anew."""

from datetime import UTC, datetime

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.remote.preflight
from paragraf.remote import OpenAITraining


@task(cache_policy=NO_CACHE)
def check_endpoint(settings: OpenAITraining) -> None:
    """Stop before any work where the endpoint would not train; warn of what ends soon."""
    logger = get_run_logger()
    for warning in paragraf.remote.preflight.check(settings, datetime.now(UTC).date()):
        logger.warning("%s", warning)
