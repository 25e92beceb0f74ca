"""What tests of training share: a training whose quality is watched a little, done in this process, and its weights."""

from pathlib import Path
from typing import Any

from paragraf.format import Chats
from paragraf.history import read_entries
from paragraf.jobs import JOURNAL, Entry
from paragraf.models import Base, Model
from paragraf.publish import read_manifest
from paragraf.train import LoraSettings, MonitorSettings, TrainSettings, order_of, train, training_folder

WATCHED = MonitorSettings(points=2, rows=2, prompts=1, max_new_tokens=8, retention=False)
SETTINGS = LoraSettings(epochs=2, batch_size=2, checkpoint_steps=2, dropout=0.1, monitor=WATCHED)


def train_here(chats: Chats, base: Base, settings: TrainSettings) -> tuple[Model, list[dict[str, Any]]]:
    """The child's work in this process, which saves seconds of imports: the model, and what the journal gained."""
    journal = training_folder(chats, base, settings) / JOURNAL
    before = len(read_entries(journal))
    work_here(chats, base, settings)
    return train(chats, base, settings, silent), read_entries(journal)[before:]


def work_here(chats: Chats, base: Base, settings: TrainSettings, share: float = 1.0) -> None:
    from paragraf.train.child import run

    work = training_folder(chats, base, settings)
    work.mkdir(parents=True, exist_ok=True)
    run(order_of(chats, base, settings, share), work)


def silent(entry: Entry) -> None:
    """Listens to nothing."""


def weights(folder: Path) -> dict[str, str]:
    """Hashes of a published model's weights."""
    return {name: digest for name, digest in read_manifest(folder).items() if name.endswith(".safetensors")}
