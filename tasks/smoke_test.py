"""Run smoke test: the new champion is asked a few fixed questions."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.smoke_test
from paragraf.ask import VERSION, asker
from paragraf.errors import ParagrafError
from tasks.fetch import fetch


@task(cache_policy=NO_CACHE)
def smoke_test(version: str, tokens: int) -> list[str]:
    """What is wrong with the answers of a version, in words; a model that can't be asked is wrong, too."""
    try:
        faults = paragraf.smoke_test.smoke_test(asker(fetch(f"{VERSION}{version}"), tokens))
    except (ParagrafError, OSError, RuntimeError, ValueError) as error:  # whatever it is, this model doesn't answer
        faults = [f"it can't be asked: {type(error).__name__}: {error}"]
    asked = len(paragraf.smoke_test.QUESTIONS)
    get_run_logger().info("Smoke test of version %s: %s questions, %s faults.", version, asked, len(faults))
    return faults
