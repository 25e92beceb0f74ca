"""Replay: rows that earlier versions learned from in, an exact share of them, drawn evenly by areas, out."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from paragraf.lineage import asked
from paragraf.records import Record


def wanted(new_rows: int, share: float) -> int:
    """How many rows make up a share (0 to 1) of all, beside these new ones: a quarter of them for 0.2."""
    return round(new_rows * (share / (1 - share)))


def draw(rows: Iterable[Record], count: int, seed: int) -> list[Record]:
    """So many rows, each question once, areas in the proportions that they have; all rows if there are fewer."""
    places = {_place(record, seed): record for record in rows}
    by_area: dict[str, list[Record]] = defaultdict(list)
    for _, record in sorted(places.items()):
        by_area[record.area].append(record)
    shares = _shares({area: len(held) for area, held in by_area.items()}, min(count, len(places)))
    return [record for area in sorted(by_area) for record in by_area[area][: shares[area]]]


def with_own_ids(rows: Iterable[Record], taken: Iterable[str]) -> list[Record]:
    """The rows, those under another name whose id is taken: by the hash of what they ask, which never changes."""
    from dataclasses import replace

    used, found = set(taken), list[Record]()
    for record in rows:
        name = record.id
        while name in used:
            name = f"{record.id}~{hashlib.sha256(f'{name}|{record.question}|{record.answer}'.encode()).hexdigest()[:8]}"
        used.add(name)
        found.append(record if name == record.id else replace(record, id=name))
    return found


def _place(record: Record, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{asked(record.question)}".encode()).hexdigest()


def _shares(sizes: dict[str, int], count: int) -> dict[str, int]:
    """How many of each, by largest remainders."""
    total = sum(sizes.values()) or 1
    exact = {name: count * size / total for name, size in sizes.items()}
    found = {name: int(share) for name, share in exact.items()}
    left: Sequence[str] = sorted(exact, key=lambda name: (found[name] - exact[name], name))
    for name in left[: count - sum(found.values())]:
        found[name] += 1
    return found
