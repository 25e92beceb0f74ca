"""Benchmarks: training rows and files to be measured on elsewhere in, the rows that would give answers away out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from paragraf.lineage import stem
from paragraf.load import LoadSettings, load
from paragraf.records import Record
from paragraf.runner import Runner
from paragraf.similarity import nearest_leaks
from paragraf.snapshots import Piece, Rows, pieces, records_of
from paragraf.text import normal_form
from paragraf.validate.leaks import stem_and_answer

_OPENING = 5  # words; a shorter question says too little to be told from chance, and is compared as a whole only


Files = tuple[tuple[str, str], ...]
"""Absolute path and digest of each file; the digest makes what is remembered of a file go when the file changes."""


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """The files, and their rows with names that tell the file."""

    files: Files
    rows: list[tuple[str, Record]]


def read_benchmarks(files: Files) -> Benchmarks:
    """The rows of the files, in any format that load reads.

    Raises:
        BadRow, NoPermission, TooFewRows: as load does.
    """
    return Benchmarks(files, [row for path, _ in files for row in _rows(path)])


def rows_of_benchmarks(train: Rows, benchmarks: Benchmarks, similarity: float, runner: Runner) -> list[str | None]:
    """For each training row the name of a benchmark's row that it nearly is, or whose question it holds."""
    if not benchmarks.rows:
        return [None for _ in records_of(train)]
    found = [name for piece in runner.map(partial(_contained, benchmarks.files), pieces(train)) for name in piece]
    for view in (stem, stem_and_answer):
        near = nearest_leaks(
            (view(record) for _, record in benchmarks.rows),
            (view(record) for record in records_of(train)),
            similarity,
            runner=runner,
        )
        for position, seen_at in enumerate(near):
            if seen_at is not None and found[position] is None:
                found[position] = benchmarks.rows[seen_at][0]
    return found


def _rows(path: str) -> Iterator[tuple[str, Record]]:
    for record in load(LoadSettings(source=path)):
        if isinstance(record, Record):
            yield f"{Path(path).name}:{record.id}", record


def _contained(files: Files, piece: Piece) -> list[str | None]:
    openings = _openings(files)
    return [_held(normal_form(f"{record.question} {record.answer}"), openings) for record in piece.records()]


def _held(form: str, openings: dict[str, list[tuple[str, str]]]) -> str | None:
    """The first benchmark question whose words stand in a normal form on end."""
    words = form.split()
    for start in range(len(words) - _OPENING + 1):
        for question, name in openings.get(" ".join(words[start : start + _OPENING]), ()):
            if f" {' '.join(words[start:])} ".startswith(f" {question} "):
                return name
    return None


@lru_cache(maxsize=1)
def _openings(files: Files) -> dict[str, list[tuple[str, str]]]:
    """First words of each benchmark question -> the question's normal form and its name; read once a process."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, _ in files:
        for name, record in _rows(path):
            words = normal_form(stem(record)).split()
            if len(words) >= _OPENING:
                found.setdefault(" ".join(words[:_OPENING]), []).append((" ".join(words), name))
    return found
