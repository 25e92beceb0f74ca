"""Warm: jobs that begin with their modules imported: a server imports them once and forks a process for each job.

Importing torch and what lies on it takes as long as training on a few rows, and a search starts dozens of trainings.
"""

import gc
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from multiprocessing import forkserver, get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread
from typing import NamedTuple

from paragraf.processes import end_with_parent, has_gpu

_POLL_SECONDS = 0.05
_NOT_RUN = ModuleSpec("paragraf.__main__", None)  # the program of a package, which multiprocessing leaves alone

_warmed: dict[str, "_Start"] = {}
_asking = Lock()  # an exit code can be read once, and multiprocessing reads those of all its children at each start


class _Start(NamedTuple):
    """What the server begins with: its environment, and the modules that it imports."""

    environment: Mapping[str, str]
    imported: tuple[str, ...]


@contextmanager
def warmed(modules: Sequence[str], environment: Mapping[str, str], heavy: Sequence[str] = ()) -> Iterator[None]:
    """Start jobs of some modules warm while the block lasts; on a machine with a GPU they start as ever.

    They find their modules imported, and the heavy ones that these will import later. Imports look for a GPU, and one
    that was looked for before a fork is lost after it.
    """
    before = dict(_warmed)
    if sys.platform == "linux" and not has_gpu():
        _warmed.update(dict.fromkeys(modules, _Start(environment, (*heavy, *modules))))
    try:
        yield
    finally:
        _warmed.clear()
        _warmed.update(before)


def is_warm(module: str) -> bool:
    """Whether jobs of a module are to be started by `start_warm`."""
    return module in _warmed


class Forked:
    """A forked process as `subprocess.Popen` shows one."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def poll(self) -> int | None:
        with _asking:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(self._process.name, timeout or 0.0)
            time.sleep(_POLL_SECONDS)
        return code


def start_warm(module: str, argument: str, log: Path) -> Forked:
    """Like `python -m module argument` in a process group of its own, with its output at the end of `log`.

    Its environment is that of the caller now, though what was imported has seen the one that the server began with.

    It ends with the process that called, and the server after it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **_warmed[module].environment}
    told = (module, argument, str(log), environment)
    process = get_context("forkserver").Process(target=_run, args=told, daemon=True)
    with _asking, _without_main():
        _ensure_server(module)
        process.start()
    return Forked(process)


@contextmanager
def _without_main() -> Iterator[None]:
    """Call the program one that multiprocessing does not run again in each job, as it would the caller's.

    Nothing else of the program changes, for other threads may look at it meanwhile.
    """
    main = sys.modules["__main__"]
    before = main.__spec__
    main.__spec__ = _NOT_RUN
    try:
        yield
    finally:
        main.__spec__ = before


def _ensure_server(module: str) -> None:
    """Start the server, if none runs, in the module's environment; some of it is read when a program starts."""
    start = _warmed[module]
    forkserver.set_forkserver_preload(["paragraf.warm_server", *start.imported])
    before = {name: os.environ.get(name) for name in start.environment}
    os.environ.update(start.environment)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _run(module: str, argument: str, log: str, environment: dict[str, str]) -> None:
    """In the forked process: become what the program would be."""
    gc.freeze()  # what was imported stays, and need not be looked at again
    os.environ.clear()
    os.environ.update(environment)
    end_with_parent()  # the server
    os.setsid()
    Thread(target=_end_with_caller, daemon=True).start()
    with Path(os.devnull).open("rb") as nothing, Path(log).open("ab") as output:
        os.dup2(nothing.fileno(), 0)
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    sys.argv = [module, argument]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_caller() -> None:
    caller = parent_process()
    if caller:
        caller.join()  # returns at once if it is dead already
        os.killpg(0, signal.SIGKILL)
