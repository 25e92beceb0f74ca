"""Pauses: at which steps of a run quality is measured, and where a run stops that is to do a share of its steps."""

import math
from typing import NamedTuple


class Until(NamedTuple):
    """How far to train: a share (0 to 1] of the run's steps, on so many threads (0: one a core)."""

    share: float
    threads: int = 0


def is_point(step: int, of: int, points: int) -> bool:
    """Whether quality is measured after this step: at points that are spread evenly, the last step among them."""
    return step in {math.ceil(of * number / points) for number in range(1, points + 1)}


def pause_step(of: int, share: float) -> int:
    """The step at which a run pauses that is to do a share (0 to 1] of its steps."""
    return max(1, round(of * share))
