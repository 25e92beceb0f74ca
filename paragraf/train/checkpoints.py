"""Checkpoints: sealed states of a training run: the newest whole one to go on from, the best ones to keep."""

import logging
import shutil
from pathlib import Path

from paragraf.history import Point
from paragraf.publish import is_whole

KEPT = 2  # the newest and one before it, should the newest be damaged at rest
POINT = "point.json"  # what was measured of a kept state
_PREFIX = "step-"
_BEST = "best"

logger = logging.getLogger(__name__)


def folder_of(checkpoints: Path, step: int) -> Path:
    """Where the checkpoint of a step is published."""
    return checkpoints / f"{_PREFIX}{step:08d}"


def newest_whole(checkpoints: Path, until: int | None = None) -> Path | None:
    """The state to resume from: the highest step (up to `until`) that is whole; damaged ones are named and removed."""
    for folder in reversed(_by_step(checkpoints, until)):
        state = next(folder.glob("checkpoint-*"), None)
        if state and is_whole(folder):
            return state
        logger.warning("%s does not match its manifest and is removed.", folder)
        shutil.rmtree(folder)
    return None


def rotate(checkpoints: Path) -> None:
    """Remove all but the newest by step number; file times lie after a clock change."""
    for folder in _by_step(checkpoints)[:-KEPT]:
        shutil.rmtree(folder)


def go_back(checkpoints: Path, step: int) -> None:
    """Remove what lies after the last step that a training may go on from: it has to come again to what follows."""
    for folder in set(_by_step(checkpoints)).difference(_by_step(checkpoints, step)):
        shutil.rmtree(folder)


def kept_state(work: Path, step: int) -> Path:
    """Where the weights of a step that was the best so far are published."""
    return folder_of(work / _BEST, step)


def kept_point(work: Path, before: int | None = None) -> Point | None:
    """What was measured of the newest kept state (before a step), which is the best one."""
    for folder in reversed(_by_step(work / _BEST)):
        if is_whole(folder):
            point = Point.model_validate_json((folder / POINT).read_bytes())
            if before is None or point.step < before:
                return point
    return None


def kept_states(work: Path) -> list[tuple[Point, Path]]:
    """The whole ones among the kept states, in the order of their steps."""
    whole = [folder for folder in _by_step(work / _BEST) if is_whole(folder)]
    return [(Point.model_validate_json((folder / POINT).read_bytes()), folder) for folder in whole]


def _by_step(checkpoints: Path, until: int | None = None) -> list[Path]:
    found = sorted(checkpoints.glob(f"{_PREFIX}*"))
    return found if until is None else [folder for folder in found if folder.name <= folder_of(checkpoints, until).name]
