"""Parity: what two models expect at the same places of the same answers in, how far they are apart out."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from paragraf.chat import Tokenizer
from paragraf.models import TorchModel


@dataclass(frozen=True, slots=True)
class Passage:
    """A prompt and the beginning of its right answer."""

    text: str  # the prompt as the chat template writes it
    prompt: list[int]
    answer: list[int]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a model expects in one passage; `log_shares` has a row for each token of the answer.

    Columns are all tokens of the vocabulary, or, where `tokens` is given, the likeliest ones that it names.
    """

    log_shares: torch.Tensor
    greedy: list[int]
    tokens: torch.Tensor | None = None


@dataclass(frozen=True, slots=True)
class Distance:
    """Means over all positions or passages."""

    divergence: float
    same_top: float
    same_greedy: float


@torch.inference_mode()
def expect(model: TorchModel, tokenizer: Tokenizer, passages: Sequence[Passage]) -> list[Expected]:
    """What a model expects at each token of the answers, and how it would answer by itself."""
    own = _greedy(model, tokenizer.eos_token_id, passages)
    return [Expected(shares, said) for shares, said in zip(log_shares(model, passages), own, strict=True)]


@torch.inference_mode()
def log_shares(model: TorchModel, passages: Sequence[Passage]) -> list[torch.Tensor]:
    """What a model expects at each token of the answers."""
    return [_log_shares(model, passage) for passage in passages]


def distance(reference: Sequence[Expected], other: Sequence[Expected]) -> Distance:
    """How far the other model is from the reference, over the same passages."""
    pairs = list(zip(reference, other, strict=True))
    return Distance(
        divergence=float(torch.cat([divergences(mine, theirs) for mine, theirs in pairs]).mean()),
        same_top=float(torch.cat([_top(mine) == _top(theirs) for mine, theirs in pairs]).float().mean()),
        same_greedy=sum(_same_start(mine.greedy, theirs.greedy) for mine, theirs in pairs) / len(pairs),
    )


def divergences(reference: Expected, other: Expected) -> torch.Tensor:
    """KL(reference || other) at each position, in nats.

    Where the other names only its likeliest tokens, all the rest count as one: that is a lower bound.
    """
    mine, theirs = reference.log_shares.double(), other.log_shares.double()
    if other.tokens is not None:
        mine = _with_rest(mine.gather(1, other.tokens))
        theirs = _with_rest(theirs)
    return (mine.exp() * (mine - theirs)).sum(-1)


def _with_rest(log_shares: torch.Tensor) -> torch.Tensor:
    rest = (1 - log_shares.exp().sum(-1, keepdim=True)).clamp_min(1e-12)
    return torch.cat([log_shares, rest.log()], dim=-1)


def _top(expected: Expected) -> torch.Tensor:
    top = expected.log_shares.argmax(-1)
    return top if expected.tokens is None else expected.tokens.gather(1, top[:, None])[:, 0]


def _same_start(mine: Sequence[int], theirs: Sequence[int]) -> float:
    longest = max(len(mine), len(theirs), 1)
    same = next((at for at, (one, two) in enumerate(zip(mine, theirs, strict=False)) if one != two), None)
    return (min(len(mine), len(theirs)) if same is None else same) / longest


def _log_shares(model: TorchModel, passage: Passage) -> torch.Tensor:
    ids = torch.tensor([passage.prompt + passage.answer[:-1]], device=model.device)
    logits = model(input_ids=ids, logits_to_keep=len(passage.answer), use_cache=False).logits[0]
    return torch.log_softmax(logits.float(), -1).cpu()


def _greedy(model: TorchModel, end: int, passages: Sequence[Passage]) -> list[list[int]]:
    """The ids of each own answer, as many as are compared of the right one, or up to its end of turn."""
    prompts = [passage.prompt for passage in passages]
    width = max(map(len, prompts))
    out = model.generate(
        input_ids=torch.tensor([[end] * (width - len(ids)) + ids for ids in prompts], device=model.device),
        attention_mask=torch.tensor(
            [[0] * (width - len(ids)) + [1] * len(ids) for ids in prompts], device=model.device
        ),
        max_new_tokens=max(len(passage.answer) for passage in passages),
        do_sample=False,
        pad_token_id=end,
        eos_token_id=end,
    )
    said: list[list[int]] = out[:, width:].tolist()
    cut = [ids[: len(passage.answer)] for ids, passage in zip(said, passages, strict=True)]
    return [ids[: ids.index(end)] if end in ids else ids for ids in cut]
