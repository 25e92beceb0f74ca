import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import pytest

from tasks.locks import KernelFileLocks

HOLD = (
    "import sys\nfrom pathlib import Path\nfrom tasks.locks import KernelFileLocks\n"
    "locks = KernelFileLocks(Path(sys.argv[1]))\n"
    "print(locks.acquire_lock(sys.argv[2], 'other', acquire_timeout=float(sys.argv[3])), flush=True)\n"
    "sys.stdin.readline()\nlocks.release_lock(sys.argv[2], 'other')\n"
)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "locks"


@contextmanager
def other_process(folder: Path, key: str, timeout: float = 0) -> Iterator[tuple[subprocess.Popen[str], bool]]:
    """A process that tries to take the lock, whether it could, and that gives it back when its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), key, str(timeout)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip() == "True"
    finally:
        process.kill()
        process.communicate()


def test_of_two_processes_one_holds_the_lock(folder: Path) -> None:
    with other_process(folder, "key") as (_, got_it):
        mine = KernelFileLocks(folder)
        assert got_it
        assert mine.is_locked("key")
        assert not mine.acquire_lock("key", "me", acquire_timeout=0)
        assert mine.acquire_lock("another key", "me", acquire_timeout=0)


def test_a_lock_of_this_process_keeps_another_process_out(folder: Path) -> None:
    mine = KernelFileLocks(folder)
    assert mine.acquire_lock("key", "me")
    with other_process(folder, "key") as (_, got_it):
        assert not got_it


def test_a_killed_holder_holds_nothing(folder: Path) -> None:
    mine = KernelFileLocks(folder)
    with other_process(folder, "key") as (process, _):
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert not mine.is_locked("key")
        assert mine.acquire_lock("key", "me", acquire_timeout=0)


def test_a_waiting_process_gets_the_lock_when_it_is_given_back(folder: Path) -> None:
    mine = KernelFileLocks(folder)
    with other_process(folder, "key") as (process, _):
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert mine.acquire_lock("key", "me", acquire_timeout=20)


def test_waiting_ends_at_its_timeout(folder: Path) -> None:
    mine, second = KernelFileLocks(folder), KernelFileLocks(folder)
    mine.acquire_lock("key", "me")
    began = time.monotonic()
    assert not second.acquire_lock("key", "you", acquire_timeout=0.3)
    assert not second.wait_for_lock("key", timeout=0.3)
    assert 0.6 <= time.monotonic() - began < 5


def test_two_holders_in_one_process_exclude_each_other(folder: Path) -> None:
    locks = KernelFileLocks(folder)
    assert locks.acquire_lock("key", "me")
    assert locks.acquire_lock("key", "me", acquire_timeout=0)
    assert not locks.acquire_lock("key", "you", acquire_timeout=0)
    assert locks.is_lock_holder("key", "me")
    assert not locks.is_lock_holder("key", "you")


def test_many_threads_hold_the_lock_one_after_the_other(folder: Path) -> None:
    locks = KernelFileLocks(folder)
    inside: list[int] = []
    seen: list[int] = []

    def work(number: int) -> None:
        locks.acquire_lock("key", str(number))
        inside.append(number)
        seen.append(len(inside))
        time.sleep(0.01)
        inside.remove(number)
        locks.release_lock("key", str(number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == [1] * 6


def test_only_the_holder_may_give_a_lock_back(folder: Path) -> None:
    locks = KernelFileLocks(folder)
    locks.acquire_lock("key", "me")
    with pytest.raises(ValueError, match="you does not hold the lock of key"):
        locks.release_lock("key", "you")
    locks.release_lock("key", "me")
    assert not locks.is_locked("key")
    with pytest.raises(ValueError, match="me does not hold"):
        locks.release_lock("key", "me")


def test_a_key_may_be_anything_and_never_leads_out_of_the_folder(folder: Path) -> None:
    locks = KernelFileLocks(folder)
    keys = ["../../out", "/etc/passwd", "a" * 5000, "żółć", ""]
    assert [locks.acquire_lock(key, "me", acquire_timeout=0) for key in keys] == [True] * len(keys)
    assert len(list(folder.iterdir())) == len(keys)
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name]


def test_asking_leaves_no_open_file_behind(folder: Path) -> None:
    locks, held = KernelFileLocks(folder), KernelFileLocks(folder)
    held.acquire_lock("held", "me")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(20):
        locks.is_locked("free")
        locks.is_locked("held")
        locks.acquire_lock("held", "you", acquire_timeout=0)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_copied_policy_shares_the_locks(folder: Path) -> None:
    locks = KernelFileLocks(folder)
    assert deepcopy(locks) is locks
