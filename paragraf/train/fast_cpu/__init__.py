"""Fast CPU: what a CPU need not compute when adapters are trained: masked blocks, spare scores, sums in pieces.

Each part gives the numbers of the stock way (tests compare loss and gradients); on a GPU the stock way is used.
"""

from typing import Any

import torch

from paragraf.models import TorchModel
from paragraf.train.fast_cpu.attention import ATTENTION, PLAIN, lies_end_to_end, register_attention
from paragraf.train.fast_cpu.head import FrozenHead
from paragraf.train.fast_cpu.layers import GatedNetwork, Norm
from paragraf.train.fast_cpu.linear import are_alike, bundle, is_plain

__all__ = ["ATTENTION", "FrozenHead", "fuse", "lies_end_to_end", "register_attention"]

_SCALES_OF_SCORES = ("final_logit_softcapping", "logit_scale", "logits_scaling")  # of Gemma, Cohere, Granite


def fuse(model: TorchModel, *, compiled: bool = False) -> FrozenHead | None:
    """Let a model with adapters train by these parts; None, and nothing changed, where they do not apply.

    A model that is compiled keeps its norms and networks: the compiler fuses them itself.
    """
    inner = model.get_base_model()
    head = inner.get_output_embeddings()
    is_scaled = any(getattr(inner.config, name, None) for name in _SCALES_OF_SCORES)
    if is_scaled or not isinstance(head, torch.nn.Linear) or head.bias is not None or head.weight.requires_grad:
        return None
    if inner.config.model_type in PLAIN and not compiled:
        _fuse_layers(inner.model)
    for layer in model.modules():
        if is_plain(layer):
            bundle([layer])
    frozen = FrozenHead(head)
    inner.set_output_embeddings(frozen)
    return frozen


def _fuse_layers(model: Any) -> None:
    """Layers of the Llama family, which are all built alike."""
    for layer in model.layers:
        attention, network = layer.self_attn, layer.mlp
        if are_alike(together := [attention.q_proj, attention.k_proj, attention.v_proj]):
            bundle(together)
        if model.config.hidden_act == "silu" and are_alike(together := [network.gate_proj, network.up_proj]):
            layer.mlp = GatedNetwork(network, bundle(together))
        layer.input_layernorm = _frozen_norm(layer.input_layernorm)
        layer.post_attention_layernorm = _frozen_norm(layer.post_attention_layernorm)
    model.norm = _frozen_norm(model.norm)


def _frozen_norm(norm: Any) -> Any:
    return norm if norm.weight.requires_grad else Norm(norm)
