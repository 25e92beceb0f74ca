"""Linear: frozen linear layers with adapters that read the same input, run as one sum in place of a dozen."""

from collections.abc import Sequence
from typing import Any

import torch
from peft.tuners.lora import Linear


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


class Bundle:
    """Layers that read the same input: their weights lie in one matrix, of which each keeps its part."""

    def __init__(self, layers: Sequence[Linear]) -> None:
        self.layers = layers
        weights = [layer.base_layer.weight for layer in layers]
        self.sizes = [len(weight) for weight in weights]
        self.weight = torch.cat([weight.detach() for weight in weights])
        for weight, part in zip(weights, torch.split(self.weight, self.sizes), strict=True):
            weight.data = part
        self._read: torch.Tensor | None = None
        self._ready: list[torch.Tensor] = []

    def outputs(self, x: torch.Tensor) -> torch.Tensor:
        """What all layers make of an input, side by side."""
        names = [layer.active_adapters[0] for layer in self.layers]
        downs = [layer.lora_A[name].weight for layer, name in zip(self.layers, names, strict=True)]
        ups = [layer.lora_B[name].weight for layer, name in zip(self.layers, names, strict=True)]
        down, up = (downs[0], ups[0]) if len(names) == 1 else (torch.cat(downs), torch.block_diag(*ups))  # type: ignore[no-untyped-call]
        scale = self.layers[0].scaling[names[0]]
        mixed: torch.Tensor = _LowRank.apply(x, self.weight, down, up, scale)  # type: ignore[no-untyped-call]
        return mixed

    def output(self, x: torch.Tensor, layer: Linear) -> torch.Tensor:
        """What one layer makes of an input; the first that is asked works for the others, too."""
        if self._read is not x or not self._ready:
            self._read, self._ready = x, list(torch.split(self.outputs(x), self.sizes, -1))
        place = self.layers.index(layer)
        mixed = self._ready[place]
        if place == len(self.layers) - 1:  # asked in order, so nothing is held longer than needed
            self._read, self._ready = None, []
        return mixed


class BundledLinear(Linear):  # type: ignore[misc]
    """A linear layer with one plain adapter, without dropout, that may run with others."""

    def forward(self, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        mixed: torch.Tensor = self.bundle.output(x, self)
        return mixed


def bundle(layers: Sequence[Linear]) -> Bundle:
    """Let plain adapted layers that read the same input run as one from now on."""
    bundled = Bundle(layers)
    for layer in layers:
        layer.__class__ = BundledLinear
        layer.bundle = bundled
    return bundled


def is_plain(layer: Any) -> bool:
    """Whether nothing but the sum of a frozen layer and one adapter happens in a layer."""
    if type(layer) is not Linear:
        return False
    has_dropout = any(not isinstance(part, torch.nn.Identity) for part in layer.lora_dropout.values())
    one_type = layer.lora_A[layer.active_adapters[0]].weight.dtype == layer.base_layer.weight.dtype
    return one_type and not (has_dropout or layer.lora_variant or layer.base_layer.bias is not None)


def are_alike(layers: Sequence[Any]) -> bool:
    """Whether layers are plain and scale their adapters alike, so that they may be bundled."""
    return all(map(is_plain, layers)) and len({layer.scaling[layer.active_adapters[0]] for layer in layers}) == 1
