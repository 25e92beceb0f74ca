"""Load: a file or folder in, records with their places out; nothing unreadable slips through."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from paragraf.bucket import copied, is_address
from paragraf.errors import BadRow, MissingInput, NoPermission, TooFewRows
from paragraf.formats import OUR_FIELDS, Format, format_of, renamed, to_record
from paragraf.inbox import INBOX, inbox, whole_files
from paragraf.lines import Place, decoded
from paragraf.reader import read_rows
from paragraf.records import Changed, Dropped, Outcome, Record
from paragraf.stage import StageSettings
from paragraf.text import stable_hash
from paragraf.tombstones import Tombstones, forgotten

SAMPLE = Path(__file__).parent / "data" / "sample.jsonl"


class LoadSettings(StageSettings):
    """Where rows come from and how they are read."""

    source: Annotated[
        str,
        Field(
            description="File (.jsonl, .ndjson, .json, .csv, .tsv, .parquet) in UTF-8, or folder whose files are read "
            "in the order of their names (hidden ones, .md and subfolders are left out); s3://BUCKET/FILE or "
            "s3://BUCKET/FOLDER/ in an S3-compatible store; 'sample' is the corpus that comes with the package, "
            "'inbox' what lies in the folder of that name in the workspace."
        ),
    ] = "sample"
    format: Annotated[
        Literal["auto", "qa", "openai", "exam", "sharegpt", "alpaca", "prompt_completion", "text"],
        Field(
            description="What a row holds: qa = question and answer (or instruction, input and response or output); "
            "openai = messages; exam = question, choices and the letter of the right one; sharegpt = conversations; "
            "alpaca = instruction, input and output; prompt_completion = prompt and completion; text = one text in "
            "which marks tell question and answer apart; auto = what the first row's fields show."
        ),
    ] = "auto"
    encoding: Annotated[
        Literal["utf-8", "auto"],
        Field(
            description="utf-8 = anything else stops the run; auto = a line of JSON Lines or CSV that is not UTF-8 is "
            "read in the encoding that its Polish letters show (cp1250, ISO-8859-2, cp852), and counted."
        ),
    ] = "utf-8"
    fields: dict[str, str] = Field(
        default={},  # a factory's value is not shown in the form
        description="Our names of fields with the source's names for them, where they differ, such as "
        f"question=pytanie. Ours: {', '.join(OUR_FIELDS)}.",
    )
    bad_rows: Annotated[
        Literal["stop", "quarantine"],
        Field(
            description="A row that cannot be read: stop = end the run and name it; quarantine = set it aside, counted."
        ),
    ] = "stop"
    max_bad_share: Annotated[
        float,
        Field(ge=0, le=1, description="With quarantine: the run stops when more than this share of the rows is bad."),
    ] = 0.01

    @field_validator("fields")
    @classmethod
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(fields) - set(OUR_FIELDS)):
            raise ValueError(f"{unknown[0]!r} is none of our fields; these can be mapped: {', '.join(OUR_FIELDS)}")
        return fields


def load(settings: LoadSettings) -> Iterator[Outcome]:
    """Rows of the source, in order, one in memory at a time; with quarantine, unreadable ones are dropped as `bad_row`.

    A row that was forgotten is dropped as `forgotten`, and nothing but its place is noted.

    Raises, perhaps after many rows:
        BadRow: a file or row cannot be read, or too large a share of them; names the file and the row.
        MissingInput: the source is not there.
        NoPermission: the source may not be read.
        TooFewRows: a file holds no rows, or none that can be read.
    """
    intake = _Intake(settings)
    with at_hand(settings.source) as files:
        for path in files:
            yield from intake.take(path)
        intake.judge()


@contextmanager
def at_hand(source: str) -> Iterator[list[Path]]:
    """The files of a source, as `files_of`; of one in a bucket, copies that stay as long as the block lasts."""
    if not is_address(source):
        yield files_of(source)
        return
    with copied(source) as folder:
        yield files_of(str(folder))


def files_of(source: str) -> list[Path]:
    """The files of a source, in the order in which they are read.

    Raises:
        MissingInput: there is no such file or folder, or nothing in it to read.
        NoPermission: it may not be looked into.
    """
    if source == INBOX:
        return _files_of_inbox()
    path = SAMPLE if source == "sample" else Path(source)
    try:
        if path.is_file():
            return [path]
        if not path.is_dir():
            raise MissingInput(f"{path}: no such file or folder; check load.source.")
        files = sorted(file for file in path.iterdir() if file.is_file() and not _is_left_out(file))
    except PermissionError as error:
        raise NoPermission(f"{path}: no permission to read it; allow it with chmod, or name another source.") from error
    except OSError as error:
        raise MissingInput(f"{path}: cannot be found ({error.strerror}); check load.source.") from error
    if not files:
        raise MissingInput(f"{path}: the folder holds no files to read; name one that does in load.source.")
    return files


def _files_of_inbox() -> list[Path]:
    if files := whole_files(time.time()):
        return files
    raise MissingInput(f"{inbox()}: no whole file with rows is here; put one there, or name another load.source.")


class _Intake:
    """Counts what comes in, sets aside what cannot be read, and gives every row an id of its own."""

    def __init__(self, settings: LoadSettings) -> None:
        self._settings = settings
        self._rows = 0
        self._bad = 0
        self._waiting: list[Dropped] = []
        self._first_bad = ""
        self._decoded = ""  # how the line in hand was read, if not as UTF-8
        self._files: list[Path] = []
        self._place_of: dict[int, tuple[int, int]] = {}  # hash of an id -> file and row that has it
        self._copies: Counter[str] = Counter()

    def take(self, path: Path) -> Iterator[Outcome]:
        self._files.append(path)
        before = self._rows + self._bad
        form = None if self._settings.format == "auto" else self._settings.format
        decode = self._decode if self._settings.encoding == "auto" else None
        for number, raw in read_rows(path, self._reject, decode):
            place = Place(path, number)
            row = renamed(raw, self._settings.fields)
            form = form or format_of(row)
            try:
                record = to_record(row, form or "qa", place)  # a row without any format is told what a qa row lacks
                found = self._outcome(record, form, place)
            except BadRow as error:
                self._reject(place, error)
            else:
                self._rows += 1
                yield found
            self._decoded = ""
            yield from self._rejected()
        yield from self._rejected()
        if self._rows + self._bad == before:
            raise TooFewRows(f"{path}: no rows; put questions with answers into it, or name another source.")

    def judge(self) -> None:
        """Whether enough could be read, at the end."""
        bad, total = self._bad, self._rows + self._bad
        if bad > self._settings.max_bad_share * total:
            share = f"more than load.max_bad_share={self._settings.max_bad_share:g} allows"
            raise BadRow(f"{bad} of {total} rows cannot be read, {share}; the first: {self._first_bad}")
        if not self._rows:
            raise TooFewRows(f"{self._settings.source}: no rows that can be read; the first: {self._first_bad}")

    @cached_property
    def _tombstones(self) -> Tombstones:
        return Tombstones.read()

    def _outcome(self, record: Record, form: Format | None, place: Place) -> Outcome:
        if self._tombstones.holds(record):
            return forgotten(place.source())
        found = self._with_id(record, form, place)
        return Changed(found, found, (self._decoded,)) if self._decoded else found

    def _reject(self, place: Place, error: BadRow) -> None:
        if self._settings.bad_rows == "stop":
            raise BadRow(f"{error} Or set such rows aside with --load.bad-rows quarantine.") from error
        self._bad += 1
        self._first_bad = self._first_bad or str(error)
        stub = Record(id=place.source(), question="", answer="", source=place.source())
        self._waiting.append(Dropped(stub, "bad_row", str(error)))

    def _decode(self, place: Place, line: bytes, at: int, _: Iterable[bytes]) -> str | BadRow:
        found = decoded(place, line, at)
        if isinstance(found, BadRow):
            return found
        text, encoding = found
        self._decoded = f"decoded_{encoding.lower()}"
        return text

    def _rejected(self) -> Iterator[Dropped]:
        yield from self._waiting
        self._waiting.clear()

    def _with_id(self, record: Record, form: Format | None, place: Place) -> Record:
        """The record under an id of its own.

        A source's id may come once. Ids that we make (of an exam's item, of a row without one) are numbered from the
        second on: equal rows are for cleaning to judge.
        """
        if record.id and form != "exam":
            if earlier := self._place_of.get(stable_hash(record.id)):
                first = Place(self._files[earlier[0]], earlier[1])
                raise BadRow(
                    f"{place}: the id {record.id[:60]!r} is already that of {first}; give each row its own id."
                )
            self._remember(record.id, place)
            return record
        made = record.id or "q-" + hashlib.sha256(f"{record.question}\n{record.answer}".encode()).hexdigest()[:12]
        name = made
        while stable_hash(name) in self._place_of:
            self._copies[made] += 1
            name = f"{made}-{self._copies[made] + 1}"
        self._remember(name, place)
        return replace(record, id=name)

    def _remember(self, name: str, place: Place) -> None:
        self._place_of[stable_hash(name)] = (len(self._files) - 1, place.number)


def _is_left_out(file: Path) -> bool:
    return file.name.startswith(".") or file.suffix.lower() == ".md"
