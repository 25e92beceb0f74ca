"""Uploads: a large file that comes in parts, in any order, and is one file when its owner says so."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from paragraf.publish import publish_as
from paragraf.server.files import Files, Purpose, checked_purpose, pieces_of, seconds_kept, shown_name
from paragraf.server.refusals import Refused, not_found
from paragraf.server.routes import Call, by_itself, named
from paragraf.server.state import Shelf, State, Thing, new_id, now

_LIVES_SECONDS = 3600
_MOST_PART_BYTES = 64 << 20  # the protocol's own limit
_PART = "part"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ExpiresAfter(_Form):
    anchor: Literal["created_at"]
    seconds: int


class UploadRequest(_Form):
    """The body that begins an upload."""

    filename: Annotated[str, Field(min_length=1, max_length=1000)]
    purpose: str
    bytes: Annotated[int, Field(ge=1)]
    mime_type: str
    expires_after: ExpiresAfter | None = None


class CompleteRequest(_Form):
    """The body that ends it: the parts in their order, and what the whole should be."""

    part_ids: Annotated[list[str], Field(min_length=1, max_length=10_000)]
    md5: str | None = None


class Upload(Thing):
    """An upload as the protocol shows it."""

    inside: ClassVar[frozenset[str]] = frozenset({"kept_seconds"})

    object: Literal["upload"] = "upload"
    bytes: int
    created_at: int
    expires_at: int
    filename: str
    purpose: Purpose
    status: Literal["pending", "completed", "cancelled", "expired"] = "pending"
    file: dict[str, Any] | None = None
    kept_seconds: int | None = None


class Part(Thing):
    """A part of one."""

    inside: ClassVar[frozenset[str]] = frozenset({"bytes"})

    object: Literal["upload.part"] = "upload.part"
    created_at: int
    upload_id: str
    bytes: int


class Uploads:
    """The uploads of this server; what an abandoned one left goes when the next one begins."""

    def __init__(self, state: State, files: Files, folder: Path, max_bytes: int) -> None:
        self._uploads = Shelf(state, "upload", Upload)
        self._parts = Shelf(state, "part", Part)
        self._files = files
        self._folder = folder
        self._max_bytes = max_bytes

    def calls(self) -> list[Call]:
        one = "/v1/uploads/{name}"
        return [
            Call("POST", "/v1/uploads", self.create, "Begin a file that comes in parts.", UploadRequest, Upload),
            Call("POST", f"{one}/parts", self.add_part, "Add a part (multipart form: data).", gives=Part),
            Call("POST", f"{one}/complete", self.complete, "Put the parts together.", CompleteRequest, Upload),
            Call("POST", f"{one}/cancel", self.cancel, "Give an upload up.", gives=Upload),
        ]

    def create(self, request: Request, asked: UploadRequest) -> Upload:
        purpose = checked_purpose(asked.purpose)
        if asked.bytes > self._max_bytes:
            message = f"bytes: the largest file here has {self._max_bytes} bytes."
            raise Refused(400, message, param="bytes", code="file_too_large")
        after = asked.expires_after
        self._sweep()
        upload = Upload(
            id=new_id("upload_"),
            bytes=asked.bytes,
            created_at=now(),
            expires_at=now() + _LIVES_SECONDS,
            filename=shown_name(asked.filename),
            purpose=purpose,
            kept_seconds=seconds_kept(after.anchor if after else None, after.seconds if after else None),
        )
        return self._uploads.add(upload)

    @by_itself
    async def add_part(self, request: Request) -> Response:
        upload = await run_in_threadpool(self._pending, named(request))
        async with request.form(max_files=1, max_fields=1) as form:
            data = form.get("data")
            if not isinstance(data, UploadFile):
                raise Refused(400, "data is missing.", param="data", code="missing_required_parameter")
            if (data.size or 0) > _MOST_PART_BYTES:
                raise Refused(400, "A part has at most 64 MB.", param="data", code="part_too_large")
            part = await run_in_threadpool(self._keep, upload, data)
        return JSONResponse(part.shown())

    def complete(self, request: Request, asked: CompleteRequest) -> Upload:
        """The file; the same call again gives the same one."""
        known = self._uploads.get(named(request))
        if known and known.status == "completed":
            return known
        upload = self._pending(named(request))
        parts = [self._parts.get(name) for name in asked.part_ids]
        own = [part for part in parts if part and part.upload_id == upload.id]
        if len(own) < len(parts) or len({part.id for part in own}) < len(own):
            message = "part_ids: each part of this upload is to be named once."
            raise Refused(400, message, param="part_ids", code="invalid_value")
        if (total := sum(part.bytes for part in own)) != upload.bytes:
            message = f"The parts have {total} bytes; {upload.bytes} were announced."
            raise Refused(400, message, param="part_ids", code="invalid_value")
        self._refuse_other_content(own, asked.md5)
        pieces = (piece for part in own for piece in self._read(part))
        file = self._files.keep(pieces, upload.filename, upload.purpose, f"file-{upload.id.removeprefix('upload_')}")
        if upload.kept_seconds:
            file = self._files.shelf.change(file.id, expires_at=file.created_at + upload.kept_seconds) or file
        done = self._uploads.change(upload.id, within=("pending",), status="completed", file=file.shown())
        shutil.rmtree(self._folder / upload.id, ignore_errors=True)
        if done is None:
            raise Refused(400, "The upload was cancelled meanwhile.", code="invalid_status")
        return done

    def cancel(self, request: Request) -> Upload:
        upload = self._pending(named(request))
        changed = self._uploads.change(upload.id, within=("pending",), status="cancelled")
        shutil.rmtree(self._folder / upload.id, ignore_errors=True)
        return changed or upload

    def _pending(self, name: str) -> Upload:
        upload = self._uploads.get(name)
        if upload is None:
            raise not_found("upload", name)
        if upload.status == "pending" and upload.expires_at < now():
            upload = self._uploads.change(name, within=("pending",), status="expired") or upload
        if upload.status != "pending":
            raise Refused(400, f"The upload is {upload.status}.", param="upload_id", code="invalid_status")
        return upload

    def _keep(self, upload: Upload, data: UploadFile) -> Part:
        part = Part(id=new_id("part_"), created_at=now(), upload_id=upload.id, bytes=data.size or 0)
        held = sum(other.bytes for other in self._parts.all() if other.upload_id == upload.id)
        if held + part.bytes > 2 * upload.bytes:  # a part that was sent twice is no harm; a full disk is
            raise Refused(400, "More parts than were announced.", param="data", code="file_too_large")
        with publish_as(self._folder / upload.id, part.id) as staged, (staged.folder / _PART).open("wb") as file:
            for piece in pieces_of(data.file):
                file.write(piece)
            file.flush()
        return self._parts.add(part)

    def _read(self, part: Part) -> Iterator[bytes]:
        with (self._folder / part.upload_id / part.id / _PART).open("rb") as file:
            yield from pieces_of(file)

    def _refuse_other_content(self, parts: list[Part], md5: str | None) -> None:
        if md5 is None:
            return
        hashed = hashlib.md5(usedforsecurity=False)
        for part in parts:
            for piece in self._read(part):
                hashed.update(piece)
        if hashed.hexdigest() != md5.lower():
            message = "md5: the parts put together have another checksum."
            raise Refused(400, message, param="md5", code="checksum_mismatch")

    def _sweep(self) -> None:
        for upload in self._uploads.all():
            if upload.status == "pending" and upload.expires_at < now():
                self._uploads.change(upload.id, within=("pending",), status="expired")
                shutil.rmtree(self._folder / upload.id, ignore_errors=True)
