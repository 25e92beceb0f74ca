"""Fast CPU: what a CPU need not compute when adapters are trained: masked blocks, spare scores, sums in pieces.

Each part gives the numbers of the stock way (tests compare loss and gradients); on a GPU the stock way is used.
"""

import json
from functools import lru_cache
from typing import Any

import torch
from peft.tuners.lora import Linear
from transformers import AttentionInterface, AttentionMaskInterface

from paragraf.models import Base, TorchModel

ATTENTION = "rows"  # name under which transformers finds the attention below
_SCALES_OF_SCORES = ("final_logit_softcapping", "logit_scale", "logits_scaling")  # of Gemma, Cohere, Granite
_PLAIN_ATTENTION = {"llama", "mistral", "qwen2", "qwen3"}  # others scale, cap or window their scores
_SCORES_UP_TO = 1024  # tokens of a row whose scores are kept for the way back
_SCORED_AT_ONCE = 512  # answer tokens; the head, the largest matrix, is read once for so many
_IN_CACHE = 8  # tokens whose scores over 49 thousand words stay in a core's cache from one operation to the next


def attend_row_by_row(  # noqa: PLR0913, PLR0917  # the signature that transformers calls
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    row_lengths: tuple[int, ...] | None = None,
    **kwargs: Any,
) -> tuple[torch.Tensor, None]:
    """Causal attention over rows that lie end to end (1, heads, tokens, size): each sees itself alone."""
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    if row_lengths is None:  # one rectangle of rows, as in answering
        mixed, _ = sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **kwargs)
        return mixed, None
    cut = [torch.split(states[0], list(row_lengths), dim=1) for states in (query, key, value)]
    factor = scaling or query.shape[-1] ** -0.5
    seen = [_attend(row_query, row_key, row_value, factor) for row_query, row_key, row_value in zip(*cut, strict=True)]
    return torch.cat(seen, dim=1).transpose(0, 1)[None], None


