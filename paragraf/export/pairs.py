"""Pairs: an opened adapter in, the pair of small matrices that it adds to each weight out."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from peft.tuners.lora import LoraLayer

from paragraf.models import TorchModel

_ADAPTER = "default"


@dataclass(frozen=True, slots=True)
class Pair:
    """A weight's change: scale x up x down."""

    name: str  # of the changed weight in the base model, without `.weight`
    down: torch.Tensor  # rank x inputs, PEFT's A
    up: torch.Tensor  # outputs x rank, PEFT's B
    scale: float


def pairs(adapted: TorchModel) -> Iterator[Pair]:
    """What the adapter adds, weight by weight, in the model's order."""
    for name, layer in adapted.base_model.model.named_modules():
        if isinstance(layer, LoraLayer) and _ADAPTER in layer.lora_A:
            down, up = (part[_ADAPTER].weight.detach() for part in (layer.lora_A, layer.lora_B))
            yield Pair(name, down, up, layer.scaling[_ADAPTER])


def reason_against(adapted: TorchModel) -> str:
    """Why the adapter is more than pairs of matrices; empty when it is not."""
    config = adapted.peft_config[_ADAPTER]
    if config.peft_type != "LORA":
        return f"the adapter is of the kind {config.peft_type}, and only LoRA has a place in GGUF"
    more = {
        "DoRA": config.use_dora,
        "trained biases": config.bias != "none" or config.lora_bias,
        f"whole trained modules ({', '.join(config.modules_to_save or [])})": bool(config.modules_to_save),
        "single trained tokens": bool(config.trainable_token_indices),
        "trained parameters beside linear layers": bool(config.target_parameters),
    }
    found = [name for name, is_there in more.items() if is_there]
    changed = {name for name, parameter in adapted.named_parameters() if ".lora_" in name}
    known = {f".lora_{half}.{_ADAPTER}.weight" for half in "AB"}
    found += sorted({name for name in changed if not any(name.endswith(end) for end in known)})[:1]
    return f"the adapter holds {found[0]}, for which GGUF has no place" if found else ""
