"""What tests of training share: a training whose quality is watched a little, done in this process, and its weights."""

from pathlib import Path
from typing import Any

from paragraf.format import Chats
from paragraf.history import read_entries
from paragraf.jobs import JOURNAL, ORDER, Entry
from paragraf.models import Base, Model
from paragraf.publish import read_manifest
from paragraf.train import LoraSettings, MonitorSettings, TrainSettings, Until, order_of, train, training_folder

WATCHED = MonitorSettings(points=2, rows=2, prompts=1, max_new_tokens=8, retention=False)
SETTINGS = LoraSettings(epochs=2, batch_size=2, checkpoint_steps=2, dropout=0.1, monitor=WATCHED)


def train_here(chats: Chats, base: Base, settings: TrainSettings) -> tuple[Model, list[dict[str, Any]]]:
    """The child's work in this process, which saves seconds of imports: the model, and what the journal gained."""
    gained = work_here(chats, base, settings)
    return train(chats, base, settings, silent), gained


def work_here(
    chats: Chats,
    base: Base,
    settings: TrainSettings,
    until: Until = Until(1.0),  # noqa: B008  # a constant
) -> list[dict[str, Any]]:
    """A leg of the child's work in this process: what the journal gained."""
    from paragraf.train.child import run

    work = training_folder(chats, base, settings)
    work.mkdir(parents=True, exist_ok=True)
    before = len(read_entries(work / JOURNAL))
    order = order_of(chats, base, settings, until)
    (work / ORDER).write_text(order.model_dump_json(), "utf-8")
    run(order, work)
    return read_entries(work / JOURNAL)[before:]


def silent(entry: Entry) -> None:
    """Listens to nothing."""


def weights(folder: Path) -> dict[str, str]:
    """Hashes of a published model's weights."""
    return {name: digest for name, digest in read_manifest(folder).items() if name.endswith(".safetensors")}
