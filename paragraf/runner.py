"""Runner: a pure function and items in, results in the same order out; in this process, in several, or on Ray."""

import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any, Literal, Protocol, TypeVar

RunnerName = Literal["processes", "ray"]

A = TypeVar("A")
B = TypeVar("B")

_AHEAD = 3  # items a worker may be ahead of who reads the results: bounds memory, hides waiting
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
        self.workers = workers or len(os.sched_getaffinity(0))
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
        pool = self._pool
        running = deque(pool.submit(function, item) for item in first)
        for item in waiting:
            running.append(pool.submit(function, item))
            if len(running) >= _AHEAD * self.workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


class Ray:
    """Ray Data: the cluster that RAY_ADDRESS names, or else `workers` processes that Ray starts on this machine."""

    def __init__(self, workers: int | None = None) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        self.workers = workers or len(os.sched_getaffinity(0))

    def __enter__(self) -> "Ray":
        import ray

        if not ray.is_initialized():
            address = os.environ.get("RAY_ADDRESS")
            local: dict[str, Any] = {} if address else {"num_cpus": self.workers, "include_dashboard": False}
            ray.init(address=address, log_to_driver=False, **local)
        return self

    def __exit__(self, *error: object) -> None:
        import ray

        ray.shutdown()

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        raise NotImplementedError


def _die_with_parent(parent: int) -> None:
    """Bind a worker's life to its parent's, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
