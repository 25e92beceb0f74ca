"""Training: an epoch of the same rows by the seed's recipe, by TRL's defaults and by ours, step by step in turns.

    python benchmarks/training.py --rows 32 --valid 12 --threads 2 --compile

All three train in one process and hand over after every step, so that what else the machine does costs all the same.
Printed: CPU seconds and useful tokens (no padding) a second, the time of an epoch, the most memory that a step took,
the answer loss on held-out rows before and after, and the share of the machine's bf16 matrix peak that the model's own
operations reach. With a GPU the same runs there.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=8589934592:glibc.malloc.trim_threshold=17179869184"


@dataclass
class Turn:
    """A recipe's trainer in a thread of its own, which works only while it holds the baton."""

    name: str
    make: Callable[[], Any]
    model: Any = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory: int = 0  # bytes that a step took above what was held before it
    steps: int = 0
    may_go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    has_stopped: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    is_done: bool = False

    def start(self) -> None:
        threading.Thread(target=self._work, daemon=True).start()

    def step(self) -> None:
        """One optimiser step, measured."""
        held = forget_peak()
        wall, cpu = time.perf_counter(), time.process_time()
        self.may_go.release()
        self.has_stopped.acquire()
        if self.steps:  # the first step also makes the trainer
            self.seconds += time.perf_counter() - wall
            self.cpu_seconds += time.process_time() - cpu
            self.memory = max(self.memory, peak() - held)
        self.steps += 1

    def _work(self) -> None:
        from transformers import TrainerCallback

        turn = self

        class Baton(TrainerCallback):  # type: ignore[misc]
            def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
                if state.global_step < state.max_steps:
                    turn.has_stopped.release()
                    turn.may_go.acquire()

        self.may_go.acquire()
        trainer = self.make()
        self.model = trainer.model
        trainer.add_callback(Baton())
        trainer.train()
        self.is_done = True
        self.has_stopped.release()


def main() -> None:
    """Run what the command line asks for and print a table; `--json` gives the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--valid", type=int, default=12)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--compile", action="store_true", help="ours with compiled layers, too")
    parser.add_argument("--only", nargs="*", default=["seed", "trl", "ours"])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if not os.environ.get("GLIBC_TUNABLES"):  # as the training child gets it; all recipes run with it here
        os.environ["GLIBC_TUNABLES"] = _MEMORY
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("PARAGRAF_HOME", folder)
        measure(asked, Path(folder))


def measure(asked: argparse.Namespace, folder: Path) -> None:
    """Train in turns and tell."""
    from paragraf.environment import set_defaults

    set_defaults()
    import torch

    torch.set_num_threads(asked.threads)
    from benchmarks.training_recipes import Rows, ours, seed, trl
    from paragraf.models import WHEEL_MODEL, find_base

    rows = Rows.of_sample(find_base(WHEEL_MODEL), asked.rows, asked.valid)
    recipes: dict[str, Callable[[], Any]] = {
        "seed": lambda: seed(rows, folder / "seed"),
        "trl": lambda: trl(rows, folder / "trl"),
        "ours": lambda: ours(rows, folder / "ours", compiled=False),
        "ours compiled": lambda: ours(rows, folder / "compiled", compiled=True),
    }
    wanted = [*asked.only, *(["ours compiled"] if asked.compile else [])]
    turns = [Turn(name, recipes[name]) for name in wanted]
    for turn in turns:
        turn.start()
    while any(not turn.is_done for turn in turns):
        for turn in turns:
            if not turn.is_done:
                turn.step()
        print(f"step {max(turn.steps for turn in turns)} of {rows.steps}", file=sys.stderr, flush=True)
    tell(turns, rows, asked)


def tell(turns: list[Turn], rows: Any, asked: argparse.Namespace) -> None:
    """The table; ratios are of CPU seconds to ours."""
    peak_flops = matrix_peak()
    before = rows.base_loss()
    own = next((turn.cpu_seconds for turn in turns if turn.name == "ours"), None)
    found = []
    for turn in turns:
        share = (turn.steps - 1) / turn.steps  # of the epoch, without the first step
        tokens = rows.tokens * share
        found.append(
            {
                "recipe": turn.name,
                "cpu_seconds": round(turn.cpu_seconds, 1),
                "times_ours": round(turn.cpu_seconds / own, 2) if own else None,
                "tokens_per_cpu_second": round(tokens / turn.cpu_seconds),
                "tokens_per_second": round(tokens / turn.seconds),
                "epoch_seconds": round(turn.seconds / share, 1),
                "memory_gib": round(turn.memory / 2**30, 2),
                "loss": round(rows.loss(turn.model), 3),
                "flop_utilisation": round(rows.flops * share / turn.seconds / peak_flops, 3),
            }
        )
    if asked.json:
        print(
            json.dumps({"rows": asked.rows, "tokens": rows.tokens, "peak_gflops": peak_flops / 1e9, "recipes": found})
        )
        return
    print(f"{asked.rows} rows, {rows.tokens} tokens, base loss {before:.3f}, bf16 peak {peak_flops / 1e9:.0f} GFLOP/s")
    print("".join(f"{name:>22}" for name in found[0]))
    for line in found:
        print("".join(f"{value!s:>22}" for value in line.values()))


def matrix_peak() -> float:
    """Floating-point operations a second of a large bf16 matrix product, the best of five."""
    import torch

    device, size = ("cuda", 8192) if torch.cuda.is_available() else ("cpu", 2048)
    one, other = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))
    best = 0.0
    for _ in range(6):  # the first warms up
        began = time.perf_counter()
        for _ in range(10):
            one @ other
        if device == "cuda":
            torch.cuda.synchronize()
        best = max(best, 10 * 2 * size**3 / (time.perf_counter() - began))
    return best


def forget_peak() -> int:
    """Begin to look for a new peak of memory; gives what is held now, in bytes."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
        return torch.cuda.memory_allocated()
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def peak() -> int:
    """The most memory that was held since, in bytes."""
    import torch

    return torch.cuda.max_memory_allocated() if torch.cuda.is_available() else _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
