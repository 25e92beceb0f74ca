"""Runner: a pure function and items in, results in the same order out; in this process, in several, or on Ray."""

import ctypes
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, Literal, Protocol, TypeVar

from paragraf.errors import BadSettings, ChildFailed
from paragraf.processes import cores

RunnerName = Literal["processes", "ray"]

A = TypeVar("A")
B = TypeVar("B")

_AHEAD = 3  # items a worker may be ahead of who reads the results: bounds memory, hides waiting
_WINDOW = 64  # items a worker of a cluster that are under way at once
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Runner(Protocol):
    """Where the work on rows is done; every runner gives the same results."""

    workers: int

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """Results in the order of the items; `function` is one that another process can import."""
        ...


class Here:
    """One item after the other in this process."""

    workers = 1

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        return map(function, items)


HERE = Here()


class Processes:
    """Several processes of this machine; they start with the first map of more than one item and end with the block."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cores()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        waiting = iter(items)
        first = list(islice(waiting, 2))
        if len(first) < 2 or self.workers == 1:
            yield from map(function, first)
            yield from map(function, waiting)
            return
        if self._pool is None:
            # spawn: a fork of a process with threads (Prefect, OpenMP) can hang
            self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"), _die_with_parent, (os.getpid(),))
        try:
            yield from _in_order(self._pool, _AHEAD * self.workers, function, chain(first, waiting))
        except BrokenProcessPool as error:
            raise ChildFailed(
                "a worker process was killed, most likely for memory; close other programs and run the same command"
                " again."
            ) from error


class Ray:
    """Ray Data: on the cluster that RAY_ADDRESS names, which shares this workspace's disk, or else on this machine."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or cores()

    def __enter__(self) -> "Ray":
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError as error:
            raise BadSettings("runner is 'ray', which is not installed; run pip install 'paragraf[ray]'.") from error
        if not ray.is_initialized():
            address = os.environ.get("RAY_ADDRESS")
            local: dict[str, Any] = {} if address else {"num_cpus": self.workers, "include_dashboard": False}
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **local)
        return self

    def __exit__(self, *error: object) -> None:
        import ray

        ray.shutdown()

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        import ray.data

        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        waiting = iter(items)
        while window := list(islice(waiting, _WINDOW * self.workers)):
            held = [{"held": _Held(item)} for item in window]
            done = ray.data.from_items(held, override_num_blocks=len(held)).map(partial(_apply, function))
            yield from (row["held"].value for row in done.iter_rows())


def open_runner(name: RunnerName) -> AbstractContextManager[Runner]:
    """The runner of that name with a worker for each core that this process may use."""
    return Ray() if name == "ray" else Processes()


@dataclass(frozen=True, slots=True)
class _Held:
    """Keeps Ray from turning a value into columns of its own types."""

    value: Any


def _apply(function: Callable[[Any], Any], row: dict[str, _Held]) -> dict[str, _Held]:
    return {"held": _Held(function(row["held"].value))}


def _in_order(pool: ProcessPoolExecutor, ahead: int, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
    running: deque[Future[B]] = deque()
    for item in items:
        running.append(pool.submit(function, item))
        if len(running) >= ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _die_with_parent(parent: int) -> None:
    """Bind a worker's life to its parent's, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
