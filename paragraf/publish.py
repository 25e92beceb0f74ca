"""Publish: a folder or file becomes visible whole or not at all: staged beside, hashed, fsynced, renamed."""

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from paragraf.errors import Damaged, NoPermission, NoSpace, ParagrafError
from paragraf.identity import ProcessIdentity

MANIFEST = "manifest.json"
_STAGE = ".stage-"
# safetensors; torch, which only sees that its file did not grow as it should
_NO_SPACE = re.compile(r"[Nn]o space left|os error 28|unexpected pos \d+ vs \d+")


@dataclass
class Staged:
    """A folder that is being written, and the name under which it will appear."""

    folder: Path
    name: str

    @property
    def final(self) -> Path:
        """Where it will appear, or has appeared."""
        return self.folder.parent / self.name

    def seal(self) -> dict[str, str]:
        """Hash and fsync what is in it; nothing may be written after. File name -> SHA-256 (hex)."""
        if not (self.folder / MANIFEST).exists():
            _seal(self.folder)
        return read_manifest(self.folder)


@contextmanager
def publish(final: Path) -> Iterator[Path]:
    """A staging folder to write into; at the end of the block it is sealed and renamed to `final`.

    A whole folder that is already there wins (names are content addresses) and the staged one is dropped;
    a damaged one is replaced. If the block raises, nothing is left.

    Raises:
        NoSpace: the disk is full.
        NoPermission: the folder cannot be written.
    """
    with publish_as(final.parent, final.name) as staged:
        yield staged.folder
        if (staged.folder / MANIFEST).exists():
            raise ValueError(f"{MANIFEST} is written here, not by who publishes")


@contextmanager
def publish_as(parent: Path, name: str) -> Iterator[Staged]:
    """Like `publish`, for content whose name is known only when it is whole: the block sets `name` at its end."""
    with disk_errors(parent / name):
        parent.mkdir(parents=True, exist_ok=True)
        staged = Staged(_stage_for(parent / name), name)
        try:
            staged.folder.mkdir()
            yield staged
            staged.seal()
            _reveal(staged.folder, staged.final)
        finally:
            shutil.rmtree(staged.folder, ignore_errors=True)


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A folder for work in progress that goes at the end of the block; after a kill the next run removes it."""
    with disk_errors(parent):
        parent.mkdir(parents=True, exist_ok=True)
        folder = _stage_for(parent / "scratch")
        try:
            folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish_file(final: Path, content: bytes) -> None:
    """Write one file beside its place, fsync it and rename it there; an older one is replaced in one step."""
    with disk_errors(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        stage = _stage_for(final)
        try:
            with stage.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            stage.replace(final)
            _sync_folder(final.parent)
        finally:
            stage.unlink(missing_ok=True)


def publish_secret(final: Path, content: bytes) -> None:
    """Like `publish_file`, for a file that nobody but its owner may read."""
    mask = os.umask(0o077)
    try:
        publish_file(final, content)
    finally:
        os.umask(mask)


@contextmanager
def disk_errors(final: Path) -> Iterator[None]:
    """What the disk refuses to take while the block writes `final` is told in one line.

    Raises:
        NoSpace, NoPermission: as `publish`.
    """
    try:
        yield
    except ParagrafError:
        raise
    except Exception as error:  # native writers tell of a full disk in exceptions of their own kinds
        number = error.errno if isinstance(error, OSError) else None
        if number in (errno.ENOSPC, errno.EDQUOT) or _NO_SPACE.search(str(error)):
            raise NoSpace(f"{final}: the disk is full; free some space and run the same command again.") from error
        if number in (errno.EACCES, errno.EROFS, errno.EPERM):
            message = f"{final}: no permission to write; choose another folder with PARAGRAF_HOME."
            raise NoPermission(message) from error
        raise


def verify(folder: Path) -> str:
    """Check every file of a published folder against its manifest and give the folder's digest.

    Raises:
        Damaged: the manifest or a file is missing, or a byte differs; names the file.
    """
    files = read_manifest(folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()}
    if strangers := found - files.keys() - {MANIFEST}:
        raise Damaged(f"{folder / min(strangers)}: not in the manifest; delete {folder} and run again.")
    for name, digest in files.items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise Damaged(f"{path}: named in the manifest but missing; delete {folder} and run again.")
        if hash_file(path) != digest:
            raise Damaged(f"{path}: its content does not match the manifest; delete {folder} and run again.")
    return digest_of(files)


def is_whole(folder: Path) -> bool:
    """Whether the folder is there and passes its manifest."""
    try:
        verify(folder)
    except Damaged:
        return False
    return True


def read_manifest(folder: Path) -> dict[str, str]:
    """File name -> SHA-256 as sealed; raises Damaged when there is no readable manifest."""
    path = folder / MANIFEST
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise Damaged(
            f"{path}: no readable manifest ({type(error).__name__}); delete {folder} and run again."
        ) from error


def digest_of(files: dict[str, str]) -> str:
    """One SHA-256 (hex) over the names and digests of a folder's files."""
    return hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 (hex) of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def abandoned_stages(root: Path) -> list[Path]:
    """Staging folders and files below `root` whose process is dead; folders that vanish meanwhile are passed over."""
    return sorted(
        Path(folder) / name
        for folder, folders, files in os.walk(root)
        for name in folders + files
        if name.startswith(_STAGE) and not ProcessIdentity.from_label(name.rsplit("-", 1)[0]).is_alive()
    )


def _stage_for(final: Path) -> Path:
    return final.parent / f"{_STAGE}{final.name[:64]}-{ProcessIdentity.mine().label()}-{os.urandom(4).hex()}"


def _seal(stage: Path) -> None:
    files = {}
    for path in sorted(stage.rglob("*")):
        if path.is_symlink():
            raise Damaged(f"{path}: a link may not be published.")
        if path.is_file():
            files[path.relative_to(stage).as_posix()] = hash_file(path)
            _sync_file(path)
    manifest = stage / MANIFEST
    manifest.write_text(json.dumps({"files": files}, indent=1, sort_keys=True), "utf-8")
    _sync_file(manifest)
    for folder in [path for path in stage.rglob("*") if path.is_dir()] + [stage]:
        _sync_folder(folder)


def _reveal(stage: Path, final: Path) -> None:
    if final.exists() and not is_whole(final):
        broken = _stage_for(final)
        final.rename(broken)
        shutil.rmtree(broken) if broken.is_dir() else broken.unlink()
    try:
        stage.rename(final)
    except OSError as error:
        # another process was first with the same content; if what it left is damaged, the error stands
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not is_whole(final):
            raise
    _sync_folder(final.parent)


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
