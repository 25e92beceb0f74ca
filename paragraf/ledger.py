"""Ledger: which question was ever in which part, so that no later run trains on what an earlier one tested with."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self, cast, get_args

from paragraf.errors import BadRow
from paragraf.lineage import asked
from paragraf.lines import Place
from paragraf.publish import publish_as
from paragraf.reader import Row, read_rows
from paragraf.records import Part
from paragraf.snapshots import Receipt, Rows, records_of
from paragraf.split import Assignment, SplitSettings
from paragraf.workspace import at_rest, home, relative

_PART_NAMES = {"validation": "valid", "val": "valid", "dev": "valid", "training": "train"}


class _Entry(NamedTuple):
    """A question (by `lineage.asked`), its part, and the corpus (by digest) in which it came first."""

    asked: str
    part: Part
    corpus: str


class KnownParts(Receipt):
    """Parts that were settled before, at rest: hash of a question -> part."""

    @classmethod
    def write(cls, parts: dict[str, Part]) -> Self:
        with publish_as(home() / "rows", "known") as staged:
            (staged.folder / "parts.json").write_text(json.dumps(parts, indent=0, sort_keys=True), "utf-8")
            digest = staged.seal()["parts.json"]
            staged.name = f"known-{digest[:16]}"
        return cls(path=relative(staged.final), digest=digest)

    def read(self) -> dict[str, Part]:
        found: dict[str, Part] = json.loads((at_rest(self.path) / "parts.json").read_bytes())
        return found


def recall(rows: Rows, corpus: str, settings: SplitSettings) -> dict[str, Part]:
    """What is known of the parts of these rows: from the file that the settings name, else from earlier runs.

    What the same corpus (by digest) first wrote down is left out, so that a repeated run finds what it found.

    Raises:
        BadRow: the given file holds a row without a part, or two parts for one question.
    """
    earlier = {entry.asked: entry.part for entry in _entries(settings.seed) if entry.corpus != corpus}
    given = _given(Path(settings.given)) if settings.given else {}
    if not earlier and not given:
        return {}
    found: dict[str, Part] = {}
    for record in records_of(rows):
        question = asked(record.question)
        part = given.get(f"id {record.id}") or given.get(question) or earlier.get(question)
        if part:
            found[question] = part
    return found


def write_down(assignment: Assignment, corpus: str, seed: int) -> None:
    """Add the questions that no run wrote down before; what was written first stands."""
    path = _path(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as ledger:
        fcntl.flock(ledger, fcntl.LOCK_EX)  # freed with the file
        ledger.seek(0)
        ledger.truncate(ledger.read().rfind(b"\n") + 1)  # a line that a kill cut off
        seen = {entry.asked for entry in _entries(seed)}
        new = {row.asked: part for row, part in zip(assignment.kin, assignment.parts, strict=True)}
        ledger.writelines(
            json.dumps(_Entry(question, part, corpus)._asdict()).encode() + b"\n"
            for question, part in new.items()
            if question not in seen
        )
        ledger.flush()
        os.fsync(ledger.fileno())


def _path(seed: int) -> Path:
    return home() / "ledger" / f"parts-seed-{seed}.jsonl"


def _entries(seed: int) -> Iterator[_Entry]:
    """Whole lines; the last one may be cut off by a kill, and the run that wrote it writes it again."""
    path = _path(seed)
    for line in path.read_bytes().split(b"\n")[:-1] if path.is_file() else ():
        try:
            yield _Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue


def _given(path: Path) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for number, row in read_rows(path):
        place = Place(path, number)
        part = _part(row, place)
        for key in _keys(row, place):
            if found.setdefault(key, part) != part:
                raise BadRow(
                    f"{place}: says {part}, but an earlier row says {found[key]} of the same; give it one part."
                )
    return found


def _part(row: Row, place: Place) -> Part:
    told = str(row.get("part") or row.get("split") or "").strip().lower()
    part = _PART_NAMES.get(told, told)
    if part not in get_args(Part):
        raise BadRow(f"{place}: part is {told[:40]!r}; write train, valid or test into a field 'part'.")
    return cast(Part, part)


def _keys(row: Row, place: Place) -> Iterable[str]:
    keys = [f"id {row['id']}"] if row.get("id") is not None else []
    question = row.get("question") or row.get("instruction")
    keys += [asked(question)] if isinstance(question, str) else []
    if not keys:
        raise BadRow(f"{place}: neither an 'id' nor a 'question'; say which row is meant.")
    return keys
