"""Attention: rows that lie end to end, each of which sees itself alone, and what all of them begin with only once."""

import json
from functools import lru_cache
from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface

from paragraf.models import Base

ATTENTION = "rows"  # name under which transformers finds the attention below
PLAIN = {"llama", "mistral", "qwen2", "qwen3"}  # families whose scores nothing scales, caps or windows
_SCORES_UP_TO = 1024  # tokens of a row whose scores are kept for the way back


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
    """Causal attention over rows that lie end to end (1, heads, tokens, size).

    The first of `row_lengths` is the shared beginning of all rows, 0 if they share none: each row sees it and itself.
    """
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    if row_lengths is None:  # one rectangle of rows, as in answering
        mixed, _ = sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **kwargs)
        return mixed, None
    (query_start, *queries), (key_start, *keys), (value_start, *values) = (
        torch.split(states[0], list(row_lengths), dim=1) for states in (query, key, value)
    )
    factor = scaling or query.shape[-1] ** -0.5
    seen = [_attend(query_start, key_start, value_start, factor)] if row_lengths[0] else []
    for row_query, row_key, row_value in zip(queries, keys, values, strict=True):
        all_keys, all_values = torch.cat([key_start, row_key], 1), torch.cat([value_start, row_value], 1)
        seen.append(_attend(row_query, all_keys, all_values, factor))
    return torch.cat(seen, dim=1).transpose(0, 1)[None], None


def _attend(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
    """Causal attention of the last tokens of one row (heads, tokens, size) over all of it.

    Heads that share a key are one product with it. The matrix products as such are twice as fast as torch's fused
    attention, whose way back is slow on a CPU, up to some hundred tokens; the fused one needs no memory for the
    scores and takes over for long rows.
    """
    heads, tokens, size = query.shape
    if key.shape[1] > _SCORES_UP_TO:
        fused = torch.nn.functional.scaled_dot_product_attention
        seen = _future(tokens, key.shape[1], 1, query.dtype)
        return fused(query[None], key[None], value[None], attn_mask=seen, scale=scale, enable_gqa=True)[0]
    grouped = query.reshape(len(key), -1, size)
    future = _future(tokens, key.shape[1], heads // len(key), query.dtype).expand(len(key), -1, -1)
    scores = torch.baddbmm(future, grouped, key.transpose(1, 2), alpha=scale)
    return torch.bmm(torch.softmax(scores, -1), value).view(heads, tokens, size)


@lru_cache(maxsize=64)
def _future(tokens: int, seen: int, times: int, kind: torch.dtype) -> torch.Tensor:
    """Minus infinity where one of the last tokens would look ahead, else 0: (times x tokens, all that are seen)."""
    return torch.full((tokens, seen), -torch.inf, dtype=kind).triu_(seen - tokens + 1).repeat(times, 1)


def lies_end_to_end(base: Base) -> bool:
    """Whether the attention of a model is the plain causal one, so that its rows may lie end to end."""
    config = json.loads((base.folder() / "config.json").read_bytes())
    has_window = config.get("sliding_window") and config.get("use_sliding_window", True)
    return config.get("model_type") in PLAIN and not has_window


def register_attention() -> None:
    """Make `attend_row_by_row` known to transformers under the name ATTENTION."""
    from transformers.masking_utils import sdpa_mask

    def no_mask_for_whole_rows(*args: Any, attention_mask: torch.Tensor | None = None, **kwargs: Any) -> Any:
        return None if attention_mask is None else sdpa_mask(*args, attention_mask=attention_mask, **kwargs)

    AttentionInterface.register(ATTENTION, attend_row_by_row)
    AttentionMaskInterface.register(ATTENTION, no_mask_for_whole_rows)
