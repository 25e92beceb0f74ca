"""Engine: settings and rows in, a Trainer ready to run out: its model, its batches, its checks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import TrainingArguments

from paragraf.chat import PLAIN, Conversation, Framing, Tokenizer
from paragraf.errors import BadSettings
from paragraf.models import Base, TorchModel
from paragraf.train.adapters import trainable
from paragraf.train.fast_cpu import ATTENTION, FrozenHead, fuse, lies_end_to_end, register_attention
from paragraf.train.journal import Journal, Points
from paragraf.train.monitor import Examiner, Guard
from paragraf.train.pauses import pause_step
from paragraf.train.rows import FlatCollator, PaddedCollator
from paragraf.train.sampling import WeightedRows
from paragraf.train.settings import LocalTraining, LoraSettings
from paragraf.train.trainer import SealingTrainer

if TYPE_CHECKING:
    from datasets import Dataset

# Tokens worked on at once: more of them wait for memory and gain no speed (activations take about 1.4 MB a token of
# the built-in model, which a CPU shares with everything else).
_AT_ONCE = {"cpu": 2048, "cuda": 16384}


@dataclass(frozen=True)
class Material:
    """What a training works on.

    Attributes:
        train, valid: rows as token ids; `chats` are the conversations of the validation rows.
        framing: of all conversations.
    """

    base: Base
    tokenizer: Tokenizer
    train: "Dataset"
    valid: "Dataset"
    chats: Sequence[Conversation]
    framing: Framing = PLAIN


def build(material: Material, settings: LocalTraining, work: Path, share: float = 1.0) -> SealingTrainer:
    """A Trainer that does a share of the run's steps, measures quality on the way and writes its journal in `work`."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    register_attention()
    is_flat = device == "cpu" and lies_end_to_end(material.base)
    model = trainable(material.base, settings, ATTENTION if is_flat else "sdpa")
    head = _sped_up(model, settings, device)
    pad = material.tokenizer.pad_token_id  # type: ignore[attr-defined]
    collator = FlatCollator() if is_flat else PaddedCollator(pad)
    at_once = _AT_ONCE[device] if is_flat or device == "cuda" else 1  # a CPU that pads works row by row
    arguments = _arguments(settings, material.train, work, at_once)
    pause = partial(pause_step, share=share, warmup_share=settings.warmup_share)
    trainer = SealingTrainer(
        model=model,
        args=arguments,
        train_dataset=material.train,
        data_collator=collator,
        compute_loss_func=_loss_of(head) if head else None,
        callbacks=[Journal(work, model.config.vocab_size, pause), Points(settings.monitor.points, pause)],
    )
    trainer.add_callback(Guard(settings.monitor, work, trainer.save_weights))
    trainer.checkpoints = work / "checkpoints"
    trainer.sampler = _sampler(material.train, settings)
    rows = material.valid.select(range(min(settings.monitor.rows, len(material.valid))))
    trainer.measure = Examiner(
        settings.monitor, material.tokenizer, list(rows), material.chats, material.framing, collator, head
    )
    return trainer


def _sped_up(model: TorchModel, settings: LocalTraining, device: str) -> FrozenHead | None:
    head = None
    if isinstance(settings, LoraSettings) and device == "cpu" and settings.precision == "bf16":
        head = fuse(model, compiled=settings.compile)
    if settings.compile:
        layers = (model.get_base_model() if isinstance(settings, LoraSettings) else model).model.layers
        for layer in layers:  # one by one: the whole model at once takes minutes to compile and runs no faster
            layer.compile(dynamic=True)
    return head


def _loss_of(head: FrozenHead) -> Any:
    def loss(outputs: Any, labels: torch.Tensor, num_items_in_batch: torch.Tensor | None = None) -> torch.Tensor:
        targets = labels[labels != -100]
        tokens = len(targets) if num_items_in_batch is None else num_items_in_batch
        return head.loss(outputs.logits.reshape(len(targets), -1), targets) / tokens

    return loss


def _sampler(train: "Dataset", settings: LocalTraining) -> WeightedRows | None:
    if not settings.task_weights:
        return None
    try:
        return WeightedRows(train["task"], settings.task_weights, settings.seed)
    except ValueError as error:
        raise BadSettings(
            f"train.task_weights: {error}; the tasks here: {', '.join(sorted(set(train['task'])))}."
        ) from error


def _arguments(settings: LocalTraining, train: "Dataset", work: Path, at_once: int) -> TrainingArguments:
    is_lora = isinstance(settings, LoraSettings)
    on_gpu = torch.cuda.is_available()
    arguments = TrainingArguments(
        output_dir=str(work / "scratch"),
        num_train_epochs=settings.epochs,
        train_sampling_strategy="group_by_length" if on_gpu else "random",
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=settings.warmup_share,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_gradient_norm,
        bf16=not is_lora,  # adapters' base is in bf16 itself
        activation_checkpointing=settings.gradient_checkpointing,
        ddp_find_unused_parameters=False,
        logging_steps=1,
        logging_nan_inf_filter=False,
        eval_strategy="no",  # the points ask for it
        eval_on_start=True,
        save_strategy="steps",
        save_steps=settings.checkpoint_steps,
        prediction_loss_only=True,
        remove_unused_columns=False,
        use_cpu=not on_gpu,
        seed=settings.seed,
        disable_tqdm=True,
        report_to="none",
    )
    lengths = sorted(train["length"])
    rows = micro_batch(settings, lengths[int(0.95 * (len(lengths) - 1))], arguments.world_size, at_once)
    arguments.per_device_train_batch_size = rows
    arguments.gradient_accumulation_steps = math.ceil(settings.batch_size / (rows * arguments.world_size))
    return arguments


def micro_batch(settings: LocalTraining, tokens: int, devices: int, at_once: int) -> int:
    """Rows that a device works on at once: the largest even part of its share of a batch that fits.

    Raises:
        BadSettings: a batch cannot be dealt out evenly to the devices.
    """
    if settings.batch_size % devices:
        raise BadSettings(f"train.batch_size {settings.batch_size} cannot be dealt out to {devices} devices evenly.")
    whole = settings.batch_size // devices
    most = settings.micro_batch or max(1, at_once // tokens)
    return next(rows for rows in range(min(whole, most), 0, -1) if whole % rows == 0)
