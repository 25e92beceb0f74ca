"""Finished blind tests: a model in, what people said of it in the tests that have ended, the newest first, out."""

import logging

from paragraf.compare.unsealing import Comparison
from paragraf.errors import Damaged
from paragraf.events import read_events
from paragraf.publish import verify
from paragraf.workspace import at_rest

PUBLISHED = "comparison_published"

logger = logging.getLogger(__name__)


def finished_tests(side: str) -> list[Comparison]:
    """The results in which this model, by its folder's name, was a side; one that is damaged or gone is left out."""
    paths = {str(event["test"]): str(event["path"]) for event in read_events(PUBLISHED)}  # the last of each
    found = [result for path in paths.values() if (result := _read(path))]
    about_it = [result for result in found if side in (result.first, result.second)]
    return sorted(about_it, key=lambda result: result.closed_at, reverse=True)


def _read(path: str) -> Comparison | None:
    folder = at_rest(path)
    try:
        verify(folder)
        return Comparison.model_validate_json((folder / "comparison.json").read_bytes())
    except (Damaged, ValueError) as error:
        logger.warning("A blind test is left out of the report: %s", error)
        return None
