"""Trainer: the stock one, with checkpoints that appear whole or not at all, rows by task, and own measurements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, set_peft_model_state_dict
from safetensors.torch import load_file
from transformers import Trainer

from paragraf.errors import Diverged
from paragraf.models import TorchModel
from paragraf.publish import publish
from paragraf.train.checkpoints import folder_of, rotate

Measure = Callable[[TorchModel, int, int], dict[str, float]]  # a model, its step, of how many
ADAPTER = "adapter_model.safetensors"


class SealingTrainer(Trainer):  # type: ignore[misc]
    """What is set after it is made: where checkpoints go, how rows are drawn (None: each once), what is measured."""

    checkpoints: Path
    sampler: "torch.utils.data.Sampler[int] | None" = None
    measure: Measure
    _stage: Path | None = None

    def evaluate(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        """Measure quality on what the run was given for it; every process does the same, so none waits for another."""
        measured = self.measure(self.model, self.state.global_step, self.state.max_steps)
        self.log(dict(measured))
        self.control: Any = self.callback_handler.on_evaluate(self.args, self.state, self.control, measured)
        return measured

    def _get_train_sampler(self, *args: Any) -> "torch.utils.data.Sampler[int] | None":
        return self.sampler or super()._get_train_sampler(*args)

    def _get_output_dir(self, trial: Any) -> str:
        return str(self._stage) if self._stage else str(super()._get_output_dir(trial))

    def _save_checkpoint(self, model: TorchModel, trial: Any) -> None:
        refuse_non_finite(model)
        with all_together(folder_of(self.checkpoints, self.state.global_step)) as self._stage:
            super()._save_checkpoint(model, trial)
        self._stage = None
        if self.is_world_process_zero():
            rotate(self.checkpoints)

    def save_weights(self, folder: Path) -> None:
        """Write what was trained, in safetensors; every process must call this, the first one writes."""
        state = self.accelerator.get_state_dict(self.model_wrapped) if self.is_fsdp_enabled else None
        if self.is_world_process_zero():
            model = self.accelerator.unwrap_model(self.model)
            if not isinstance(model, PeftModel):  # trained in fp32, answers in bf16
                held = model.state_dict() if state is None else state
                state = {name: weight.to(torch.bfloat16) for name, weight in held.items()}
            model.save_pretrained(folder, state_dict=state)
            (folder / "README.md").unlink(missing_ok=True)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: TorchModel = None) -> None:
        """Copy the adapter's weights into place; the stock way would turn them into another type of number."""
        weights = Path(resume_from_checkpoint) / ADAPTER
        target = model if model is not None else self.model
        if isinstance(target, PeftModel) and weights.is_file():
            set_peft_model_state_dict(target, load_file(weights))
        else:
            super()._load_from_checkpoint(resume_from_checkpoint, model)


def refuse_non_finite(model: TorchModel) -> None:
    """Raise Diverged for the first trained weight that holds a number that is not finite."""
    for name, weight in model.named_parameters():
        if weight.requires_grad and not torch.isfinite(weight).all():
            raise Diverged(f"{name} holds numbers that are not finite; lower --train.learning-rate.")


@contextmanager
def all_together(final: Path) -> Iterator[Path]:
    """A folder that every process writes into: the first one opens it, and seals it when all have written."""
    if torch.distributed.is_initialized() and torch.distributed.get_rank():
        yield Path(_told(None))
        torch.distributed.barrier()
        return
    with publish(final) as stage:
        yield Path(_told(str(stage)))
        if torch.distributed.is_initialized():
            torch.distributed.barrier()


def _told(text: str | None) -> str:
    """What the first process says, in every process."""
    if not torch.distributed.is_initialized():
        return text or ""
    said = [text]
    torch.distributed.broadcast_object_list(said)
    return said[0] or ""
