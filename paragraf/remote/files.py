"""Files: a file here in, the id of the one like it at an endpoint out; the same content never goes up twice."""

import hashlib
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from paragraf.publish import hash_file
from paragraf.remote.endpoint import MOST, Endpoint
from paragraf.remote.once import Patience, ensure
from paragraf.remote.profiles import Profile

if TYPE_CHECKING:
    from openai import OpenAI

_PART_BYTES = 64 << 20  # the most that the protocol allows


def ensure_file(endpoint: Endpoint, path: Path, profile: Profile, patience: Patience) -> str:
    """The id of the file with this content; it is known again by its name, which holds the content's hash.

    Raises:
        Refused: the endpoint does not take it.
        Unavailable: the endpoint does not answer as it should; the next run looks for the file first.
    """
    name, size = f"{path.stem}-{hash_file(path)[:16]}.jsonl", path.stat().st_size

    def find() -> str | None:
        def look(client: "OpenAI") -> str | None:
            listed = islice(client.files.list(purpose="fine-tune"), MOST)
            return next((one.id for one in listed if one.filename == name and one.bytes == size), None)

        return endpoint.ask("looking for the file", look)

    def send(client: "OpenAI") -> str:
        if profile.parts_from_bytes is None or size < profile.parts_from_bytes:
            with path.open("rb") as file:
                return client.files.create(file=(name, file), purpose="fine-tune").id
        return _in_parts(client, path, name)

    return ensure(find, lambda: endpoint.ask_once("sending the file", send), patience)


def _in_parts(client: "OpenAI", path: Path, name: str) -> str:
    """Part after part, each of which may be sent again; the endpoint checks the whole by its MD5."""
    upload = client.uploads.create(
        bytes=path.stat().st_size, filename=name, mime_type="application/jsonl", purpose="fine-tune"
    )
    total, parts = hashlib.md5(usedforsecurity=False), []
    with path.open("rb") as file:
        while data := file.read(_PART_BYTES):
            total.update(data)
            parts.append(client.with_options(max_retries=2).uploads.parts.create(upload.id, data=data).id)
    done = client.uploads.complete(upload.id, part_ids=parts, md5=total.hexdigest())
    if done.file is None:
        raise ValueError("the upload ended without a file")
    return done.file.id
