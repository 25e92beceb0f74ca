"""Train: chats in, a fine-tuned model out, resumed from the last good checkpoint after any crash."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from paragraf.format import Chats
from paragraf.jobs import ORDER, Entry, run_job
from paragraf.models import Base, Model
from paragraf.publish import verify
from paragraf.train.settings import LoraSettings, TrainOrder, TrainSettings
from paragraf.workspace import at_rest, home, relative

__all__ = ["LoraSettings", "TrainSettings", "train"]


def train(chats: Chats, base: Base, settings: LoraSettings, on_entry: Callable[[Entry], None]) -> Model:
    """Fine-tune the base on the training chats in a child process; each journal entry goes to `on_entry`.

    Raises:
        Diverged: a loss, gradient or weight was not finite.
        ChildFailed: the child was killed; run again to go on from its last checkpoint.
    """
    work = home() / "training" / _key(chats, base, settings)
    final = home() / "models" / f"{settings.backend}-{work.name}"
    folder = at_rest(chats.path)
    verify(folder)
    order = TrainOrder(
        train=str(folder / "train.jsonl"),
        valid=str(folder / "valid.jsonl"),
        base=base,
        settings=settings,
        threads=_threads_of_before(work / ORDER) or os.cpu_count() or 1,
    )
    run_job("paragraf.train.child", order, work, on_entry)
    return Model(path=relative(final), digest=verify(final), base=base, backend=settings.backend)


def _key(chats: Chats, base: Base, settings: LoraSettings) -> str:
    return hashlib.sha256("|".join((chats.digest, base.digest, settings.model_dump_json())).encode()).hexdigest()[:16]


def _threads_of_before(order: Path) -> int:
    """Threads of the run that is resumed (another number sums in another order, so weights would differ), else 0."""
    return TrainOrder.model_validate_json(order.read_bytes()).threads if order.is_file() else 0
