"""Alert: quality that falls while a model is trained, as a Prefect event and as a message to people."""

from collections.abc import Callable
from typing import Any

import httpx
from prefect.blocks.abstract import NotificationBlock, NotificationError
from prefect.blocks.core import Block
from prefect.events import emit_event

from paragraf.errors import BadSettings
from paragraf.jobs import Entry
from tasks.notify import send_of_run
from tasks.progress import Logger
from tasks.tracking import Tracking

EVENT = "paragraf.training."  # then "degraded" or "diverged"


def training_alerts(logger: Logger, tracking: Tracking, notify: str) -> Callable[[Entry], None]:
    """Hand on what the training says of its own quality; `notify` names a notification block of Prefect, or is empty.

    Raises:
        BadSettings: there is no such block.
    """
    block = _block(notify) if notify else None

    def on_entry(entry: Entry) -> None:
        kind = entry.get("reason") if entry.get("what") == "stopped" else entry.get("what")
        if kind not in ("degraded", "diverged"):
            return
        message = str(entry.get("message"))
        logger.warning("Quality: %s.", message.rstrip("."))
        resource = {"prefect.resource.id": f"paragraf.run.{tracking.run}", "prefect.resource.name": tracking.run}
        emit_event(f"{EVENT}{kind}", resource=resource, payload={"step": entry.get("step"), "message": message})
        send_of_run(logger, f"Paragraf: training {kind}", f"{message} (run {tracking.run})")
        if block:
            _tell(logger, block, f"Paragraf: training {kind}", message)

    return on_entry


def _block(name: str) -> NotificationBlock:
    try:
        found: object = Block.load(name)
    except ValueError as error:
        raise BadSettings(
            f"train.monitor.notify: Prefect has no block {name!r}; create it, or leave it out."
        ) from error
    if not isinstance(found, NotificationBlock):
        raise BadSettings(f"train.monitor.notify: {name!r} is no notification block.")
    return found


def _tell(logger: Logger, block: Any, subject: str, body: str) -> None:
    """Send a message; one that cannot be sent costs a warning and no training. The address may be secret: not told."""
    try:
        block.notify(body, subject)
    except (NotificationError, httpx.HTTPError, OSError, RuntimeError) as error:
        logger.warning("The message could not be sent (%s).", type(error).__name__)
