"""Once: something to be made at an endpoint in, the one that is there out: looked for before and after every try."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from paragraf.errors import Unanswered, Unavailable

T = TypeVar("T")

_TRIES = 3
_LOOKS = 4  # after a try that nobody knows the outcome of
_LONGEST_WAIT = 120.0  # seconds that an endpoint may ask for; who is asked to wait longer comes back with the next run


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and for how long in all; the clock never goes back, whatever the day's time does.

    Attributes:
        pause_seconds: the first wait after a fault; each further one is twice as long.
        misses: looks at a job in a row that may fail.
    """

    poll_seconds: float = 10.0
    deadline_seconds: float = 86_400.0
    pause_seconds: float = 1.0
    misses: int = 12
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def wait(self, number: int, fault: Unavailable | None = None) -> None:
        """Wait after the fault with this number (from 1), at least as long as the endpoint asks for.

        Raises:
            Unavailable: the fault itself, if the endpoint asks to be left alone for long.
        """
        asked = fault.wait_seconds if fault else 0.0
        if fault and asked > _LONGEST_WAIT:
            raise fault
        self.sleep(max(asked, min(self.pause_seconds * 2 ** (number - 1), 60.0)))


def ensure(find: Callable[[], T | None], make: Callable[[], T], patience: Patience) -> T:
    """What `find` finds, else what `make` makes.

    After a try whose outcome is unknown nothing is made again: it is looked for, and left to the next run.

    Raises:
        Unavailable: the endpoint is in no state to make it, or does not say whether it did.
    """
    for number in range(1, _TRIES + 1):
        if (found := find()) is not None:
            return found
        try:
            return make()
        except Unanswered as fault:
            return _looked_for(find, fault, patience)
        except Unavailable as fault:
            if number == _TRIES:
                raise
            patience.wait(number, fault)
    raise AssertionError("unreachable")


def _looked_for(find: Callable[[], T | None], fault: Unanswered, patience: Patience) -> T:
    for number in range(1, _LOOKS + 1):
        patience.wait(number)
        try:
            found = find()
        except Unavailable:
            continue
        if found is not None:
            return found
    raise Unanswered(f"{fault} Nothing was sent twice; the next run looks for it first.")
