"""Files: what was uploaded or made here, kept once for its content, under names that nobody outside chooses."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, ClassVar, Literal, get_args

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from paragraf.publish import publish_as
from paragraf.server.refusals import Refused, not_found
from paragraf.server.routes import Call, by_itself, listed, named
from paragraf.server.state import Shelf, State, Thing, new_id, now

Purpose = Literal["fine-tune", "batch", "fine-tune-results", "batch_output"]
_UPLOADED = ("fine-tune", "batch")
_CONTENT = "content"
_PIECE = 1 << 20
_LONGEST_NAME = 200


class File(Thing):
    """A file as the protocol shows it, and the hash of what is in it."""

    inside: ClassVar[frozenset[str]] = frozenset({"digest"})

    object: Literal["file"] = "file"
    bytes: int
    created_at: int
    expires_at: int | None = None
    filename: str
    purpose: Purpose
    status: Literal["processed"] = "processed"
    digest: str


class Files:
    """The files of this server."""

    def __init__(self, state: State, folder: Path) -> None:
        self._state = state
        self._folder = folder
        self._lock = Lock()  # what is deleted may be uploaded again at the same moment
        self.shelf = Shelf(state, "file", File)

    def calls(self) -> list[Call]:
        return [
            Call("POST", "/v1/files", self.upload, "Upload a file (multipart form: file, purpose).", gives=File),
            Call("GET", "/v1/files", self.browse, "List the files."),
            Call("GET", "/v1/files/{name}", self.retrieve, "Tell of a file.", gives=File),
            Call("GET", "/v1/files/{name}/content", self.download, "What is in a file."),
            Call("DELETE", "/v1/files/{name}", self.delete, "Delete a file."),
        ]

    def keep(self, pieces: Iterable[bytes], filename: str, purpose: Purpose, name: str | None = None) -> File:
        """Keep some content as a file; under an id that is known (`name`) no more than once."""
        with self._lock:
            size, digest = self._publish(pieces)
            thing = File(
                id=name or new_id("file-"),
                bytes=size,
                created_at=now(),
                filename=shown_name(filename),
                purpose=purpose,
                digest=digest,
            )
            return self.shelf.add(thing)

    def _publish(self, pieces: Iterable[bytes]) -> tuple[int, str]:
        hashed, size = hashlib.sha256(), 0
        with publish_as(self._folder, "file") as staged:
            with (staged.folder / _CONTENT).open("wb") as file:
                for piece in pieces:
                    hashed.update(piece)
                    size += len(piece)
                    file.write(piece)
            staged.name = hashed.hexdigest()
        return size, hashed.hexdigest()

    def find(self, name: str) -> File | None:
        """The file of an id, unless its time is over or its content was forgotten."""
        file = self.shelf.get(name)
        return file if file and self.is_live(file) else None

    def path(self, digest: str) -> Path:
        """Where some content is."""
        return self._folder / digest / _CONTENT

    @by_itself
    async def upload(self, request: Request) -> Response:
        async with request.form(max_files=1, max_fields=8) as form:
            given, purpose = form.get("file"), form.get("purpose")
            if not isinstance(given, UploadFile):
                raise Refused(400, "file is missing.", param="file", code="missing_required_parameter")
            kept = checked_purpose(str(purpose) if isinstance(purpose, str) else "")
            seconds = seconds_kept(form.get("expires_after[anchor]"), form.get("expires_after[seconds]"))
            file = await run_in_threadpool(self.keep, pieces_of(given.file), given.filename or "file", kept)
        if seconds:
            file = self.shelf.change(file.id, expires_at=file.created_at + seconds) or file
        return JSONResponse(file.shown())

    def browse(self, request: Request) -> dict[str, Any]:
        purpose = request.query_params.get("purpose")
        return listed(request, self.shelf, keeps=lambda file: purpose in (None, file.purpose) and self.is_live(file))

    def is_live(self, file: File) -> bool:
        return (file.expires_at is None or file.expires_at > now()) and self.path(file.digest).is_file()

    def retrieve(self, request: Request) -> File:
        return self._found(named(request))

    def download(self, request: Request) -> Response:
        file = self._found(named(request))
        return FileResponse(self.path(file.digest), media_type="application/octet-stream", filename=file.filename)

    def delete(self, request: Request) -> dict[str, Any]:
        file = self._found(named(request))
        with self._lock:
            self.shelf.drop(file.id)
            if not any(other.digest == file.digest for other in self.shelf.all()):
                shutil.rmtree(self._folder / file.digest, ignore_errors=True)
        return {"id": file.id, "object": "file", "deleted": True}

    def _found(self, name: str) -> File:
        file = self.find(name)
        if file is None:
            raise not_found("File object", name)
        return file


def checked_purpose(purpose: str) -> Purpose:
    """What an uploaded file can be for."""
    if purpose not in _UPLOADED or purpose not in get_args(Purpose):
        message = f"purpose must be one of {', '.join(_UPLOADED)} here."
        raise Refused(400, message, param="purpose", code="invalid_value")
    return "fine-tune" if purpose == "fine-tune" else "batch"


def shown_name(filename: str) -> str:
    """The last part of a file's name, without what no name should hold; it is shown, and never a path here."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:_LONGEST_NAME].strip(". ") or "file"


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """A file's bytes, a megabyte at a time."""
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def seconds_kept(anchor: object, seconds: object) -> int | None:
    """How long a file is kept, if that is said; raises Refused."""
    if anchor is None and seconds is None:
        return None
    text = str(seconds)
    if anchor != "created_at" or not text.isdecimal() or not 3600 <= int(text[:9]) <= 2_592_000:
        message = "expires_after: anchor must be created_at, seconds a whole number from 3600 to 2592000."
        raise Refused(400, message, param="expires_after", code="invalid_value")
    return int(text)
