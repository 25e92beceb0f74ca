"""Run smoke test: the new champion is asked a few fixed questions, through the server that people ask."""

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

import paragraf.smoke_test
from paragraf.ask import VERSION, Asks, asker, asker_of, find_model
from paragraf.errors import ParagrafError
from paragraf.registry import CHAMPION
from paragraf.remote import read_remote
from paragraf.server.answering import behind_server
from tasks.fetch import fetch


@task(cache_policy=NO_CACHE)
def smoke_test(version: str, tokens: int) -> list[str]:
    """What is wrong with the answers of a version, in words; a model that can't be asked is wrong, too."""
    try:
        with _asked(fetch(f"{VERSION}{version}"), tokens) as asks:
            faults = paragraf.smoke_test.smoke_test(asks)
    except (ParagrafError, OSError, RuntimeError, ValueError) as error:  # whatever it is, this model doesn't answer
        faults = [f"it can't be asked: {type(error).__name__}: {error}"]
    asked = len(paragraf.smoke_test.QUESTIONS)
    get_run_logger().info("Smoke test of version %s: %s questions, %s faults.", version, asked, len(faults))
    return faults


@contextmanager
def _asked(name: str, tokens: int) -> Iterator[Asks]:
    """The model as people ask it: behind the server; one that answers elsewhere is asked there."""
    model = find_model(name)
    if model is None or read_remote(model):
        yield asker(name, tokens)
        return
    with behind_server(model, CHAMPION, tokens) as say:
        yield asker_of(say, model.framing)
