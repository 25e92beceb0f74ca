"""Preflight: settings in, a checklist out, before any work is done that could be lost."""

import errno
import fcntl
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import psutil
from pydantic import BaseModel, ConfigDict, Field

from paragraf.errors import MissingInput, NoPermission, NoSpace
from paragraf.generator import OpenAISettings, check_key
from paragraf.load import at_hand
from paragraf.models import Base, find_base
from paragraf.publish import digest_of, hash_file
from paragraf.stage import StageSettings
from paragraf.workspace import home

_GIB = 2**30


class PreflightSettings(StageSettings):
    """What the machine must have before a run starts."""

    min_disk_gib: Annotated[float, Field(ge=0, description="Free disk space that a run needs, in GiB.")] = 2.0
    min_memory_gib: Annotated[
        float, Field(ge=0, description="Free memory that training needs, in GiB; less is a warning.")
    ] = 4.0


class Checklist(BaseModel):
    """What was found; `warnings` do not stop the run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Base | None
    source: str  # SHA-256 of the source's files, so that an edited file is read again
    free_disk_gib: float
    free_memory_gib: float
    warnings: list[str]

    def summary(self) -> str:
        """The stage's line in the log."""
        model = f", base model {self.base.name} {self.base.digest[:12]}" if self.base else ""
        return f"{self.free_disk_gib:.0f} GiB of disk and {self.free_memory_gib:.1f} GiB of memory are free{model}."


def preflight(
    settings: PreflightSettings,
    source: str,
    base_model: str | None,
    named: Sequence[tuple[str, str]] = (),
    endpoints: Sequence[OpenAISettings] = (),
) -> Checklist:
    """Check the source, the disk and the memory, and find (or unpack) the base model, where one is needed.

    `named` are the other files that the settings name: (setting, path); `endpoints` those that are asked with a key.

    Raises:
        BadSettings: there is no usable key for an endpoint.
        MissingInput: the source, a named file or the base model is not there.
        NoPermission: the workspace cannot be written, or its file system cannot lock or rename.
        NoSpace: too little disk space is free.
    """
    digest = _digest(source)
    for setting, path in named:
        if not Path(path).is_file():
            raise MissingInput(f"{path}: no such file; check {setting}.")
    for endpoint in endpoints:
        check_key(endpoint)
    probe(home())
    disk = shutil.disk_usage(home()).free / _GIB
    if disk < settings.min_disk_gib:
        raise NoSpace(f"{home()}: {disk:.1f} GiB are free, {settings.min_disk_gib:g} are needed; free some space.")
    memory = psutil.virtual_memory().available / _GIB
    warnings = []
    if base_model and memory < settings.min_memory_gib:
        warnings.append(f"{memory:.1f} GiB of memory are free, {settings.min_memory_gib:g} are advised for training.")
    return Checklist(
        base=find_base(base_model) if base_model else None,
        source=digest,
        free_disk_gib=disk,
        free_memory_gib=memory,
        warnings=warnings,
    )


def _digest(source: str) -> str:
    try:
        with at_hand(source) as files:
            return digest_of({file.name: hash_file(file) for file in files})
    except PermissionError as error:
        raise NoPermission(
            f"{error.filename}: no permission to read; allow it with chmod, or copy the file."
        ) from error


def probe(folder: Path) -> None:
    """Do once what every stage relies on: make a file, lock it, sync it, rename it."""
    first, second = folder / f".probe-{os.getpid()}", folder / f".probe-{os.getpid()}-renamed"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with first.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.fsync(file.fileno())
        first.rename(second)
        second.unlink()
    except PermissionError as error:
        raise NoPermission(f"{folder}: no permission to write; choose another folder with PARAGRAF_HOME.") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NoSpace(f"{folder}: the disk is full; free some space.") from error
        raise NoPermission(
            f"{folder}: cannot make, lock and rename files here ({error.strerror}); set PARAGRAF_HOME to a local disk."
        ) from error
