"""First look: what an untrained model measures, kept for trainings that begin alike, as the trials of a search do."""

import hashlib
import json
from pathlib import Path

import torch

from paragraf.models import TorchModel
from paragraf.publish import hash_file, publish_file
from paragraf.train.settings import TrainOrder
from paragraf.train.trainer import Measure
from paragraf.versions import versions
from paragraf.workspace import home

# Settings that change nothing before the first step (adapters begin as zeros); those not named count.
_FELT_LATER = {
    *("epochs", "batch_size", "micro_batch", "learning_rate", "warmup_share", "weight_decay", "max_gradient_norm"),
    *("rank", "alpha", "dropout", "top_layers", "task_weights", "checkpoint_steps", "seed"),
}


def first_look(order: TrainOrder, measure: Measure) -> Measure:
    """`measure`, but for step 0 of a training in one process, which is measured once for all that begin alike."""
    if order.settings.accelerate:  # processes that share a model must measure together
        return measure
    path = home() / "first-looks" / f"{_key(order)}.json"

    def look(model: TorchModel, step: int, of: int) -> dict[str, float]:
        if step:
            return measure(model, step, of)
        found = _read(path)
        if found is None:
            found = measure(model, step, of)
            publish_file(path, json.dumps(found).encode())
        return found

    return look


def _key(order: TrainOrder) -> str:
    facts = {
        "base": order.base.digest,
        "valid": hash_file(Path(order.valid)),
        "settings": order.settings.model_dump(mode="json", exclude=_FELT_LATER),
        "threads": order.threads,
        "cuda": torch.cuda.is_available(),
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, float] | None:
    """What was measured before; None if nothing was, or the file is damaged."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
