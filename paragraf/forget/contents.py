"""Contents: a file in, all that can be read in it as text out: archives unpacked, tables row by row, deleted pages."""

import gzip
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from lzma import LZMAError
from pathlib import Path
from typing import IO

from paragraf.errors import BadRow
from paragraf.forget.traces import Traces, as_text
from paragraf.lines import Place, decoded

_PIECE = 4 << 20  # bytes that are looked at at once
_OVERLAP = 32 << 10  # and again with the next ones, so that nothing is cut in two
_WEIGHTS = {".safetensors", ".gguf", ".bin", ".pt", ".pth", ".png", ".arrow"}  # numbers, which no text is made of
_ZIP, _GZIP, _SQLITE, _PARQUET = b"PK\x03\x04", b"\x1f\x8b", b"SQLite format 3\x00", b"PAR1"


def holds(path: Path, traces: Traces) -> bool:
    """Whether a file holds a trace; what vanishes meanwhile holds none."""
    try:
        return any(traces.are_in(text) for text in texts(path))
    except FileNotFoundError:
        return False


def texts(path: Path) -> Iterator[str]:
    """The readable content of a file, in pieces that overlap."""
    with path.open("rb") as file:
        start = file.read(16)
        file.seek(0)
        if start.startswith(_SQLITE):
            with suppress(sqlite3.DatabaseError):  # damaged or in use: then what its bytes show
                yield from _tables(path)
        elif start.startswith(_PARQUET):
            yield from _columns(path)
        if path.suffix in _WEIGHTS:
            return
        yield from _unpacked(file, start)


def readings(content: bytes) -> Iterator[str]:
    """What bytes say: as UTF-8, and if they are not, line by line as `load` reads them."""
    try:
        yield content.decode()
    except UnicodeDecodeError:
        yield content.decode("utf-8", "ignore")
        if b"\0" not in content:  # else it is no text in any encoding of Polish
            yield "\n".join(text_of(line) or "" for line in content.splitlines())


def text_of(line: bytes) -> str | None:
    """A line in UTF-8, or in the encoding that its Polish letters show; None for a damaged one."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = read_as(Place(Path(), 0), line, error.start, ())
        return found if isinstance(found, str) else None


def read_as(place: Place, line: bytes, at: int, _: Iterable[bytes]) -> str | BadRow:
    """How `load` reads a line that is not UTF-8 if its settings allow it."""
    found = decoded(place, line, at)
    return found if isinstance(found, BadRow) else found[0]


def _unpacked(file: IO[bytes], start: bytes) -> Iterator[str]:
    try:
        if start.startswith(_GZIP):
            with gzip.open(file) as inner:
                yield from _pieces(inner)
        elif start.startswith(_ZIP):
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    with archive.open(name) as inner:
                        yield from _pieces(inner)
        else:
            yield from _pieces(file)
    except (OSError, EOFError, zlib.error, LZMAError, zipfile.BadZipFile, RuntimeError):
        # damaged, locked or packed in another way: then what its bytes show
        file.seek(0)
        yield from _pieces(file)


def _pieces(file: IO[bytes] | gzip.GzipFile) -> Iterator[str]:
    kept = b""
    while piece := file.read(_PIECE):
        yield from readings(kept + piece)
        kept = (kept + piece)[-_OVERLAP:]


def _tables(path: Path) -> Iterator[str]:
    """Every value of every table; its pages, also those that were given up, are read as bytes beside this."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.text_factory = lambda raw: raw.decode("utf-8", "ignore")
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in database.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  # a name from the database itself
                for value in row:
                    if isinstance(value, bytes):
                        yield value.decode("utf-8", "ignore")
                    elif isinstance(value, str):
                        yield value


def _columns(path: Path) -> Iterator[str]:
    from pyarrow import ArrowException, parquet

    with suppress(ArrowException, OSError, UnicodeDecodeError):  # damaged: then what its bytes show
        for batch in parquet.ParquetFile(path).iter_batches():
            yield from (as_text(row) for row in batch.to_pylist())
