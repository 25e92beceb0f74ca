"""Inbox: files that come into the workspace's inbox in; for each content an event, which automations answer, out."""

import sys
import time
from collections.abc import Callable

import httpx

from paragraf.errors import ParagrafError
from paragraf.holding import held
from paragraf.inbox import Arrival, Watch, inbox
from paragraf.workspace import home
from tasks.inbox import emit_arrival

_INTERVAL_SECONDS = 2.0  # listing a folder costs next to nothing, and works on network file systems, too

Tell = Callable[[str], None]


def watch_inbox(tell: Tell) -> None:
    """Look again and again, until the process is ended; what came while nobody looked is found, too.

    Raises:
        Busy: another process watches this inbox.
    """
    with held(home() / "locks" / "inbox.lock", f"{inbox()}: another process watches it; end that one first."):
        inbox().mkdir(parents=True, exist_ok=True)
        tell(f"Watching {inbox()}.")
        watch, is_heard = Watch(), True
        while True:
            found = watch.look(time.time())
            for line in found.left_out:
                tell(line)
            for arrival in found.arrived:
                was_heard, is_heard = is_heard, _sent(arrival)
                if is_heard:
                    watch.tell(arrival)
                    tell(f"Told of {arrival.name}: {arrival.size} bytes, {arrival.digest[:12]}.")
                elif was_heard:
                    tell(f"The Prefect server does not take the event of {arrival.name}; trying again.")
            time.sleep(_INTERVAL_SECONDS)


def _sent(arrival: Arrival) -> bool:
    try:
        emit_arrival(arrival)
    except httpx.HTTPError:  # a server that is away comes back
        return False
    return True


def _tell(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}  {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        watch_inbox(_tell)
    except ParagrafError as error:
        _tell(f"error: {error}")
        sys.exit(error.exit_code)
