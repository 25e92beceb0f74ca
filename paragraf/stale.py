"""Stale: a change of the law in; the rows of the workspace that describe the law before it, as a page, out."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from paragraf.law.changes import STALE, Change, Changes
from paragraf.law.days import iso_day_of
from paragraf.publish import publish_file
from paragraf.records import Part, Record
from paragraf.snapshots import ROWS, records_of, snapshot_folders
from paragraf.workspace import home

_STAGES: dict[str, Part] = {"train": "train", "augment": "train", "valid": "valid", "test": "test"}
_PART_NAMES: dict[Part | None, str] = {
    "train": "uczenie",
    "valid": "walidacja",
    "test": "test",
    None: "jeszcze bez części",
}
_EXCERPT = 90  # characters of a question


@dataclass(frozen=True, slots=True)
class StaleRow:
    """A row that rests on a provision as it was; `part` is None for one that no split has seen."""

    record: Record
    cited: str
    part: Part | None


def stale_rows(change: Change) -> list[StaleRow]:
    """All rows of the workspace that the change makes stale, each once, variants among them; test rows first."""
    changes, found = Changes((change,)), dict[str, StaleRow]()
    for record, part in _rows():
        known = found.get(record.id)
        if (known is None or known.part is None) and (hit := changes.unknown_to(record)):
            found[record.id] = StaleRow(record, hit[1], part)
    order = ["test", "valid", "train", None]
    return sorted(found.values(), key=lambda row: (order.index(row.part), row.record.id))


def table(rows: list[StaleRow]) -> list[str]:
    """Rows by part, for a person at the terminal."""
    counts = Counter(row.part or "not split" for row in rows)
    told = [("part", "rows"), *((part, str(counts[part])) for part in ("test", "valid", "train", "not split"))]
    return [f"{part.ljust(10)}{count.rjust(6)}" for part, count in told]


def publish_stale(change: Change, rows: list[StaleRow]) -> Path:
    """A Markdown page on the rows, below the reports."""
    name = re.sub(r"\W+", "-", change.provision).strip("-")
    path = home() / "reports" / f"law-change-{name}-{change.since}.md"
    publish_file(path, _page(change, rows).encode())
    return path


def _rows() -> Iterator[tuple[Record, Part | None]]:
    for folder in snapshot_folders():
        part = _STAGES.get(folder.name.rsplit("-", 1)[0])
        yield from ((record, part) for record in records_of(folder / ROWS))


def _page(change: Change, rows: list[StaleRow]) -> str:
    head = [
        f"# Zmiana prawa: {change.provision} od {change.since}",
        "",
        f"Wiersze, które opierają się na tym przepisie w dawnym brzmieniu: {len(rows)}. Następny przebieg odłoży je do "
        f"kwarantanny z powodem `{STALE}`: model nie będzie się na nich uczył ani nie będzie nimi oceniany. Wiersz "
        f"wraca, gdy opisze stan prawny od {change.since} (pole `legal_state`).",
        "",
        "| część | wiersz | stan prawny | przepis | pytanie |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *map(_line, rows)]) + "\n"


def _line(row: StaleRow) -> str:
    question = " ".join(row.record.question.split())
    cut = question if len(question) <= _EXCERPT else f"{question[:_EXCERPT]}…"
    told = (_PART_NAMES[row.part], row.record.id, iso_day_of(row.record) or "nieznany", row.cited, cut)
    return f"| {' | '.join(_cell(text) for text in told)} |"


def _cell(text: str) -> str:
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", text)
