"""Files and uploads: what comes in is what goes out, in one piece or in many, and no name leads anywhere."""

import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openai
import pytest

from tests.server.serving import Running, raw, rows

pytestmark = pytest.mark.slow

POLISH = "zażółć gęślą jaźń\n".encode() * 50


def test_a_file_comes_back_byte_by_byte_is_listed_and_can_be_deleted(server: Running) -> None:
    with server.client(_strict_response_validation=True) as (client, _):
        file = client.files.create(file=("a.jsonl", POLISH), purpose="fine-tune")
        assert (file.bytes, file.filename, file.status) == (len(POLISH), "a.jsonl", "processed")
        assert client.files.content(file.id).read() == POLISH
        assert client.files.retrieve(file.id) == file
        assert file.id in [one.id for one in client.files.list(purpose="fine-tune", limit=2)]
        assert file.id not in [one.id for one in client.files.list(purpose="batch")]
        assert client.files.delete(file.id).deleted
        with pytest.raises(openai.NotFoundError):
            client.files.retrieve(file.id)


def test_the_same_content_twice_is_on_disk_once_until_both_are_deleted(server: Running) -> None:
    content = b'{"once": true}\n'
    place = server.home / "server" / "files" / hashlib.sha256(content).hexdigest()
    with server.client() as (client, _):
        first, second = (client.files.create(file=(name, content), purpose="batch") for name in ("a", "b"))
        assert first.id != second.id
        client.files.delete(first.id)
        assert client.files.content(second.id).read() == content
        client.files.delete(second.id)
    assert not place.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow", "shadow"),
        ("..", "file"),
        ("zażółć 🙂.jsonl", "zażółć 🙂.jsonl"),
        ("a\u202egnp.jsonl", "agnp.jsonl"),
        ("x" * 1500, "x" * 200),
    ],
)
def test_a_name_is_shown_and_is_no_path(server: Running, name: str, shown: str) -> None:
    before = files_outside(server)
    with server.client() as (client, _):
        assert client.files.create(file=(name, POLISH), purpose="fine-tune").filename == shown
    assert files_outside(server) == before


@pytest.mark.parametrize(
    "path",
    ["/v1/files/..%2F..%2Fstate.db", "/v1/files/..%2Fstate.db/content", "/v1/files/%00/content", "/v1/files/x%0a"],
)
def test_an_id_leads_nowhere(server: Running, path: str) -> None:
    assert raw(server, "GET", path)[0] == 404


def test_a_file_for_another_purpose_is_refused(server: Running) -> None:
    with server.client() as (client, _), pytest.raises(openai.BadRequestError) as refused:
        client.files.create(file=("a.png", b"x"), purpose="vision")
    assert refused.value.param == "purpose"


def test_an_upload_in_parts_is_the_whole_also_where_a_letter_is_torn(server: Running) -> None:
    md5 = hashlib.md5(POLISH, usedforsecurity=False).hexdigest()
    with server.client() as (client, _):
        done = client.uploads.upload_file_chunked(
            file=POLISH,
            filename="part.jsonl",
            bytes=len(POLISH),
            mime_type="application/jsonl",
            purpose="fine-tune",
            part_size=7,
            md5=md5,
        )
        assert done.status == "completed" and done.file is not None
        assert POLISH[:7].decode("utf-8", "replace").endswith("\ufffd")
        assert client.files.content(done.file.id).read() == POLISH
        again = client.uploads.complete(done.id, part_ids=["any"])
        assert again.file is not None and again.file.id == done.file.id


def test_parts_come_together_in_the_order_that_is_asked_for(server: Running) -> None:
    with server.client() as (client, _):
        upload = client.uploads.create(bytes=6, filename="x", mime_type="application/jsonl", purpose="batch")
        second = client.uploads.parts.create(upload.id, data=io.BytesIO(b"DEF"))
        first = client.uploads.parts.create(upload.id, data=io.BytesIO(b"ABC"))
        with pytest.raises(openai.BadRequestError, match="The parts have 3 bytes"):
            client.uploads.complete(upload.id, part_ids=[first.id])
        with pytest.raises(openai.BadRequestError, match="named once"):
            client.uploads.complete(upload.id, part_ids=[first.id, first.id])
        with pytest.raises(openai.BadRequestError) as refused:
            client.uploads.complete(upload.id, part_ids=[first.id, second.id], md5="0" * 32)
        assert refused.value.code == "checksum_mismatch"
        done = client.uploads.complete(upload.id, part_ids=[first.id, second.id])
        assert done.file is not None
        assert client.files.content(done.file.id).read() == b"ABCDEF"


def test_a_cancelled_upload_takes_no_part_and_leaves_nothing(server: Running) -> None:
    with server.client() as (client, _):
        upload = client.uploads.create(bytes=3, filename="x", mime_type="application/jsonl", purpose="batch")
        client.uploads.parts.create(upload.id, data=b"abc")
        assert client.uploads.cancel(upload.id).status == "cancelled"
        with pytest.raises(openai.BadRequestError, match="The upload is cancelled"):
            client.uploads.parts.create(upload.id, data=b"abc")
    assert not (server.home / "server" / "parts" / upload.id).exists()


def test_no_more_comes_in_than_was_announced(server: Running) -> None:
    with server.client() as (client, _):
        upload = client.uploads.create(bytes=3, filename="x", mime_type="application/jsonl", purpose="batch")
        with pytest.raises(openai.BadRequestError, match="More parts than were announced"):
            client.uploads.parts.create(upload.id, data=b"x" * 100)


def test_many_uploads_at_once_are_all_whole(server: Running) -> None:
    contents = [rows(3 + number) for number in range(8)] * 2
    with server.client() as (client, _), ThreadPoolExecutor(16) as pool:
        files = list(pool.map(lambda content: client.files.create(file=("a", content), purpose="fine-tune"), contents))
        assert len({file.id for file in files}) == 16
        assert list(pool.map(lambda file: client.files.content(file.id).read(), files)) == contents


def test_a_form_without_a_file_is_told_what_is_missing(server: Running) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n--x--\r\n'
    status, _, content = raw(server, "POST", "/v1/files", body, Content_Type="multipart/form-data; boundary=x")
    assert (status, json.loads(content)["error"]["param"]) == (400, "file")
    status, _, content = raw(server, "POST", "/v1/files", b"--y", Content_Type="multipart/form-data; boundary=x")
    assert status == 400 and json.loads(content)["error"]["type"] == "invalid_request_error"


def files_outside(server: Running) -> set[Path]:
    """Files of the workspace that are no content, and those beside it."""
    held = {path for path in server.home.rglob("*") if path.is_file() and "server/files" not in path.as_posix()}
    return {path for path in held | set(server.home.parent.iterdir()) if "state.db" not in path.name}
