"""Waiting in tests for what another process or thread does."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_for(reached: Callable[[], Found], seconds: float = 90, told: Callable[[], object] | None = None) -> Found:
    """What comes, as soon as it is anything; `told` says more where it does not come in time."""
    end = time.monotonic() + seconds
    while not (found := reached()):
        assert time.monotonic() < end, told() if told else "it never came"
        time.sleep(0.05)
    return found
