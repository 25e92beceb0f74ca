"""Pauses: at which steps of a run quality is measured, and where a run stops that is to do a share of its steps."""

import math
from collections.abc import Callable
from functools import cache
from itertools import accumulate
from typing import NamedTuple

Pause = Callable[[int], int]
"""How many steps a run has in all -> the step that it ends at for now."""


def at_the_end(of: int) -> int:
    """No pause."""
    return of


class Until(NamedTuple):
    """How far to train: a share (0 to 1] of the run's steps, on so many threads (0: one a core)."""

    share: float
    threads: int = 0


def is_point(step: int, of: int, points: int) -> bool:
    """Whether quality is measured after this step: at points that are spread evenly, the last step among them."""
    return step in {math.ceil(of * number / points) for number in range(1, points + 1)}


@cache
def pause_step(of: int, share: float, warmup_share: float = 0.0) -> int:
    """The step at which a run pauses that is to do a share (0 to 1] of what it has to learn.

    With a warm-up it goes on until its rates have summed up to what they would be without one: the first steps of a
    warm-up change next to nothing (the very first, nothing), and a loss measured there would tell of that alone.
    """
    wanted = sum(_rates(of, 0.0)[: max(1, round(of * share))])
    learned = enumerate(accumulate(_rates(of, warmup_share)), start=1)
    return min(learned, key=lambda at: (abs(at[1] - wanted), -at[0]))[0]


def _rates(of: int, warmup_share: float) -> list[float]:
    """The rate of every step as a share of its peak: a straight rise, then half a cosine."""
    rise = math.ceil(of * warmup_share)
    fall = [0.5 + 0.5 * math.cos(math.pi * at / (of - rise)) for at in range(of - rise)]
    return [at / rise for at in range(rise)] + fall
