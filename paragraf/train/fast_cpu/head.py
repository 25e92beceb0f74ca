"""Head: answer tokens' hidden states in, their summed surprise out, in pieces that a core's cache holds."""

from typing import Any

import torch

_SCORED_AT_ONCE = 512  # answer tokens; the head, the largest matrix, is read once for so many
_IN_CACHE = 8  # tokens whose scores over 49 thousand words stay in a core's cache from one operation to the next


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
