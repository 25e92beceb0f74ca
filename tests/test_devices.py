"""One training at a time on a device: who waits, for whom, and that nobody waits for the dead."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paragraf import processes
from paragraf.devices import FOLDER, device_held, device_names, holders
from paragraf.errors import NoPermission

ROOT = Path(__file__).parents[1]
HOLD = (
    "import sys\nfrom paragraf.devices import device_held\n"
    "with device_held('run other', print):\n print('held', flush=True)\n sys.stdin.readline()\n"
)


@pytest.fixture(autouse=True)
def own_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path / "devices"))
    monkeypatch.setattr(processes, "_NVIDIA", tmp_path / "no-gpu")


@contextmanager
def other_training(home: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the device until its input has a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PARAGRAF_HOME": home},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class _Enough(Exception):
    pass


def test_who_finds_the_device_taken_says_by_whom_and_gets_it_afterwards(tmp_path: Path) -> None:
    told: list[str] = []
    with other_training(str(tmp_path / "other")) as process:

        def let_go() -> None:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

        timer = threading.Timer(0.7, let_go)
        timer.start()
        with device_held("run mine", told.append):
            assert holders() == {"cpu": f"run mine, process {os.getpid()}, workspace {tmp_path}"}
        timer.join()
    assert told == [
        "Waits for the cpu, where another training is at work: "
        f"run other, process {process.pid}, workspace {tmp_path / 'other'}."
    ]
    assert holders() == {}


def test_a_killed_training_holds_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    with other_training(str(tmp_path)) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with device_held("run mine", told.append):
            assert told == []


def test_waiting_ends_with_what_the_callback_raises(tmp_path: Path) -> None:
    def enough() -> None:
        raise _Enough

    with other_training(str(tmp_path)), pytest.raises(_Enough), device_held("run mine", print, enough):
        pytest.fail("the device was taken twice")


@pytest.mark.parametrize(
    ("visible", "names"),
    [("1,0", ["nvidia0", "nvidia1"]), ("", ["cpu"]), ("-1", ["cpu"]), ("GPU-5a", ["nvidiaGPU-5a"])],
)
def test_a_training_takes_every_gpu_that_it_may_see(
    visible: str, names: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "no-gpu").touch()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert device_names() == names


def test_a_folder_that_is_not_this_users_own_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FOLDER)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"paragraf-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NoPermission, match="belongs to another user"), device_held("run mine", print):
        pytest.fail("a link was followed")
