"""Decoding: a model and prompts in, its likeliest answers out, many at once."""

from collections.abc import Sequence
from typing import NamedTuple

import torch

from paragraf.chat import Tokenizer
from paragraf.models import TorchModel


class Said(NamedTuple):
    """What a model wrote, whether it ended by itself before the limit, and how many tokens it wrote."""

    text: str
    is_finished: bool
    written: int


@torch.inference_mode()
def generate(
    model: TorchModel, tokenizer: Tokenizer, prompts: Sequence[Sequence[int]], max_new_tokens: int
) -> list[Said]:
    """The most likely answer to each prompt; all stop as soon as the last one has ended."""
    width = max(map(len, prompts))
    end = tokenizer.eos_token_id
    ids = torch.tensor([[end] * (width - len(prompt)) + list(prompt) for prompt in prompts], device=model.device)
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=model.device)
    out = model.generate(
        input_ids=ids, attention_mask=mask, max_new_tokens=max_new_tokens, do_sample=False, pad_token_id=end
    )
    written = [_until(end, row[width:]) for row in out.tolist()]
    return [
        Said(tokenizer.decode(row, skip_special_tokens=True).strip(), row[-1:] == [end], len(row)) for row in written
    ]


def _until(end: int, row: list[int]) -> list[int]:
    """The tokens up to the end of turn, and with it."""
    return row[: row.index(end) + 1] if end in row else row
