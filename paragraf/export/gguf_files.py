"""GGUF files: a base model's folder and an adapter in, the two files that llama.cpp runs together out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import torch
from safetensors import safe_open

from paragraf.errors import Damaged
from paragraf.export.pairs import Pair
from paragraf.export.vocabulary import reason_against as reason_against_tokenizer
from paragraf.export.vocabulary import write_vocabulary

Config = Any  # transformers ships no usable types


@dataclass(frozen=True, slots=True)
class _Family:
    """How llama.cpp knows a kind of model, and whether it wants the rows of q and k in another order."""

    architecture: gguf.MODEL_ARCH
    is_reordered: bool


# Reordered families turn neighbouring numbers of a head together (rotary positions as in Meta's own files); the
# others turn the halves of a head, as transformers does.
_FAMILIES = {
    "llama": _Family(gguf.MODEL_ARCH.LLAMA, True),
    "mistral": _Family(gguf.MODEL_ARCH.LLAMA, True),
    "qwen2": _Family(gguf.MODEL_ARCH.QWEN2, False),
    "qwen3": _Family(gguf.MODEL_ARCH.QWEN3, False),
}


def reason_against(folder: Path, config: Config) -> str:
    """Why a base model cannot be written as GGUF here; empty when it can."""
    if config.model_type not in _FAMILIES:
        return f"models of the kind {config.model_type!r} are not written as GGUF here (known: {', '.join(_FAMILIES)})"
    if (kind := config.rope_parameters["rope_type"]) != "default":
        return f"rotary positions of the kind {kind!r} are not written as GGUF here"
    places = Places(config)
    strange = [name for name, _ in _tensors(folder) if not places.has(name)]
    if strange:
        return f"its weight {strange[0]} has no name in GGUF"
    return reason_against_tokenizer(folder)


def write_base(folder: Path, config: Config, name: str, file: Path) -> None:
    """Write a base model's weights as f16, with its tokenizer and its chat template.

    f16 holds a bf16 weight exactly from 0.00006 up and to 0.00000003 below. llama.cpp rounds what goes between layers
    to the weights' type, and f16 keeps three more bits of it: on bf16 weights it was 13 times further from PyTorch.
    """
    places = Places(config)
    writer = gguf.GGUFWriter(file, gguf.MODEL_ARCH_NAMES[places.family.architecture])
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(name)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _write_shape(writer, config)
    write_vocabulary(writer, folder, config.vocab_size)
    for tensor_name, tensor in _tensors(folder):
        kind = torch.float32 if tensor.dim() == 1 else torch.float16
        _add(writer, places.of(tensor_name), places.reordered(tensor_name, tensor), kind)
    _finish(writer)


def write_adapter(pairs: Iterable[Pair], config: Config, alpha: float, file: Path) -> None:
    """Write an adapter; llama.cpp scales every pair by alpha / rank, what differs from that goes into its numbers."""
    places = Places(config)
    writer = gguf.GGUFWriter(file, gguf.MODEL_ARCH_NAMES[places.family.architecture])
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    for pair in pairs:
        name = f"{pair.name}.weight"
        up = places.reordered(name, pair.up.float()) * (pair.scale * pair.up.shape[1] / alpha)
        _add(writer, f"{places.of(name)}.lora_a", pair.down, torch.float32)
        _add(writer, f"{places.of(name)}.lora_b", up, torch.float32)
    _finish(writer)


class Places:
    """Where a model's weights stand in GGUF."""

    def __init__(self, config: Config) -> None:
        self.family = _FAMILIES[config.model_type]
        self._names = gguf.get_tensor_name_map(self.family.architecture, config.num_hidden_layers)
        self._heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}

    def has(self, name: str) -> bool:
        return self._names.get_name(name, try_suffixes=(".weight", ".bias")) is not None

    def of(self, name: str) -> str:
        return str(self._names.get_name(name, try_suffixes=(".weight", ".bias")))

    def reordered(self, name: str, rows: torch.Tensor) -> torch.Tensor:
        """Rows of a weight as llama.cpp wants them: the two halves of each head of q and k interleaved."""
        if not (heads := self._heads_of(name)):
            return rows
        return rows.reshape(heads, 2, -1, *rows.shape[1:]).transpose(1, 2).reshape(rows.shape)

    def in_order(self, name: str, rows: torch.Tensor) -> torch.Tensor:
        """Rows of a weight as transformers wants them."""
        if not (heads := self._heads_of(name)):
            return rows
        return rows.reshape(heads, -1, 2, *rows.shape[1:]).transpose(1, 2).reshape(rows.shape)

    def _heads_of(self, name: str) -> int:
        return self._heads.get(name.split(".")[-2], 0) if self.family.is_reordered else 0


def _write_shape(writer: gguf.GGUFWriter, config: Config) -> None:
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_rope_dimension_count(head)
    writer.add_vocab_size(config.vocab_size)


def _tensors(folder: Path) -> Iterator[tuple[str, torch.Tensor]]:
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118  # not a mapping
                yield name, file.get_tensor(name)


def _add(writer: gguf.GGUFWriter, name: str, tensor: torch.Tensor, kind: torch.dtype) -> None:
    numbers = tensor.to("cpu", kind).contiguous()
    if not torch.isfinite(numbers).all():
        raise Damaged(f"{name}: holds numbers that are not finite as {kind}; export with --no-export.gguf.")
    writer.add_tensor(name, numbers.numpy())


def _finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
