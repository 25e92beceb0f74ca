"""The referee of forgetting: a search of every byte of a workspace for texts, in any form that a file may give them.

It shares no code with the search of the command itself.
"""

import base64
import gzip
import html
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from paragraf.load import LoadSettings, load
from paragraf.records import Record

_BEGINNING = 40  # characters by which an excerpt is found


def texts_of(record: Record) -> list[str]:
    """What of a row must not be found: its question, its answer, their beginnings and its facts."""
    whole = [record.question, record.answer]
    return [*whole, *(text[:_BEGINNING] for text in whole), *record.facts]


def places_with(workspace: Path, texts: list[str]) -> list[str]:
    """The files of a workspace that hold one of the texts; the base model, which is older than any row, is passed."""
    needles = {form for text in texts for form in _forms(text)}
    files = [path for path in sorted(workspace.rglob("*")) if path.is_file()]
    mine = [path for path in files if (workspace / "models" / "base") not in path.parents]
    held = [(path, path.read_bytes()) for path in mine]  # before a database is opened, which takes its log away
    return [path.relative_to(workspace).as_posix() for path, content in held if _has(content, needles, path)]


def _forms(text: str) -> Iterator[bytes]:
    once = json.dumps(text)[1:-1]
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    yield from (one.encode() for one in (text, once, plain, once.upper(), html.escape(text), repr(text)[1:-1]))
    yield from (json.dumps(one)[1:-1].encode() for one in (once, plain))  # JSON in JSON
    yield text.encode("utf-16-le")
    raw = text.encode()
    for start in range(3):  # wherever in a triple of bytes the text begins; both ends depend on what stands beside
        held = base64.b64encode(b"\0" * start + raw)
        yield held[4 : len(held) // 4 * 4 - 4]


def _has(content: bytes, needles: set[bytes], path: Path | None = None) -> bool:
    if any(needle in content for needle in needles):
        return True
    return any(_has(inner, needles) for inner in _inside(content, path))


def _inside(content: bytes, path: Path | None) -> Iterator[bytes]:
    if content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif content.startswith(b"PK\x03\x04") and path:
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif content.startswith(b"PAR1") and path:
        from pyarrow import parquet

        yield json.dumps(parquet.read_table(path).to_pylist(), default=str).encode()
    elif content.startswith(b"SQLite format 3\0") and path:
        with closing(sqlite3.connect(path)) as database:  # one left open goes wrong once a run has renewed the file
            yield "\n".join(database.iterdump()).encode("utf-8", "ignore")
    elif content.startswith(b"\x78"):
        try:
            yield zlib.decompress(content)
        except zlib.error:
            return


def rows_of(source: Path) -> dict[str, Record]:
    """The rows of a file by their ids."""
    return {row.id: row for row in load(LoadSettings(source=str(source))) if isinstance(row, Record)}
