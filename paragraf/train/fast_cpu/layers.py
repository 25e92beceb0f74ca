"""Layers: a model's norms and gated networks, worked through in pieces that stay in a core's cache."""

from collections.abc import Iterator
from typing import Any

import torch

from paragraf.train.fast_cpu.linear import Bundle

_IN_CACHE = 1 << 16  # numbers of a piece; with what is made of them they fill half a core's cache


def _pieces(*wholes: torch.Tensor) -> Iterator[tuple[torch.Tensor, ...]]:
    """The same few rows of each of some matrices, then the next few."""
    rows = max(1, _IN_CACHE // max(whole.shape[-1] for whole in wholes))
    yield from zip(*(torch.split(whole, rows) for whole in wholes), strict=True)


class _Gated(torch.autograd.Function):
    """SiLU of the first half of each row times its second half."""

    @staticmethod
    def forward(ctx: Any, halves: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(halves)
        gates, ups = halves.chunk(2, -1)
        out = torch.empty_like(gates, memory_format=torch.contiguous_format)
        for gate, up, product in _pieces(gates, ups, out):
            torch.mul(torch.nn.functional.silu(gate), up, out=product)
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        (halves,) = ctx.saved_tensors
        found = torch.empty_like(halves)
        parts = (*halves.chunk(2, -1), gradients[0], *found.chunk(2, -1))
        for gate, up, gradient, of_gate, of_up in _pieces(*parts):
            torch.mul(torch.nn.functional.silu(gate), gradient, out=of_up)
            torch.ops.aten.silu_backward.grad_input(gradient * up, gate, grad_input=of_gate)
        return found


class GatedNetwork(torch.nn.Module):
    """A layer's gated network; its gate and its upward projection run as one."""

    def __init__(self, stock: Any, bundled: Bundle) -> None:
        super().__init__()
        self.gate_proj, self.up_proj, self.down_proj = stock.gate_proj, stock.up_proj, stock.down_proj
        self.bundled = bundled

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        halves = self.bundled.outputs(x)
        product: torch.Tensor = _Gated.apply(halves.view(-1, halves.shape[-1]))  # type: ignore[no-untyped-call]
        out: torch.Tensor = self.down_proj(product.view(*x.shape[:-1], -1))
        return out


class _Normed(torch.autograd.Function):
    """Rows divided by their root mean square, in 32 bits, times a frozen weight."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
        rows = x.reshape(-1, x.shape[-1])
        out = torch.empty_like(rows)
        factors = torch.empty(len(rows), 1)
        for few, factor, normed in _pieces(rows, factors, out):
            wide = few.float()
            torch.rsqrt(wide.pow(2).mean(-1, keepdim=True).add_(epsilon), out=factor)
            torch.mul((wide * factor).to(few.dtype), weight, out=normed)
        ctx.save_for_backward(rows, weight, factors)
        return out.view(x.shape)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        rows, weight, factors = ctx.saved_tensors
        gradient = gradients[0].reshape(rows.shape)
        found = torch.empty_like(rows)
        for few, factor, of_out, of_few in _pieces(rows, factors, gradient, found):
            unit = few.float() * factor
            of_unit = (of_out * weight).float()
            share = (of_unit * unit).mean(-1, keepdim=True)
            of_few.copy_(of_unit.addcmul(unit, share, value=-1.0) * factor)
        return found.view(gradients[0].shape), None, None


class Norm(torch.nn.Module):
    """A root-mean-square norm whose weight stays as it is."""

    def __init__(self, stock: Any) -> None:
        super().__init__()
        self.weight, self.variance_epsilon = stock.weight, stock.variance_epsilon

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        normed: torch.Tensor = _Normed.apply(x, self.weight, self.variance_epsilon)  # type: ignore[no-untyped-call]
        return normed
