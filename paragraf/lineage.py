"""Lineage: rows in, the name of each row's group out; its rows have one source or nearly agree.

A group is a connected component over {same id or origin, same source, same group, same question, near-duplicate with
the same numbers}. Its name comes from content, so it is the same in every run: a group that a member already carries,
else the least hash of the questions that were not derived from others.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from paragraf.records import Record
from paragraf.runner import HERE, Runner
from paragraf.similarity import NEAR, DisjointSets, groups
from paragraf.snapshots import Piece, Rows, pieces, records_of
from paragraf.text import normal_form, stable_hash


class Kin(NamedTuple):
    """What a row shows of its kin and its kind."""

    marks: tuple[int, ...]  # 64-bit hashes; rows that share one are kin
    asked: str  # hash (48 bits, hex) of the question's normal form
    group: str  # the group that it carries already
    is_root: bool  # it was derived from no other row
    stratum: str  # area of law and type of item
    year: int  # of the law that it describes; 0 when unknown
    is_closed: bool  # it has lettered choices


def kin_of(rows: Rows, runner: Runner = HERE) -> list[Kin]:
    """One Kin a row, in order."""
    return [kin for piece in runner.map(_kin_of_piece, pieces(rows)) for kin in piece]


def group_names(rows: Rows, kin: list[Kin], near: float = NEAR, runner: Runner = HERE) -> list[str]:
    """The lineage of each row; `near` is the Jaccard of letter 5-grams from which rows are near-duplicates."""
    sets = DisjointSets(len(kin))
    _join_by_marks(sets, kin)
    for view in _views(rows, has_closed=any(row.is_closed for row in kin)):
        for position, lowest in enumerate(groups(view, near, runner=runner)):
            sets.join(lowest, position)
    lineages = sets.lowest()
    members: dict[int, list[int]] = defaultdict(list)
    for position, lowest in enumerate(lineages):
        members[lowest].append(position)
    names = {lowest: _name([kin[position] for position in held]) for lowest, held in members.items()}
    return [names[lowest] for lowest in lineages]


def stem(record: Record) -> str:
    """The question of a closed item without its lettered choices; any other question whole."""
    return _CHOICES.split(record.question, maxsplit=1)[0] if record.choices else record.question


def asked(question: str) -> str:
    """The hash (48 bits, hex) by which a question is known again, however it is typed."""
    return sha256(normal_form(question).encode()).hexdigest()[:12]


def _kin_of_piece(piece: Piece) -> list[Kin]:
    return [_kin(record) for record in piece.records()]


def _kin(record: Record) -> Kin:
    """An origin is the id of another row, which need not be present."""
    question = asked(record.question)
    told = {
        "id": {record.id, record.origin},
        "question": {question},
        "source": {record.source},
        "group": {record.group},
    }
    marks = tuple(stable_hash(f"{kind}:{value}") for kind, values in told.items() for value in values if value)
    year = _YEAR.match(record.legal_state)
    return Kin(
        marks=marks,
        asked=question,
        group=record.group,
        is_root=not record.origin,
        stratum=f"{record.area}|{record.item_type}",
        year=int(year[0]) if year else 0,
        is_closed=bool(record.choices),
    )


def _join_by_marks(sets: DisjointSets, kin: list[Kin]) -> None:
    import numpy as np

    marks, positions = array("Q"), array("Q")
    for position, row in enumerate(kin):
        marks.extend(row.marks)
        positions.extend([position] * len(row.marks))
    known, where = np.asarray(marks), np.asarray(positions)
    order = np.argsort(known, kind="stable")
    same = np.flatnonzero(known[order][1:] == known[order][:-1])
    for one, other in zip(where[order][same].tolist(), where[order][same + 1].tolist(), strict=True):
        sets.join(one, other)


def _views(rows: Rows, has_closed: bool) -> Iterator[Iterator[str]]:
    """The texts whose likeness ties rows: questions, and questions with answers.

    Closed items are compared without their choices too, which change from year to year.
    """
    yield (record.question for record in records_of(rows))
    yield (f"{record.question}\n{record.answer}" for record in records_of(rows))
    if has_closed:
        yield (stem(record) for record in records_of(rows))
        yield (f"{stem(record)}\n{record.answer}" for record in records_of(rows))


def _name(members: list[Kin]) -> str:
    explicit = [row.group for row in members if row.group]
    if explicit:
        return min(explicit)
    roots = [row for row in members if row.is_root] or members
    return min(row.asked for row in roots)


_CHOICES = re.compile(r"\n\s*[A-Za-z][).]\s")
_YEAR = re.compile(r"\d{4}")
