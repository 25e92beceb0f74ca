"""The probing child: a few real steps of one candidate, on the longest rows first, then on rows of median length."""

import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import torch
from transformers import TrainerCallback

from paragraf.advise.candidates import GIB, least_gib, parameters_of
from paragraf.advise.probe import ProbeOrder
from paragraf.advise.rows import longest_then_median, tokens_of_epoch
from paragraf.jobs import child_main, write_entry
from paragraf.models import open_tokenizer
from paragraf.settings import one_line
from paragraf.train.engine import Material, build
from paragraf.train.journal import Journal, Points
from paragraf.train.monitor import Guard
from paragraf.train.rows import tokenised
from paragraf.train.trainer import SealingTrainer

if TYPE_CHECKING:
    from datasets import Dataset

_LONGEST_STEPS = 2  # in the second, the optimiser's states lie in memory from the beginning
_MEDIAN_STEPS = 3
_LEAST_STEPS = 3  # one to warm up, one with everything in memory, one of median length
_ENOUGH_SECONDS = 20.0  # of steps; a large model on a CPU does the least number of them
_MOST_ACCUMULATED = 4  # micro-batches a step: more of them need no more memory


def probe(order: ProbeOrder, work: Path) -> None:
    """Measure one candidate; too little memory is an answer, told in the journal, and no failure."""
    _be_the_first_to_go()
    torch.set_num_threads(order.threads)
    torch.manual_seed(order.settings.seed)
    free = _free_gib()
    tokenizer = open_tokenizer(order.base)
    rows = tokenised(Path(order.train), order.base, tokenizer)
    lengths = rows["length"]
    facts = {
        "kind": "cuda" if torch.cuda.is_available() else "cpu",
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else f"CPU, {order.threads} threads",
        "free_gib": free,
        "rows": len(rows),
        "epoch_tokens": tokens_of_epoch(lengths, rows["task"], order.settings.task_weights),
        "longest": max(lengths),
    }
    write_entry(work, {"what": "machine", **facts})
    if (least := least_gib(order.settings, parameters_of(order.base))) > free:
        message = f"not tried: weights and optimiser alone take {least:.1f} GiB"
        write_entry(work, {"what": "no_memory", "message": message})
        return
    _measure(order, Material(order.base, tokenizer, rows, rows, []), work)


def _measure(order: ProbeOrder, material: Material, work: Path) -> None:
    """Train a little, and say how it went."""
    _forget_peak()
    try:
        trainer = _prepared(order, material, work)
        trainer.train()
    except Exception as error:  # to tell it from a process that was killed
        if not _is_for_memory(error):
            write_entry(work, {"what": "failed", "message": one_line(f"{type(error).__name__}: {error}")})
            raise
        write_entry(work, {"what": "no_memory", "message": "memory ran out while it was measured"})
        return
    rows_at_once = trainer.args.per_device_train_batch_size
    write_entry(work, {"what": "peak", "gib": _peak_gib(), "rows_at_once": rows_at_once})


def _prepared(order: ProbeOrder, material: Material, work: Path) -> SealingTrainer:
    """The Trainer of a real run, on rows chosen for the probe, without what a run writes and measures on its way."""
    quiet = order.settings.monitor.model_copy(update={"retention": False, "prompts": 0})
    trainer = build(material, order.settings.model_copy(update={"monitor": quiet}), work)
    for watcher in (Journal, Points, Guard):
        trainer.remove_callback(watcher)
    arguments = trainer.args
    arguments.gradient_accumulation_steps = min(arguments.gradient_accumulation_steps, _MOST_ACCUMULATED)
    arguments.max_steps = _LONGEST_STEPS + _MEDIAN_STEPS
    arguments.save_strategy, arguments.eval_on_start = "no", False
    together = arguments.per_device_train_batch_size * arguments.gradient_accumulation_steps
    lengths = material.train["length"]
    chosen = longest_then_median(lengths, together, _LONGEST_STEPS, _MEDIAN_STEPS)
    trainer.train_dataset = material.train.select(chosen)
    trainer.sampler = _in_order(trainer.train_dataset)
    tokens = [sum(lengths[at] for at in chosen[step : step + together]) for step in range(0, len(chosen), together)]
    trainer.add_callback(Clock(work, tokens))
    return trainer


class Clock(TrainerCallback):  # type: ignore[misc]
    """Writes how long each step took for its tokens, and ends the probe when enough was seen."""

    def __init__(self, work: Path, tokens: list[int]) -> None:
        self._work = work
        self._tokens = tokens
        self._first = self._began = 0.0

    def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._began = time.monotonic()
        self._first = self._first or self._began

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        now = time.monotonic()
        step = state.global_step
        told = {"step": step, "of": state.max_steps, "tokens": self._tokens[step - 1], "seconds": now - self._began}
        write_entry(self._work, {"what": "step", **told})
        if step >= _LEAST_STEPS and now - self._first > _ENOUGH_SECONDS:
            control.should_training_stop = True


def _in_order(rows: "Dataset") -> "torch.utils.data.Sampler[int]":
    return torch.utils.data.SequentialSampler(rows)


def _be_the_first_to_go() -> None:
    """Where memory runs out, Linux ends this process and no other."""
    if sys.platform == "linux":
        Path("/proc/self/oom_score_adj").write_text("1000")


def _free_gib() -> float:
    """GiB that this process may use, with what it holds already: of the GPU, else of the machine or its container."""
    if torch.cuda.is_available():
        return torch.cuda.mem_get_info()[0] / GIB
    free = float(psutil.virtual_memory().available)
    limit, used = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")
    if used.is_file() and limit.read_text().strip().isdecimal():
        free = min(free, int(limit.read_text()) - int(used.read_text()))
    return (free + psutil.Process().memory_info().rss) / GIB


def _forget_peak() -> None:
    """Begin anew to watch for the most memory: what tokenising took is not what training takes."""
    if sys.platform == "linux" and os.access("/proc/self/clear_refs", os.W_OK):
        Path("/proc/self/clear_refs").write_text("5")  # man 5 proc


def _peak_gib() -> float:
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / GIB
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    # what getrusage gives on Linux is never below the memory of the process that started this one
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024 / GIB


def _is_for_memory(error: Exception) -> bool:
    """Whether an allocation failed; on a CPU torch says so in a plain RuntimeError."""
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "allocate memory" in str(error)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    child_main(ProbeOrder, probe)
