"""Progress: journal entries of long work as lines of the log, a few a minute, and as metrics."""

import logging
import time
from collections.abc import Callable

from paragraf.jobs import Entry
from tasks.tracking import Tracking

Logger = logging.Logger | logging.LoggerAdapter[logging.Logger]

_SECONDS_BETWEEN_LINES = 10.0
_NO_MEASUREMENT = {"step", "of", "seconds_left"}


def training_progress(logger: Logger, tracking: Tracking, who: str = "") -> Callable[[Entry], None]:
    """Log every validation and, now and then, a step of the training (`who`, if there are several) and its numbers.

    Every number goes to MLflow.
    """
    may_speak = _Pace()

    def on_entry(entry: Entry) -> None:
        if "what" in entry:
            return
        measured = {
            name: float(value)
            for name, value in entry.items()
            if name not in _NO_MEASUREMENT and isinstance(value, (int, float))
        }
        tracking.log({f"train/{name}": value for name, value in measured.items()}, step=int(entry["step"] or 0))
        if may_speak(urgent="validation_loss" in measured):
            numbers = "  ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in measured.items())
            logger.info(
                "%sstep %s of %s  %s%s", who, entry["step"], entry["of"], numbers, _time_left(entry.get("seconds_left"))
            )

    return on_entry


def remote_progress(logger: Logger, tracking: Tracking) -> Callable[[Entry], None]:
    """As `training_progress`, and every message of the endpoint."""
    measured = training_progress(logger, tracking)

    def on_entry(entry: Entry) -> None:
        if entry.get("what") == "status":
            logger.info("Job status: %s.", entry["status"])
        elif entry.get("what") == "message":
            is_bad = entry["level"] in ("warn", "warning", "error")
            (logger.warning if is_bad else logger.info)("%s", entry["message"])
        else:
            measured(entry)

    return on_entry


def counting_progress(logger: Logger) -> Callable[[Entry], None]:
    """Log, now and then, how much of a counted job is done."""
    may_speak = _Pace()

    def on_entry(entry: Entry) -> None:
        if may_speak(urgent=entry["done"] == entry["of"]):
            logger.info("%s: %s of %s", entry["what"], entry["done"], entry["of"])

    return on_entry


def probe_progress(logger: Logger) -> Callable[[Entry], None]:
    """Log every step of a probe: there are few, and each may take long."""

    def on_entry(entry: Entry) -> None:
        name = entry["candidate"]
        if entry["what"] == "machine":
            logger.info("%s: %.1f GiB are free on %s.", name, entry["free_gib"], entry["device"])
        elif entry["what"] == "step":
            seconds = float(entry["seconds"] or 0)
            logger.info("%s: step %s of %s  %.1f s", name, entry["step"], entry["of"], seconds)
        elif entry["what"] == "peak":
            logger.info("%s: %.1f GiB at most.", name, entry["gib"])
        else:
            logger.warning("%s: %s.", name, entry["message"])

    return on_entry


class _Pace:
    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, urgent: bool) -> bool:
        if not urgent and time.monotonic() - self._last < _SECONDS_BETWEEN_LINES:
            return False
        self._last = time.monotonic()
        return True


def _time_left(seconds: float | int | str | None) -> str:
    if not isinstance(seconds, (int, float)):
        return ""
    return f"  {int(seconds) // 60}:{int(seconds) % 60:02d} left"
