"""Rows in a bucket: read as from a file, under their address, and gone from the workspace afterwards."""

import json
from pathlib import Path

import pytest

from paragraf.bucket import copied
from paragraf.errors import BadRow, BadSettings, MissingInput, NoPermission, ParagrafError, Unavailable
from paragraf.forget.sources import places
from paragraf.load import LoadSettings, load
from paragraf.preflight import PreflightSettings, preflight
from paragraf.records import Kept
from tests.team.stores import Team

pytestmark = pytest.mark.slow

ROWS = [
    {"question": f"Czy to jest pytanie numer {at}?", "answer": f"Tak, to jest odpowiedź numer {at}."} for at in (1, 2)
]


@pytest.fixture(autouse=True)
def keys(bucket: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, bucket.secrets[name])
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{bucket.ports['objects']}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def put(bucket: Team, key: str, lines: list[str]) -> str:
    path = bucket.bucket / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return f"s3://paragraf/{key}"


def read(source: str) -> list[tuple[str, str]]:
    kept = Kept.of(load(LoadSettings(source=source)))
    return [(record.question, record.source) for record in kept.records]


def test_an_object_is_read_as_a_file_is_and_no_copy_stays(bucket: Team, workspace: Path) -> None:
    address = put(bucket, "one/rows.jsonl", [json.dumps(row) for row in ROWS])
    assert read(address) == [(row["question"], f"rows.jsonl:{at}") for at, row in enumerate(ROWS, start=1)]
    assert [path for path in workspace.rglob("*") if path.is_file()] == []


def test_a_folder_is_what_lies_right_in_it(bucket: Team) -> None:
    for at, row in enumerate(ROWS):
        put(bucket, f"many/{at}.jsonl", [json.dumps(row)])
    put(bucket, "many/below/3.jsonl", [json.dumps(ROWS[0])])
    assert [source for _, source in read("s3://paragraf/many/")] == ["0.jsonl:1", "1.jsonl:1"]


def test_a_bad_row_is_named_by_its_address(bucket: Team) -> None:
    address = put(bucket, "bad/rows.jsonl", [json.dumps(ROWS[0]), '{"question": '])
    with pytest.raises(BadRow, match=r"^s3://paragraf/bad/rows\.jsonl:2: "):
        read(address)


def test_an_object_that_was_changed_is_read_again(bucket: Team) -> None:
    def digest() -> str:
        return preflight(PreflightSettings(min_disk_gib=0, min_memory_gib=0), address, None).source

    address = put(bucket, "changed.jsonl", [json.dumps(ROWS[0])])
    before = digest()
    assert digest() == before
    put(bucket, "changed.jsonl", [json.dumps(row) for row in ROWS])
    assert digest() != before


def test_a_forgotten_row_is_told_where_it_still_stands(bucket: Team) -> None:
    address = put(bucket, "told.jsonl", [json.dumps(row) for row in ROWS])
    [_, second] = Kept.of(load(LoadSettings(source=address))).records
    assert places([address], [second]) == [f"{address}:2"]


@pytest.mark.parametrize(
    ("address", "error", "told"),
    [
        ("s3://paragraf/nowhere.jsonl", MissingInput, "nothing is there"),
        ("s3://paragraf/nowhere/", MissingInput, "nothing is there"),
        ("s3://nobody/rows.jsonl", MissingInput, "nothing is there"),
        ("s3://paragraf", BadSettings, "is no address"),
        ("s3://key:secret@paragraf/rows.jsonl", BadSettings, "is no address"),
    ],
)
def test_what_is_not_there_is_told(address: str, error: type[ParagrafError], told: str) -> None:
    with pytest.raises(error, match=told), copied(address):
        pass


def test_wrong_keys_are_told_and_not_shown(bucket: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    address = put(bucket, "closed.jsonl", [json.dumps(ROWS[0])])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret-at-all")
    with pytest.raises(NoPermission, match="the store refuses") as refused, copied(address):
        pass
    assert "not-the-secret-at-all" not in str(refused.value)


def test_a_store_that_is_down_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(Unavailable, match="does not answer"), copied("s3://paragraf/rows.jsonl"):
        pass
