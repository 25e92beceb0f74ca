"""Monitor: how good the model is while it learns, what is done when it gets worse, and which state is kept."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback

from paragraf.chat import Conversation, Framing, Tokenizer, conversation, encode, encode_prompt
from paragraf.decoding import generate
from paragraf.history import Point, points_of
from paragraf.jobs import write_entry
from paragraf.models import TorchModel
from paragraf.quality import best, citation_agreement, diversity, is_degraded, polish, style
from paragraf.retention import retention_rows
from paragraf.train.checkpoints import POINT, kept_point, kept_state
from paragraf.train.fast_cpu import FrozenHead
from paragraf.train.pauses import is_point
from paragraf.train.rows import row_of
from paragraf.train.settings import MonitorSettings
from paragraf.train.trainer import all_together

Row = Mapping[str, Any]


@dataclass
class Examiner:
    """Measures a model on validation rows, on general knowledge, and on the answers that it writes.

    Attributes:
        rows: validation rows, as the collator takes them.
        chats: their conversations, from which questions are put.
        framing: of these conversations; general knowledge is asked for in the same way.
        collator: of the training, so that losses are comparable.
        head: stands for the vocabulary head, if it does.
    """

    settings: MonitorSettings
    tokenizer: Tokenizer
    rows: Sequence[Row]
    chats: Sequence[Conversation]
    framing: Framing
    collator: Any
    head: FrozenHead | None = None
    general: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.settings.retention:
            spoken = [conversation(record, self.framing) for record in retention_rows()]
            self.general = [row_of(encode(self.tokenizer, chat["messages"])) for chat in spoken]

    def __call__(self, model: TorchModel, step: int, of: int) -> dict[str, float]:
        """All measurements by name, but at a mere pause the losses alone: means per answer token, in nats."""
        with _resting(model):
            measured = self._losses(model)
            if step and not is_point(step, of, self.settings.points):
                return measured
            if self.general:
                measured["retention_loss"] = _mean([self._loss(model, row) for row in self.general])
            if self.settings.prompts:
                measured |= self._own_words(model)
        return measured

    def _losses(self, model: TorchModel) -> dict[str, float]:
        by_task: dict[str, list[tuple[float, int]]] = {}
        for row in self.rows:
            by_task.setdefault(str(row.get("task", "qa")), []).append(self._loss(model, row))
        loss = _mean([pair for pairs in by_task.values() for pair in pairs])
        measured = {"validation_loss": loss, "perplexity": math.exp(min(loss, 700.0))}
        if len(by_task) > 1:
            measured |= {f"validation_loss/{task}": _mean(pairs) for task, pairs in sorted(by_task.items())}
        return measured

    @torch.inference_mode()
    def _loss(self, model: TorchModel, row: Row) -> tuple[float, int]:
        """Summed loss of a row's answer, and its tokens."""
        batch = {name: _on(value, model) for name, value in self.collator([row]).items()}
        targets = batch.pop("shift_labels")
        batch.pop("labels")
        out = model(**batch).logits.reshape(len(targets), -1)
        if self.head:
            return float(self.head.loss(out, targets)), len(targets)
        return float(torch.nn.functional.cross_entropy(out.float(), targets, reduction="sum")), len(targets)

    def _own_words(self, model: TorchModel) -> dict[str, float]:
        asked = self.chats[: self.settings.prompts]
        prompts = [encode_prompt(self.tokenizer, chat["messages"][:-1]) for chat in asked]
        with answering(self.head), _cache(model):
            said = generate(model, self.tokenizer, prompts, self.settings.max_new_tokens)
        texts = [one.text for one in said]
        agreement = citation_agreement([chat["messages"][-1]["content"] for chat in asked], texts)
        measured = {
            "diversity": diversity(texts),
            "style": style([(one.text, one.is_finished) for one in said]),
            "polish": polish(texts),
        }
        return measured if agreement is None else measured | {"citation_f1": agreement}


class Guard(TrainerCallback):  # type: ignore[misc]
    """Says when quality falls, stops the run if it is told to, and keeps the best state so far."""

    def __init__(self, settings: MonitorSettings, work: Path, save: Callable[[Path], None]) -> None:
        self._settings = settings
        self._work = work
        self._save = save  # writes the trained weights into a folder

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: dict[str, float] | None = None, **kwargs: Any
    ) -> None:
        history = points_of(state.log_history)
        if worse := is_degraded(history, self._settings.max_rise):
            self._warn(state, control, worse)
        # a pause is measured, too, but may not change which state is kept
        if self._settings.keep == "best" and is_point(state.global_step, state.max_steps, self._settings.points):
            self._keep(state, history)

    def _warn(self, state: Any, control: Any, worse: str) -> None:
        is_end = self._settings.on_degradation == "stop"
        control.should_training_stop = control.should_training_stop or is_end
        if state.is_world_process_zero:
            what = {"what": "stopped", "reason": "degraded"} if is_end else {"what": "degraded"}
            write_entry(self._work, {"step": state.global_step, "of": state.max_steps, **what, "message": worse})

    def _keep(self, state: Any, history: Sequence[Point]) -> None:
        here = next(point for point in reversed(history) if point.step == state.global_step)
        before = kept_point(self._work, before=here.step)
        if best([here] if before is None else [before, here]) == here:
            with all_together(kept_state(self._work, here.step)) as folder:
                self._save(folder)
                if state.is_world_process_zero:
                    (folder / POINT).write_text(here.model_dump_json(), "utf-8")


def _mean(pairs: Sequence[tuple[float, int]]) -> float:
    return sum(loss for loss, _ in pairs) / sum(tokens for _, tokens in pairs)


def _on(value: Any, model: TorchModel) -> Any:
    return value.to(model.device) if isinstance(value, torch.Tensor) else value


@contextmanager
def _resting(model: TorchModel) -> Iterator[None]:
    """Without dropout for a while."""
    model.eval()
    try:
        yield
    finally:
        model.train()


@contextmanager
def answering(head: FrozenHead | None) -> Iterator[None]:
    """With the vocabulary head in its place, if something stands for it."""
    if head:
        head.answers = True
    try:
        yield
    finally:
        if head:
            head.answers = False


@contextmanager
def _cache(model: TorchModel) -> Iterator[None]:
    """With what was read kept between the words of an answer."""
    model.config.use_cache = True
    try:
        yield
    finally:
        model.config.use_cache = False
