"""Services that end are started again, with pauses, and given up when they end at once every time."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows import supervision
from flows.supervision import Service, supervisor
from paragraf.errors import ChildFailed
from paragraf.processes import start_child


def service(folder: Path, code: str, has_its_needs: Callable[[], bool] = lambda: True) -> Service:
    log = folder / "some.log"
    return Service("The program", log, lambda: start_child([sys.executable, "-c", code], log), has_its_needs)


def started(folder: Path) -> int:
    """How often a service that writes a letter at its start has begun."""
    path = folder / "starts"
    return len(path.read_text()) if path.is_file() else 0


@pytest.fixture
def lasting(tmp_path: Path) -> str:
    """A program that writes a letter into a file and stays."""
    return f"open({str(tmp_path / 'starts')!r}, 'a').write('x')\nimport time\ntime.sleep(60)"


def until(condition: Callable[[], bool], then: Callable[[], None]) -> threading.Thread:
    """Do something in another thread as soon as a condition holds."""

    def wait() -> None:
        end = time.monotonic() + 30
        while not condition() and time.monotonic() < end:
            time.sleep(0.02)
        then()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_service_that_is_killed_is_started_again_and_ends_with_the_block(tmp_path: Path, lasting: str) -> None:
    told: list[str] = []
    stop = threading.Event()
    with supervisor(told.append) as kept:
        child = kept.add(service(tmp_path, lasting))
        killing = until(lambda: started(tmp_path) == 1, lambda: child.send_signal(signal.SIGKILL))
        ending = until(lambda: started(tmp_path) == 2, stop.set)
        kept.watch(stop)
        killing.join()
        ending.join()
        [second] = [kept_one.child for kept_one in kept._kept]
    assert told == ["The program ended by SIGKILL; it is started again in 1 s.", "The program is started again."]
    assert second is not None
    assert second.poll() is not None


def test_a_service_waits_for_what_it_needs(tmp_path: Path, lasting: str) -> None:
    stop, there = threading.Event(), threading.Event()
    asked: list[float] = []

    def has_its_needs() -> bool:
        asked.append(time.monotonic())
        if len(asked) > 2:
            there.set()
        return there.is_set()

    with supervisor(lambda line: None) as kept:
        child = kept.add(service(tmp_path, lasting, has_its_needs))
        killing = until(lambda: started(tmp_path) == 1, lambda: child.send_signal(signal.SIGKILL))
        ending = until(lambda: started(tmp_path) == 2, stop.set)
        kept.watch(stop)
        killing.join()
        ending.join()
    assert len(asked) == 3


def test_a_service_that_ends_at_once_every_time_is_given_up_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "_POLL_SECONDS", 0.05)
    monkeypatch.setattr(supervision, "_MOST_QUICK", 2)
    told: list[str] = []
    named = r"some\.log: The program ended with code 3, 2 times in a row"
    with pytest.raises(ChildFailed, match=named) as failed, supervisor(told.append) as kept:
        kept.add(service(tmp_path, "raise SystemExit(3)"))
        kept.watch(threading.Event())
    assert failed.value.exit_code == 70
    assert len(told) == 2


def test_the_last_service_ends_first(tmp_path: Path, lasting: str) -> None:
    with supervisor(lambda line: None) as kept:
        first, second = (kept.add(service(tmp_path, lasting)) for _ in range(2))
        kept.end(but=1)
        assert second.poll() is not None
        assert first.poll() is None
    assert isinstance(first, subprocess.Popen)
    assert first.poll() is not None