def _attend(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
    """Causal attention of one row (heads, tokens, size); heads that share a key are one product with it.

    The matrix products as such are twice as fast as torch's fused attention, whose way back is slow on a CPU, up to
    some hundred tokens; the fused one needs no memory for the scores and takes over for long rows.
    """
    heads, tokens, size = query.shape
    if tokens > _SCORES_UP_TO:
        fused = torch.nn.functional.scaled_dot_product_attention
        return fused(query[None], key[None], value[None], is_causal=True, scale=scale, enable_gqa=True)[0]
    grouped = query.reshape(len(key), -1, size)
    future = _future(tokens, heads // len(key), query.dtype).expand(len(key), -1, -1)
    scores = torch.baddbmm(future, grouped, key.transpose(1, 2), alpha=scale)
    return torch.bmm(torch.softmax(scores, -1), value).view(heads, tokens, size)


@lru_cache(maxsize=64)
def _future(tokens: int, times: int, kind: torch.dtype) -> torch.Tensor:
    """Minus infinity where a token would look ahead, else 0: (times x tokens, tokens)."""
    return torch.full((tokens, tokens), -torch.inf, dtype=kind).triu_(1).repeat(times, 1)


def lies_end_to_end(base: Base) -> bool:
    """Whether the attention of a model is the plain causal one, so that its rows may lie end to end."""
    config = json.loads((base.folder() / "config.json").read_bytes())
    has_window = config.get("sliding_window") and config.get("use_sliding_window", True)
    return config.get("model_type") in _PLAIN_ATTENTION and not has_window


def register_attention() -> None:
    """Make `attend_row_by_row` known to transformers under the name ATTENTION."""
    from transformers.masking_utils import sdpa_mask

    def no_mask_for_whole_rows(*args: Any, attention_mask: torch.Tensor | None = None, **kwargs: Any) -> Any:
        return None if attention_mask is None else sdpa_mask(*args, attention_mask=attention_mask, **kwargs)

    AttentionInterface.register(ATTENTION, attend_row_by_row)
    AttentionMaskInterface.register(ATTENTION, no_mask_for_whole_rows)


class _SummedSurprise(torch.autograd.Function):
    """Cross entropy of the words after each hidden state, summed, with a frozen head; gradients made on the way."""

    @staticmethod
    def forward(ctx: Any, hidden: torch.Tensor, head: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        total = torch.zeros((), dtype=torch.float32)
        gradient = torch.empty_like(hidden)
        for start in range(0, len(targets), _SCORED_AT_ONCE):
            at = slice(start, start + _SCORED_AT_ONCE)
            scores = hidden[at] @ head.t()
            pieces = (torch.split(whole, _IN_CACHE) for whole in (scores, targets[at, None]))
            for few, wanted in zip(*pieces, strict=True):
                total += _turn_into_gradient(few, wanted)
            torch.mm(scores, head, out=gradient[at])
        ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * gradients[0].to(gradient.dtype), None, None


def _turn_into_gradient(scores: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Summed cross entropy of some tokens; their scores are overwritten by its gradient."""
    shares = scores.float()
    shares -= shares.amax(1, keepdim=True)
    right = shares.gather(1, wanted)
    mass = shares.exp_().sum(1, keepdim=True)
    shares /= mass
    shares.scatter_add_(1, wanted, torch.full_like(right, -1.0))
    scores.copy_(shares)
    return (mass.log() - right).sum()


class FrozenHead(torch.nn.Module):
    """Stands for the vocabulary head while a model is trained: passes hidden states on, and turns them into the loss.

    With `answers` set it is the head that it stands for, so that the model can answer.
    """

    answers = False

    def __init__(self, head: torch.nn.Linear) -> None:
        super().__init__()
        self.head = head

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.head(hidden) if self.answers else hidden
        return scores

    def loss(self, hidden: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Summed cross entropy (nats) of the targets after these states (tokens, size)."""
        summed: torch.Tensor = _SummedSurprise.apply(hidden, self.head.weight, targets)  # type: ignore[no-untyped-call]
        return summed


class _LowRank(torch.autograd.Function):
    """A frozen linear layer and its adapter as one sum, in place of four with their copies."""

    @staticmethod
    def forward(  # the parts of an adapted layer
        ctx: Any, x: torch.Tensor, weight: torch.Tensor, down: torch.Tensor, up: torch.Tensor, scale: float
    ) -> torch.Tensor:
        rows = x.reshape(-1, x.shape[-1])
        narrow = rows @ down.t()
        out = (rows @ weight.t()).addmm_(narrow, up.t(), alpha=scale)
        ctx.save_for_backward(rows, narrow, weight, down, up)
        ctx.scale, ctx.shape = scale, x.shape
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        rows, narrow, weight, down, up = ctx.saved_tensors
        gradient = gradients[0].reshape(-1, gradients[0].shape[-1])
        of_narrow = (gradient @ up) * ctx.scale
        of_x = (gradient @ weight).addmm_(of_narrow, down).view(ctx.shape) if ctx.needs_input_grad[0] else None
        return of_x, None, of_narrow.t() @ rows, (narrow.t() @ gradient).t() * ctx.scale, None


class _FusedLinear(Linear):  # type: ignore[misc]
    """A linear layer with one plain adapter, without dropout."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        name = self.active_adapters[0]
        down, up = self.lora_A[name].weight, self.lora_B[name].weight
        adapted = (x, self.base_layer.weight, down, up, self.scaling[name])
        mixed: torch.Tensor = _LowRank.apply(*adapted)  # type: ignore[no-untyped-call]
        return mixed


def fuse(model: TorchModel) -> FrozenHead | None:
    """Let a model with adapters train by the parts above; None, and nothing changed, where they do not apply."""
    inner = model.get_base_model()
    head = inner.get_output_embeddings()
    is_scaled = any(getattr(inner.config, name, None) for name in _SCALES_OF_SCORES)
    if is_scaled or not isinstance(head, torch.nn.Linear) or head.bias is not None or head.weight.requires_grad:
        return None
    for layer in model.modules():
        if type(layer) is Linear and _is_plain(layer):
            layer.__class__ = _FusedLinear
    frozen = FrozenHead(head)
    inner.set_output_embeddings(frozen)
    return frozen


def _is_plain(layer: Linear) -> bool:
    """Whether nothing but the sum of the frozen layer and one adapter happens in a layer."""
    has_dropout = any(not isinstance(part, torch.nn.Identity) for part in layer.lora_dropout.values())
    one_type = layer.lora_A[layer.active_adapters[0]].weight.dtype == layer.base_layer.weight.dtype
    return one_type and not (has_dropout or layer.lora_variant or layer.base_layer.bias is not None)
