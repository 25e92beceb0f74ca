"""Checkpoints: sealed states of a training run; the newest whole one is where a killed run goes on."""

import logging
import shutil
from pathlib import Path

from paragraf.publish import is_whole

KEPT = 2  # the newest and one before it, should the newest be damaged at rest
_PREFIX = "step-"

logger = logging.getLogger(__name__)


def folder_of(checkpoints: Path, step: int) -> Path:
    """Where the checkpoint of a step is published."""
    return checkpoints / f"{_PREFIX}{step:08d}"


def newest_whole(checkpoints: Path) -> Path | None:
    """The state to resume from: the highest step whose files are whole; damaged ones are named and removed."""
    for folder in reversed(_by_step(checkpoints)):
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


def _by_step(checkpoints: Path) -> list[Path]:
    return sorted(checkpoints.glob(f"{_PREFIX}*"))
