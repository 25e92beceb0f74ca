"""Reading back: exported files in, the weights that they hold out, to see that no change of the adapter was lost."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import gguf
import torch
from safetensors import safe_open

from paragraf.export.gguf_files import Config, Places
from paragraf.export.pairs import Pair
from paragraf.models import TorchModel


def lost_in_merged(changed: Iterable[Pair], base: Path, merged: Path) -> list[str]:
    """Weights that the adapter changes and that are still the base's own in the merged folder."""
    before, after = _files_of(base), _files_of(merged)
    return [
        pair.name
        for pair in changed
        if (name := f"{pair.name}.weight") not in after or torch.equal(_read(before, name), _read(after, name))
    ]


def lost_in_adapter(changed: Iterable[Pair], config: Config, file: Path) -> list[str]:
    """Weights that the adapter changes and for which its GGUF file holds no pair."""
    places, held = Places(config), {tensor.name for tensor in gguf.GGUFReader(file).tensors}
    return [
        pair.name
        for pair in changed
        if not {f"{places.of(f'{pair.name}.weight')}.lora_{half}" for half in "ab"} <= held
    ]


def put_on(model: TorchModel, base: Path, adapter: Path) -> None:
    """Replace an fp32 model's weights by those of a GGUF base with its GGUF adapter."""
    places = Places(model.config)
    held, added = dict(_tensors(base)), dict(_tensors(adapter))
    scale = gguf.GGUFReader(adapter).get_field(gguf.Keys.Adapter.LORA_ALPHA).contents()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            place = places.of(name)
            found = held[place]
            if f"{place}.lora_b" in added:
                up, down = added[f"{place}.lora_b"], added[f"{place}.lora_a"]
                found = found + scale / up.shape[1] * (up @ down)
            weight.copy_(places.in_order(name, found))


def _tensors(file: Path) -> Iterator[tuple[str, torch.Tensor]]:
    for tensor in gguf.GGUFReader(file).tensors:
        rows = gguf.dequantize(tensor.data, tensor.tensor_type)
        yield tensor.name, torch.from_numpy(rows.reshape([int(size) for size in reversed(tensor.shape)]).copy())


def _files_of(folder: Path) -> dict[str, Path]:
    found = {}
    for path in folder.glob("*.safetensors"):
        with safe_open(path, framework="pt") as file:
            found.update(dict.fromkeys(file.keys(), path))
    return found


def _read(files: dict[str, Path], name: str) -> torch.Tensor:
    with safe_open(files[name], framework="pt") as file:
        tensor: torch.Tensor = file.get_tensor(name)
    return tensor
