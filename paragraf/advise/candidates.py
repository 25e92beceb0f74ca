"""Candidates: training settings in; other settings that need less memory out, with the flags to type for each."""

import importlib.util
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from paragraf.models import Base
from paragraf.train.settings import FullSettings, LocalTraining, LoraSettings

GIB = 2**30
GIVEN = "as given"
# Bytes a parameter. Full training: weights, gradients and Adam's two averages in fp32. Adapters: the frozen base; the
# adapters' own states are under a hundredth of that and are left out, as are activations: what is here is the least.
_FULL_BYTES = 16.0
_BASE_BYTES = {"bf16": 2.0, "8bit": 1.0, "4bit": 0.5}
_OF_A_WAY = {"backend", "learning_rate", "weight_decay"}  # what adapters and full training each have their own of


@dataclass(frozen=True, slots=True)
class Candidate:
    """Settings that may fit; `flags` are typed behind those that were given, and are empty for the given ones."""

    name: str
    settings: LocalTraining
    flags: str = ""


def first_candidates(given: LocalTraining) -> list[Candidate]:
    """The settings as given, then those that compute the same with less memory."""
    given = given.model_copy(update={"accelerate": ""})  # measured on one device
    found = [Candidate(GIVEN, given)]
    if not given.gradient_checkpointing:
        settings = given.model_copy(update={"gradient_checkpointing": True})
        found.append(Candidate("checkpointing", settings, "--train.gradient-checkpointing"))
    if given.micro_batch != 1 and given.batch_size > 1:
        found.append(Candidate("one row at once", _one_by_one(given), "--train.micro-batch 1"))
    return found


def last_resorts(given: LocalTraining, layers: int) -> Iterator[Candidate]:
    """For a machine on which none of the first fit: least harm first, each on top of what computes the same."""
    smallest = _one_by_one(given).model_copy(update={"gradient_checkpointing": True, "accelerate": ""})
    same = [candidate.flags for candidate in first_candidates(given)[1:]]
    flags = " ".join(same)
    if len(same) > 1:
        yield Candidate("both", smallest, flags)
    if isinstance(smallest, FullSettings):
        smallest = LoraSettings.model_validate(smallest.model_dump(exclude=_OF_A_WAY))
        flags = f"{flags} --train.backend lora".strip()
        yield Candidate("adapters", smallest, flags)
    if smallest.precision == "bf16" and can_pack():
        for precision in ("8bit", "4bit"):
            settings = smallest.model_copy(update={"precision": precision})
            yield Candidate(f"base in {precision}", settings, f"{flags} --train.precision {precision}".strip())
    half = max(1, layers // 2)
    if not 0 < smallest.top_layers <= half:
        settings = smallest.model_copy(update={"top_layers": half})
        yield Candidate("upper half", settings, f"{flags} --train.top-layers {half}".strip())


def can_pack() -> bool:
    """Whether a base model can be packed into 8 or 4 bits here."""
    return importlib.util.find_spec("bitsandbytes") is not None


def least_gib(settings: LocalTraining, parameters: int) -> float:
    """GiB without which a training cannot be, whatever its rows are."""
    bytes_each = _BASE_BYTES[settings.precision] if isinstance(settings, LoraSettings) else _FULL_BYTES
    return bytes_each * parameters / GIB


def parameters_of(base: Base) -> int:
    """Numbers in a base model, from the headers of its files."""
    return sum(_numbers(file) for file in base.folder().glob("*.safetensors"))


def layers_of(base: Base) -> int:
    """Layers of a base model."""
    config = json.loads((base.folder() / "config.json").read_text("utf-8"))
    return int(config.get("num_hidden_layers") or config.get("text_config", {}).get("num_hidden_layers", 0))


def _numbers(file: Path) -> int:
    """Numbers in a safetensors file: its header is JSON behind 8 bytes that hold its length."""
    with file.open("rb") as opened:
        header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
    return sum(math.prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")


def _one_by_one(given: LocalTraining) -> LocalTraining:
    return given.model_copy(update={"micro_batch": 1})
