"""What tests of the search share: chats at rest, a trainer that computes losses from settings, pools of all orders."""

import hashlib
import json
import math
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

from paragraf.errors import Diverged
from paragraf.format import Chats
from paragraf.jobs import Entry
from paragraf.models import Base
from paragraf.publish import publish
from paragraf.search.trials import Done, Leg, Trainer, Trial, run_leg
from paragraf.train.pauses import Until
from paragraf.train.settings import TrainSettings
from paragraf.workspace import at_rest, home

ROWS = 100
BASE = Base(path="models/none", digest="b" * 64, name="none", tokenizer="t" * 64, template="c" * 64)


class Paused(NamedTuple):
    """Progress of a training."""

    share: float
    step: int
    validation_loss: float
    rows: int
    seconds: float


def chats() -> Chats:
    """Conversations in the workspace, with a test part that nobody may read."""
    if not (home() / "chats" / "some").is_dir():
        with publish(home() / "chats" / "some") as folder:
            for part in ("train", "valid", "test"):
                (folder / f"{part}.jsonl").write_text('{"messages": []}\n', "utf-8")
    return Chats(
        path="chats/some",
        digest="a" * 64,
        tokens={"train": 1000, "valid": 100, "test": 100},
        rows={"train": ROWS, "valid": 10, "test": 10},
        learned_share=0.5,
        longest=100,
        dropped=0,
    )


def loss_of(settings: TrainSettings, share: float) -> float:
    """Falls with the share; least at a rate of 1e-4 with little decay; too high a rate diverges halfway."""
    if settings.learning_rate > 1e-2 and share > 0.2:
        raise Diverged("step 7: loss is nan; lower --train.learning-rate.")
    distance = abs(math.log10(settings.learning_rate) + 4) + abs(settings.weight_decay - 0.01)
    return 1.0 + distance + 0.1 * abs(settings.epochs - 3) + 2.0 * (1 - share)


@dataclass
class CountingTrainer:
    """A trainer that keeps its place in a file, writes down every stretch, and dies when told to.

    `dies_at` counts calls from 1; `before` dies before anything of the stretch is on disk, else after all of it is.
    """

    dies_at: int = 0
    before: bool = True
    calls: int = field(default=0)

    def __call__(
        self, chats: Chats, base: Base, settings: TrainSettings, until: Until, on_entry: Callable[[Entry], None], /
    ) -> Paused:
        share = until.share
        self.calls += 1
        dies = self.calls == self.dies_at
        if dies and self.before:
            os.kill(os.getpid(), signal.SIGKILL)
        for part in ("train", "valid"):
            (at_rest(chats.path) / f"{part}.jsonl").read_bytes()
        name = hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]
        place = home() / "training" / f"{name}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        before = json.loads(place.read_text("utf-8"))["share"] if place.is_file() else 0.0
        steps = math.ceil(ROWS * settings.epochs / settings.batch_size)
        on_entry({"step": 0, "of": steps, "validation_loss": 4.0, "seconds_left": None})
        loss = loss_of(settings, share)
        with (home() / "stretches.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps([name, before, share]) + "\n")
        place.write_text(json.dumps({"share": share}), "utf-8")
        step = math.ceil(share * steps)
        on_entry({"step": step, "of": steps, "validation_loss": loss, "seconds_left": 0.0})
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return Paused(share, step, loss, round(share * ROWS * settings.epochs), 10.0 * (share - before))


@dataclass
class ShufflingPool:
    """Works on legs in this process, and ends them in an order that its seed draws."""

    chats: Chats
    trainer: Trainer
    order: Random = field(default_factory=lambda: Random(0))
    waiting: list[Leg] = field(default_factory=list)
    most: int = 0

    def submit(self, trial: Trial, leg: Leg) -> None:
        self.waiting.append(leg)
        self.most = max(self.most, len(self.waiting))

    def next_done(self) -> Done:
        leg = self.waiting.pop(self.order.randrange(len(self.waiting)))
        return run_leg(self.chats, BASE, leg, self.trainer, lambda entry: None)


def stretches() -> list[tuple[str, float, float]]:
    """Every stretch that was trained: name of the settings, from where, to where."""
    path: Path = home() / "stretches.jsonl"
    return [tuple(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
