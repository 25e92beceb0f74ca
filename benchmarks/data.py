"""Data stages: what the way of a row from load to format costs, at several sizes, on one runner or two.

    python benchmarks/data.py --rows 10000 100000 1000000 --runner processes ray --workers 4

Every size is a fresh process in a fresh workspace. All figures are by row of the source, so that the stages add up. CPU
seconds are of all processes, starting them included; memory is what they hold for themselves and share by tmpfs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil

_SEED = 1
_SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """What a stage took: seconds on the clock and of all processors, and the most memory (bytes) at once."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Run:
    """The costs of the stages over so many rows, and what came of them."""

    rows: int
    runner: str
    costs: dict[str, Cost]
    found: dict[str, Any]

    def cost(self, stage: str) -> Cost:
        """Of a stage, or of all."""
        if stage != "all":
            return self.costs[stage]
        costs = self.costs.values()
        walls, cpus, peaks = zip(*((cost.wall, cost.cpu, cost.peak) for cost in costs), strict=True)
        return Cost(sum(walls), sum(cpus), max(peaks))

    def effort(self, stage: str) -> float:
        """Seconds of CPU for 1000 rows of the source."""
        return 1000 * self.cost(stage).cpu / self.rows


def main() -> None:
    """Print a table a run, then how the cost of a row grows with their number."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--runner", nargs="+", choices=["processes", "ray"], default=["processes"])
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--no-alternatives", action="store_true", help="skip what others take for single stages")
    asked = parser.parse_args()
    _compare(sorted(asked.rows), asked.runner, asked.workers, not asked.no_alternatives)


def _compare(sizes: list[int], runners: list[str], workers: int, with_alternatives: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = unpacked_base(folder / "base")
        runs: list[Run] = []
        for rows in sizes:
            source = folder / f"rows-{rows}.jsonl"
            _run("rows.py", rows, source, "--seed", _SEED)
            for runner in runners:
                runs.append(measured(rows, source, base, runner, workers))
                print(table(runs[-1]), flush=True)
            if rows != sizes[0]:
                source.unlink()
        print("\n".join(growth(runs)), agreement(runs), sep="\n", flush=True)
        if with_alternatives:
            _run("alternatives.py", folder / f"rows-{sizes[0]}.jsonl")


def unpacked_base(home: Path) -> Path:
    """The folder of the base model whose tokenizer counts; unpacked once, outside of what is measured."""
    os.environ["PARAGRAF_HOME"] = str(home)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:  # what unpacking needs of memory ends with it
        return pool.submit(_unpacked).result()


def _unpacked() -> Path:
    from paragraf.environment import set_defaults
    from paragraf.models import WHEEL_MODEL, find_base

    set_defaults()
    return find_base(WHEEL_MODEL).folder()


def measured(rows: int, source: Path, base: Path, runner: str, workers: int) -> Run:
    """Run the stages in a process of their own and watch it from here."""
    costs: dict[str, Cost] = {}
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as errors:
        command = _command("stages.py", source, base, "--runner", runner, "--workers", workers)
        environment = os.environ | {"PARAGRAF_HOME": home}
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors)
        assert child.stdout is not None  # asked for  # noqa: S101
        with Watch(child.pid) as watch:
            for line in child.stdout:
                told = json.loads(line)
                if stage := told.pop("stage", None):
                    seen, peak = watch.lap()
                    # the servers of a runner may end unwaited for: then only the watch has seen what they took
                    costs[stage] = Cost(told["wall"], max(told["cpu"], seen), peak)
                else:
                    found = told
        if child.wait():
            errors.seek(0)
            raise SystemExit(errors.read().decode(errors="replace")[-2000:])
    return Run(rows, runner, costs, found)


def _command(program: str, *arguments: object) -> list[str]:
    return [sys.executable, str(Path(__file__).with_name(program)), *map(str, arguments)]


def _run(program: str, *arguments: object) -> None:
    subprocess.run(_command(program, *arguments), check=True)


class Watch:
    """Looks at a process and all that descend from it, many times a second."""

    def __init__(self, process: int) -> None:
        self._root = psutil.Process(process)
        self._tmpfs = psutil.virtual_memory().shared
        self._peak = 0
        self._cpu: dict[psutil.Process, float] = {}
        self._counted = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def lap(self) -> tuple[float, int]:
        """Seconds of CPU and the most memory since the last lap."""
        cpu = sum(self._cpu.values())
        spent, self._counted = cpu - self._counted, cpu
        peak, self._peak = self._peak, 0
        return spent, peak

    def _look_on(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN_LOOKS):
            held = max(0, psutil.virtual_memory().shared - self._tmpfs)
            try:
                processes = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            for process in processes:
                try:
                    memory, times = process.memory_info(), process.cpu_times()
                except psutil.NoSuchProcess:
                    continue
                held += memory.rss - memory.shared
                self._cpu[process] = times.user + times.system
            self._peak = max(self._peak, held)


def table(run: Run) -> str:
    """The costs of a run, a stage a line."""
    lines = [f"\n{run.rows} rows, runner {run.runner}", f"{'stage':<10}{'rows/s':>10}{'CPU s/1000':>12}{'peak GB':>9}"]
    for name in (*run.costs, "all"):
        cost = run.cost(name)
        lines.append(f"{name:<10}{run.rows / cost.wall:>10.0f}{run.effort(name):>12.3f}{cost.peak / 1e9:>9.2f}")
    return "\n".join([*lines, *(f"{name}: {told}" for name, told in run.found.items())])


def growth(runs: list[Run]) -> Iterator[str]:
    """How many times the CPU of a row in the largest run is that in the smallest; a line a runner."""
    for runner in dict.fromkeys(run.runner for run in runs):
        ordered = sorted((run for run in runs if run.runner == runner), key=lambda run: run.rows)
        small, large = ordered[0], ordered[-1]
        if small is large:
            continue
        ratios = {name: large.effort(name) / small.effort(name) for name in (*large.costs, "all")}
        told = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
        yield f"\nCPU of a row at {large.rows} rows over that at {small.rows}, runner {runner}: {told}"


def agreement(runs: list[Run]) -> str:
    """Whether all runners made the same rows of the same source."""
    made: dict[int, set[str]] = {}
    for run in runs:
        made.setdefault(run.rows, set()).add(run.found["splits"])
    if differing := [rows for rows, digests in made.items() if len(digests) > 1]:
        return f"The runners DIFFER in the splits of {differing} rows."
    return "All runners made the same splits." if len(runs) > len(made) else ""


if __name__ == "__main__":
    main()
