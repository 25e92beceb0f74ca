"""Lines: a UTF-8 text file in, its lines with their places out, a piece of the file in memory at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from paragraf.encodings import binary_kind, decode, guess, is_damaged_utf8, refusal, wide_encoding
from paragraf.errors import BadRow, MissingInput, NoPermission
from paragraf.strict_json import shown

MAX_LINE_BYTES = 1 << 20  # a hundred times the longest provision; a longer line is no question with an answer
_PIECE_BYTES = 1 << 20
_MARK = b"\xef\xbb\xbf"
_LINES_TO_GUESS_BY = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its file and the number of its line there (JSON and Parquet: of its item), from 1."""

    path: Path
    number: int

    def __str__(self) -> str:
        return f"{self.path}:{self.number}"

    def source(self) -> str:
        """The place as a record remembers it: without the folder, which differs from machine to machine."""
        return f"{self.path.name}:{self.number}"


Reject = Callable[[Place, BadRow], None]  # told of every row that cannot be read; raises, or sets it aside
# given a line that is not UTF-8, the byte where it breaks and the lines that follow: its text, or what is wrong with it
Decode = Callable[[Place, bytes, int, Iterable[bytes]], str | BadRow]


def read_lines(path: Path, reject: Reject, read_as: Decode | None = None) -> Iterator[tuple[int, str]]:
    """Numbers and texts of the lines, blank ones included; a line ends with LF, CRLF or CR and nothing else.

    Lines that are not UTF-8 are refused unless `read_as` reads them.

    Raises:
        BadRow: the whole file is in another encoding or no text at all.
    """
    with open_bytes(path) as file:
        refuse_foreign(path, file.read(4096))
        file.seek(0)
        lines = enumerate(_cut(file), start=1)
        for number, line in lines:
            place = Place(path, number)
            if len(line) > MAX_LINE_BYTES:
                found = f"a line of more than 1 MiB ({shown(line[:50].decode(errors='replace'))})"
                reject(place, BadRow(f"{place}: {found}; cut the document into questions with answers."))
            elif b"\0" in line:
                column = line.index(b"\0") + 1
                reject(place, BadRow(f"{place}: a NUL byte at byte {column}; the file is damaged, get it again."))
            else:
                try:
                    yield number, line.removeprefix(_MARK).decode()
                except UnicodeDecodeError as error:
                    following = (text for _, text in islice(lines, _LINES_TO_GUESS_BY))
                    text = (read_as or broken_text)(place, line, error.start, following)
                    if isinstance(text, str):
                        yield number, text
                    else:
                        reject(place, text)


def open_bytes(path: Path) -> BinaryIO:
    """The file, open for reading.

    Raises:
        MissingInput: there is no such file.
        NoPermission: it may not be read.
    """
    try:
        return path.open("rb")
    except PermissionError as error:
        raise NoPermission(f"{path}: no permission to read it; allow it with chmod, or name another source.") from error
    except (OSError, ValueError) as error:
        raise MissingInput(f"{path}: cannot be opened ({error}); check the path in load.source.") from error


def refuse_foreign(path: Path, head: bytes) -> None:
    """Raise BadRow if the first bytes show that the file is no text, or text in UTF-16 or UTF-32."""
    if kind := binary_kind(head):
        raise BadRow(f"{path}: this is {kind}.")
    if encoding := wide_encoding(head):
        raise BadRow(f"{path}: {refusal(path, encoding)}")


def broken_text(place: Place, line: bytes, at: int, following: Iterable[bytes]) -> BadRow:
    """What is wrong with a line whose byte `at` (from 0) is not UTF-8; `following` only helps to tell its encoding.

    Raises:
        BadRow: not the line is damaged, but the file is in another encoding.
    """
    if is_damaged_utf8(line):
        found = f"byte 0x{line[at]:02X} at byte {at + 1} breaks a UTF-8 letter"
        return BadRow(f"{place}: {found}; the line is damaged, type it again.")
    sample = b"\n".join([line, *(text[:4096] for text in following if not _is_utf8(text))])
    raise BadRow(f"{place}: {refusal(place.path, guess(sample))}")


def decoded(place: Place, line: bytes, at: int) -> tuple[str, str] | BadRow:
    """A line in the encoding that its Polish letters show (each by itself: a file may hold several), and its name."""
    if is_damaged_utf8(line):
        return broken_text(place, line, at, ())
    if encoding := guess(line):
        return decode(line, encoding), encoding
    return BadRow(f"{place}: {refusal(place.path, '')}")


def _cut(file: BinaryIO) -> Iterator[bytes]:
    rest = held = b""
    while piece := file.read(_PIECE_BYTES):
        piece = held + piece
        held = b"\r" if piece.endswith(b"\r") else b""  # perhaps the first half of a CRLF
        piece = piece.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        rest = rest[: MAX_LINE_BYTES + 1]  # enough to know that the line is too long
    if rest or held:
        yield rest


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
