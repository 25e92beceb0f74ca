"""Devices: the GPUs of this machine, or its CPU, held by one training at a time, whatever workspace it is of."""

import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from paragraf.errors import Busy, NoPermission
from paragraf.holding import held
from paragraf.processes import has_gpu
from paragraf.workspace import home

FOLDER = "PARAGRAF_DEVICES"  # names another folder for the locks: for a container, or for tests side by side
_POLL_SECONDS = 0.5


def device_names() -> list[str]:
    """What a training takes: every GPU that it may see, in a fixed order, or else the CPU."""
    if not has_gpu():
        return ["cpu"]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return sorted(path.name for path in Path("/dev").glob("nvidia[0-9]*")) or ["cpu"]
    numbers = [number.strip() for number in visible.split(",") if number.strip() not in ("", "-1")]
    return sorted(f"nvidia{number}" for number in numbers) or ["cpu"]


@contextmanager
def device_held(
    what: str, tell: Callable[[str], None], while_waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold the devices of a training; while another one does, wait for it and `tell` once which it is.

    `what` is told to those who wait for this one. `while_waiting` is called a few times a second, and what it raises
    ends the waiting. The kernel frees a device however its holder ends.

    Raises:
        NoPermission: the folder of the locks is not this user's own.
    """
    with ExitStack() as taken:
        for name in device_names():
            path = _folder() / name
            _wait_for(path, taken, tell, while_waiting)
            path.write_text(f"{what}, process {os.getpid()}, workspace {home()}", "utf-8")
        yield


def holders() -> dict[str, str]:
    """Device -> the training that holds it now."""
    found = {}
    for name in device_names():
        path = _folder() / name
        try:
            with held(path, ""):
                continue
        except Busy:
            found[name] = _holder(path)
    return found


def _wait_for(path: Path, taken: ExitStack, tell: Callable[[str], None], while_waiting: Callable[[], None]) -> None:
    told = ""
    while True:
        try:
            taken.enter_context(held(path, ""))
            return
        except Busy:
            if (holder := _holder(path)) != told:
                told = holder
                tell(f"Waits for the {path.name}, where another training is at work: {holder}.")
            while_waiting()
            time.sleep(_POLL_SECONDS)


def _holder(path: Path) -> str:
    return path.read_text("utf-8") or "one that has just begun"


def _folder() -> Path:
    """The folder that the environment names, or one of this user alone: others who could write could hold it up."""
    if named := os.environ.get(FOLDER):
        Path(named).mkdir(parents=True, exist_ok=True)
        return Path(named)
    folder = Path(tempfile.gettempdir()) / f"paragraf-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise NoPermission(f"{folder}: belongs to another user; name a folder of your own in {FOLDER}.")
    return folder
