"""Reader: a file of rows in, plain JSON-like rows with their numbers out, read strictly and a piece at a time."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from os import SEEK_END
from pathlib import Path
from typing import Self

from paragraf.errors import BadRow
from paragraf.lines import Decode, Place, Reject, broken_text, open_bytes, read_lines, refuse_foreign
from paragraf.strict_json import described, items, parse

Row = dict[str, object]
_MAX_JSON_BYTES = 256 << 20
_DELIMITERS = ",;\t"
_COMPRESSED = {".gz": "gunzip", ".bz2": "bunzip2", ".xz": "unxz", ".zst": "zstd -d", ".zip": "unzip", ".7z": "7z x"}


def stop(place: Place, error: BadRow) -> None:
    """The strictest `Reject`: the first bad row ends the reading."""
    raise error


def read_rows(path: Path, reject: Reject = stop, decode: Decode | None = None) -> Iterator[tuple[int, Row]]:
    """Rows of a file with their numbers, in order; the name's ending tells the format.

    `decode` reads lines of JSON Lines and CSV that are not UTF-8, which are refused without it.

    Raises:
        BadRow: the file cannot be read as rows; or whatever `reject` raises for a single row.
        MissingInput: there is no such file.
        NoPermission: it may not be read.
    """
    ending = path.suffix.lower()
    if ending in _COMPRESSED:
        raise BadRow(f"{path}: compressed files are not read; unpack it first with `{_COMPRESSED[ending]}`.")
    if ending not in _READERS:
        raise BadRow(f"{path}: unknown ending {ending!r}; the name must end with one of {', '.join(_READERS)}.")
    return _READERS[ending](path, reject, decode)


def _read_json_lines(path: Path, reject: Reject, decode: Decode | None) -> Iterator[tuple[int, Row]]:
    for number, line in read_lines(path, reject, decode):
        if not line.strip():
            continue
        try:
            row = parse(line)
        except ValueError as error:
            is_document = line.strip() in ("[", "{")  # the first line of JSON written over several lines
            hint = " If the file is one JSON document, let its name end with .json." if is_document else ""
            reject(Place(path, number), BadRow(f"{path}:{number}: {error}{hint}"))
        else:
            yield from _objects_only(Place(path, number), row, reject)


def _read_json(path: Path, reject: Reject, decode: Decode | None) -> Iterator[tuple[int, Row]]:
    text = _whole_text(path)
    if not text.strip():
        return
    number = 0
    try:
        for number, row in enumerate(items(text), start=1):
            yield from _objects_only(Place(path, number), row, reject)
    except ValueError as error:
        raise BadRow(f"{path}:{number + 1}: {error}") from error


def _objects_only(place: Place, row: object, reject: Reject) -> Iterator[tuple[int, Row]]:
    if isinstance(row, dict):
        yield place.number, row
    else:
        hint = " (a JSON array belongs in a .json file)" if isinstance(row, list) else ""
        found = f"expected a JSON object, found {described(row)}"
        reject(place, BadRow(f"{place}: {found}; write the row as {{...}}{hint}."))


def _whole_text(path: Path) -> str:
    with open_bytes(path) as file:
        if file.seek(0, SEEK_END) > _MAX_JSON_BYTES:
            raise BadRow(f"{path}: larger than 256 MiB; save it as JSON Lines (.jsonl), which is read line by line.")
        file.seek(0)
        content = file.read()
    refuse_foreign(path, content[:4096])
    if b"\0" in content:
        raise BadRow(f"{_line_of(path, content, content.index(0))}: a NUL byte; the file is damaged, get it again.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        begin = max(content.rfind(b"\n", 0, error.start) + 1, error.start - 4096)
        stretch = content[begin : error.start + 60_000]
        raise broken_text(_line_of(path, content, error.start), stretch, error.start - begin, ()) from error


def _line_of(path: Path, content: bytes, position: int) -> Place:
    return Place(path, content.count(b"\n", 0, position) + 1)


def _read_separated(path: Path, reject: Reject, decode: Decode | None) -> Iterator[tuple[int, Row]]:
    lines = read_lines(path, stop, decode)  # a line that is left out could stand in the middle of a quoted cell
    number, line = next(((number, line) for number, line in lines if line.strip()), (0, ""))
    names, delimiter = _header(Place(path, number), line)
    for place, cells in _records(path, lines, delimiter, reject):
        if len(cells) == len(names):
            yield place.number, {name: cell for name, cell in zip(names, cells, strict=True) if name}
        else:
            found = f"{len(cells)} cells in a row where the header has {len(names)}"
            reject(place, BadRow(f"{place}: {found}; quote every cell that holds {delimiter!r} or a quotation mark."))


def _header(place: Place, line: str) -> tuple[list[str], str]:
    """Names of the columns, and the delimiter: the one that cuts the line into most cells."""
    try:
        cells = {mark: next(csv.reader([line], delimiter=mark), []) for mark in _DELIMITERS}
    except csv.Error as error:
        raise BadRow(f"{place}: no CSV header: {error}; begin with one line that names the columns.") from error
    delimiter = max(_DELIMITERS, key=lambda mark: len(cells[mark]))
    names = [name.strip() for name in cells[delimiter]]
    for name, times in Counter(filter(None, names)).most_common(1):
        if times > 1:
            raise BadRow(f"{place}: the column {name!r} stands {times} times in the header; rename one of them.")
    return names, delimiter


def _records(
    path: Path, lines: Iterator[tuple[int, str]], delimiter: str, reject: Reject
) -> Iterator[tuple[Place, list[str]]]:
    """Cells of each row that is not blank, with the place where it begins."""
    feed = _Feed(lines)
    rows = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.first = 0
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            place = Place(path, feed.first)
            remedy = "close every quotation mark and double it inside a cell"
            reject(place, BadRow(f"{place}: not valid CSV: {error}; {remedy}."))
        else:
            if any(cell.strip() for cell in cells):
                yield Place(path, feed.first), cells


class _Feed:
    """Lines for the CSV parser; remembers where the row in hand began."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self.first = 0
        self._lines = lines

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        self.first = self.first or number
        return line + "\n"


def _read_parquet(path: Path, reject: Reject, decode: Decode | None) -> Iterator[tuple[int, Row]]:
    import pyarrow
    from pyarrow.parquet import ParquetFile

    number = 0
    with open_bytes(path) as file:
        try:
            table = ParquetFile(file)
            names = table.schema_arrow.names
            if len(set(names)) < len(names):
                raise BadRow(f"{path}: a column stands twice among {', '.join(names)}; rename one of them.")
            for batch in table.iter_batches(batch_size=1000):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
            cause = str(error).partition("\n")[0][:120]
            raise BadRow(f"{path}:{number + 1}: the Parquet file is damaged ({cause}); get it again.") from error


_READERS: dict[str, Callable[[Path, Reject, Decode | None], Iterator[tuple[int, Row]]]] = {
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".json": _read_json,
    ".csv": _read_separated,
    ".tsv": _read_separated,
    ".parquet": _read_parquet,
}
ENDINGS = tuple(_READERS)
