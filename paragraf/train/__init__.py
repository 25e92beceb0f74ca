"""Train: chats in, a fine-tuned model out, resumed from the last good checkpoint after any crash."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from paragraf.errors import Damaged, Diverged, MissingInput
from paragraf.format import Chats
from paragraf.history import Entry as Told
from paragraf.history import read_entries, stop_of
from paragraf.jobs import JOURNAL, ORDER, Entry, run_job, threads
from paragraf.models import Base, Model
from paragraf.publish import is_whole, verify
from paragraf.train.launch import configuration, launched
from paragraf.train.pauses import Until, pause_step
from paragraf.train.settings import (
    FullSettings,
    LocalTraining,
    LoraSettings,
    MonitorSettings,
    TrainOrder,
    TrainSettings,
)
from paragraf.workspace import at_rest, home, relative

__all__ = [
    "FullSettings",
    "LocalTraining",
    "LoraSettings",
    "MonitorSettings",
    "Progress",
    "TrainSettings",
    "Until",
    "order_of",
    "train",
    "train_until",
    "training_folder",
]


_CHILD = "paragraf.train.child"


class Progress(BaseModel):
    """Where a training pauses.

    Attributes:
        share: of the run's optimiser steps that are done (0 to 1].
        rows: rows trained on so far, repeated ones counted again.
        seconds: CPU seconds of the leg that came here; 0 if it is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float
    step: int
    validation_loss: float
    rows: int
    seconds: float


def train(chats: Chats, base: Base, settings: LocalTraining, on_entry: Callable[[Entry], None]) -> Model:
    """Fine-tune the base on the training chats in a child process; each journal entry goes to `on_entry`.

    Raises:
        Diverged: a loss, gradient or weight was not finite.
        ChildFailed: the child was killed; run again to go on from its last checkpoint.
    """
    work = training_folder(chats, base, settings)
    final = home() / "models" / f"{settings.backend}-{work.name}"
    if not is_whole(final):
        _run(chats, base, settings, Until(1.0), on_entry)
    return Model(path=relative(final), digest=verify(final), base=base, backend=settings.backend, framing=chats.framing)


def train_until(
    chats: Chats, base: Base, settings: LocalTraining, until: Until, on_entry: Callable[[Entry], None]
) -> Progress:
    """Train, or go on training, until a share of the run's steps is done, and pause there with a sealed checkpoint.

    Raises:
        Diverged: as `train`, and if the run was stopped before, because quality fell.
        ChildFailed: as `train`.
    """
    journal = training_folder(chats, base, settings) / JOURNAL
    measured = _measured(journal, settings, until)
    if measured is None:
        _run(chats, base, settings, until, on_entry)
        measured = _measured(journal, settings, until)
    if measured is None and (stop := stop_of(read_entries(journal))):
        raise Diverged(f"stopped at step {stop.step} of {stop.of}: {stop.message}.")
    if measured is None:
        raise Damaged(f"{journal}: holds no validation loss; delete {journal.parent} and run again.")
    legs = [entry for entry in read_entries(journal) if entry.get("what") == "leg"]
    seconds = [float(leg["cpu_seconds"]) for leg in legs if leg["step"] == measured["step"]]
    return Progress(
        share=until.share,
        step=measured["step"],
        validation_loss=measured["validation_loss"],
        rows=min(measured["step"] * settings.batch_size, round(settings.epochs * chats.rows["train"])),
        seconds=seconds[-1] if seconds else 0.0,
    )


def _measured(journal: Path, settings: LocalTraining, until: Until) -> Told | None:
    """What was measured where a run pauses; another training of the same may be ahead of it."""
    pause = partial(pause_step, share=until.share, warmup_share=settings.warmup_share)
    for entry in reversed(read_entries(journal)):
        if entry.get("validation_loss") is not None and entry["step"] == pause(entry["of"]):
            return entry
    return None


def training_folder(chats: Chats, base: Base, settings: LocalTraining) -> Path:
    """Where a training works: the same place for the same rows, base and settings."""
    facts = (
        chats.digest,
        base.digest,
        settings.model_dump_json(),
        configuration(settings.accelerate),
        _start(settings),
    )
    return home() / "training" / hashlib.sha256("|".join(facts).encode()).hexdigest()[:16]


def order_of(chats: Chats, base: Base, settings: LocalTraining, until: Until) -> TrainOrder:
    """What the training child is told: to train, or to go on, until a share of the run's steps is done."""
    folder = at_rest(chats.path)
    return TrainOrder(
        train=str(folder / "train.jsonl"),
        valid=str(folder / "valid.jsonl"),
        base=base,
        settings=settings,
        threads=_threads_of_before(training_folder(chats, base, settings) / ORDER) or until.threads or threads(),
        framing=chats.framing,
        share=until.share,
    )


def _start(settings: LocalTraining) -> str:
    """The digest of what the training begins with; "" for the base alone.

    Raises:
        MissingInput: there is no such model.
    """
    start = settings.start() if isinstance(settings, LoraSettings) else None
    if start is None:
        return ""
    if not start.is_dir():
        raise MissingInput(f"{start}: no such model; name the folder of a fine-tuned one in train.start_from.")
    return verify(start)


def _run(chats: Chats, base: Base, settings: LocalTraining, until: Until, on_entry: Callable[[Entry], None]) -> None:
    verify(at_rest(chats.path))
    work = training_folder(chats, base, settings)
    processes = launched(configuration(settings.accelerate), work)
    run_job(_CHILD, order_of(chats, base, settings, until), work, on_entry, processes)


def _threads_of_before(order: Path) -> int:
    """Threads of the run that is resumed (another number sums in another order, so weights would differ), else 0."""
    return TrainOrder.model_validate_json(order.read_bytes()).threads if order.is_file() else 0
