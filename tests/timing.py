"""Timing: whether work grows with its size, told as a ratio; no test asks for seconds."""

import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of some work, the least of three: a collection of garbage may fall into one."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(3))


def is_in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size takes nowhere near sixteen times the time; very short work always does."""
    return seconds(lambda: work(4 * size)) < 10 * seconds(lambda: work(size)) + 0.2
