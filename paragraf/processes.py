"""Processes: children that run in a group of their own, log to a file and never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil

from paragraf.errors import ChildFailed

_NVIDIA = Path("/dev/nvidiactl")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_OUT_OF_MEMORY = 137


class Child(Protocol):
    """A process that was started here, as `subprocess.Popen` shows it."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...


_awaited: set[Child] = set()  # by threads that are in `await_child`


def cores() -> int:
    """How many processor cores this process may use; the machine may have more."""
    return len(os.sched_getaffinity(0))


def has_gpu() -> bool:
    """Whether this machine has a GPU; asked without waking its driver, which no fork survives."""
    return _NVIDIA.exists()


def start_child(
    command: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    at_parents_death: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a program in its own process group; its output goes to the end of `log`, its input is closed.

    Linux ends it with the thread that started it: call this from the main thread, or from one that waits for it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "paragraf.processes", str(os.getpid()), str(int(at_parents_death)), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )


def run_child(
    command: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    while_waiting: Callable[[], None] = lambda: None,
) -> None:
    """Run a program to its end; `while_waiting` is called a few times a second and once after the end.

    Raises:
        ChildFailed: it ended with another code than 0; names the likely cause and the log.
    """
    before = log.stat().st_size if log.exists() else 0
    await_child(start_child(command, log, environment=environment), log, before, while_waiting)


def await_child(child: Child, log: Path, before: int, while_waiting: Callable[[], None]) -> None:
    """What `run_child` does with a child that was started when its log had `before` bytes."""
    _awaited.add(child)
    try:
        while child.poll() is None:
            while_waiting()
            time.sleep(0.2)
    finally:
        _awaited.discard(child)
        end_child(child)
    while_waiting()
    if child.returncode:
        raise ChildFailed(f"{log}: {_cause(child.returncode)}; last line: {_last_line(log, before)!r}.")


def end_awaited_children() -> None:
    """End the programs that other threads wait for in `await_child`: an interrupt reaches the main thread alone."""
    for child in list(_awaited):
        end_child(child)


def end_child(child: Child, grace_seconds: float = 5.0) -> None:
    """End a child and all that it started: ask first, insist after `grace_seconds`."""
    if child.poll() is None:
        _signal_group(child.pid, signal.SIGTERM)
        try:
            child.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            _signal_group(child.pid, signal.SIGKILL)
            child.wait()
    _signal_group(child.pid, signal.SIGKILL)


def end_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Let Linux send this process a signal when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def environments() -> Iterator[tuple[psutil.Process, Mapping[str, str]]]:
    """The running processes of this user, each with the environment that it was started with."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):  # it has just ended, or is another user's
            yield process, process.environ()


def end_strangers(processes: Sequence[psutil.Process], grace_seconds: float = 10.0) -> None:
    """End processes that are nobody's children here: ask those that started the others, insist after a while."""
    numbers = {process.pid for process in processes}
    for process in processes:
        with suppress(psutil.Error):
            if process.ppid() not in numbers:
                process.terminate()
    for process in _left_after(grace_seconds, processes):
        with suppress(psutil.Error):
            process.kill()
    _left_after(grace_seconds, processes)


def _left_after(seconds: float, processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """The processes that still run after some time, or none as soon as that is so."""
    end = time.monotonic() + seconds
    while (alive := [process for process in processes if _runs(process)]) and time.monotonic() < end:
        time.sleep(0.1)
    return alive


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def how_ended(code: int) -> str:
    """In words what a child's exit code says: a signal's name, or the code."""
    known = {item.value: item.name for item in signal.Signals}
    return f"by {known.get(-code, f'signal {-code}')}" if code < 0 else f"with code {code}"


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _cause(code: int) -> str:
    if code in (-signal.SIGKILL, _OUT_OF_MEMORY):
        free = psutil.virtual_memory().available / 2**30
        return (
            f"the child was killed, most likely for memory ({free:.1f} GiB are free now): lower the batch or row length"
        )
    return f"the child was ended {how_ended(code)}" if code < 0 else f"the child ended {how_ended(code)}"


def _last_line(log: Path, before: int) -> str:
    """The last line that was written after the first `before` bytes."""
    with log.open("rb") as file:
        file.seek(max(before, log.stat().st_size - 4096))
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _become(parent: int, number: int, command: Sequence[str]) -> None:
    """Bind this process's life to its parent's, then turn into the program."""
    end_with_parent(signal.Signals(number))
    if os.getppid() != parent:  # the parent died before the bond was made
        sys.exit(1)
    try:
        os.execvp(command[0], list(command))  # noqa: S606
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    _become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
