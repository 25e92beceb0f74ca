"""Publish: a folder or file becomes visible whole or not at all: staged beside, hashed, fsynced, renamed."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paragraf.errors import Damaged, NoPermission, NoSpace
from paragraf.identity import ProcessIdentity

MANIFEST = "manifest.json"
_STAGE = ".stage-"


@contextmanager
def publish(final: Path) -> Iterator[Path]:
    """A staging folder to write into; at the end of the block it is sealed and renamed to `final`.

    A whole folder that is already there wins (names are content addresses) and the staged one is dropped;
    a damaged one is replaced. If the block raises, nothing is left.

    Raises:
        NoSpace: the disk is full.
        NoPermission: the folder cannot be written.
    """
    with _one_line_errors(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        stage = final.parent / f"{_STAGE}{final.name}-{ProcessIdentity.mine().label()}-{os.urandom(4).hex()}"
        stage.mkdir()
        try:
            yield stage
            _seal(stage)
            _reveal(stage, final)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def publish_file(final: Path, content: bytes) -> None:
    """Write one file beside its place, fsync it and rename it there; an older one is replaced in one step."""
    with _one_line_errors(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        stage = final.parent / f"{_STAGE}{final.name}-{ProcessIdentity.mine().label()}-{os.urandom(4).hex()}"
        try:
            with stage.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            stage.replace(final)
            _sync_folder(final.parent)
        finally:
            stage.unlink(missing_ok=True)


def verify(folder: Path) -> str:
    """Check every file of a published folder against its manifest and give the folder's digest.

    Raises:
        Damaged: the manifest or a file is missing, or a byte differs; names the file.
    """
    files = read_manifest(folder)
    for name, digest in files.items():
        path = folder / name
        if not path.is_file():
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
    """Staging folders and files below `root` whose process is dead."""
    return [
        path
        for path in sorted(root.rglob(f"{_STAGE}*"))
        if not ProcessIdentity.from_label(path.name.rsplit("-", 1)[0]).is_alive()
    ]


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
    if final.exists():
        if is_whole(final):
            return
        broken = final.parent / f"{_STAGE}broken-{stage.name.removeprefix(_STAGE)}"
        final.rename(broken)
        shutil.rmtree(broken, ignore_errors=True)
    stage.rename(final)
    _sync_folder(final.parent)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _one_line_errors(final: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # native writers tell of a full disk in errors of their own kinds
        number = error.errno if isinstance(error, OSError) else None
        if number in (errno.ENOSPC, errno.EDQUOT) or _is_full(final):
            raise NoSpace(f"{final}: the disk is full; free some space and run the same command again.") from error
        if number in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise NoPermission(
                f"{final}: no permission to write here; choose another folder with PARAGRAF_HOME."
            ) from error
        raise


def _is_full(final: Path) -> bool:
    existing = next(folder for folder in final.absolute().parents if folder.is_dir())
    return shutil.disk_usage(existing).free < 64 * 1024  # bytes; less than any stage writes
