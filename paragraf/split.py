"""Split: a corpus in, three disjoint parts out; what descends from one source stays together."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field, model_validator

from paragraf.errors import TooFewRows
from paragraf.records import PARTS, Part, Record
from paragraf.similarity import NEAR, DisjointSets, groups
from paragraf.stage import StageSettings
from paragraf.text import normal_form


class SplitSettings(StageSettings):
    """How much goes where; the test part is what the other two leave."""

    train_share: Annotated[float, Field(gt=0, lt=1, description="Share (0 to 1) of the groups to train on.")] = 0.7
    valid_share: Annotated[
        float, Field(gt=0, lt=1, description="Share (0 to 1) of the groups to choose checkpoints by.")
    ] = 0.15
    seed: Annotated[int, Field(description="Another seed, another assignment; keep it to keep test rows unseen.")] = 0
    near_duplicate_jaccard: Annotated[
        float,
        Field(
            ge=0.3,
            le=1,
            description="Rows stay together from this share (0.3 to 1) of common letter 5-grams with equal numbers.",
        ),
    ] = NEAR

    @model_validator(mode="after")
    def _something_is_left_to_test(self) -> Self:
        if self.train_share + self.valid_share > 0.999:
            raise ValueError(
                f"train_share {self.train_share} and valid_share {self.valid_share} leave nothing for the test part;"
                " lower one of them"
            )
        return self


def split(records: Sequence[Record], settings: SplitSettings) -> dict[Part, list[Record]]:
    """Records by part, each with its group set, in the order they came.

    A group's part depends on the hash of its name alone: rows that are added move no others, unless they join their
    groups. The shares are therefore met in expectation, not exactly.

    Raises:
        TooFewRows: a part got no row.
    """
    parts: dict[Part, list[Record]] = {part: [] for part in PARTS}
    names = group_of(records, settings.near_duplicate_jaccard)
    for record, name in zip(records, names, strict=True):
        parts[_part(name, settings)].append(replace(record, group=name))
    for part, held in parts.items():
        if not held:
            raise TooFewRows(
                f"split: none of {len(records)} rows in {len(set(names))} groups fell into {part}; add rows, give it a"
                " larger share (--split.train-share, --split.valid-share) or try another --split.seed."
            )
    return parts


def group_of(records: Sequence[Record], near_duplicate_jaccard: float = NEAR) -> list[str]:
    """The lineage of each record: records that share a source, an origin, a group or nearly a text get one name.

    A name comes from content: an explicit group that a member already carries, else the least hash of the members'
    questions; derived rows have no say in it.
    """
    sets = DisjointSets(len(records))
    first: dict[Hashable, int] = {}
    for position, record in enumerate(records):
        for mark in _marks(record):
            sets.join(first.setdefault(mark, position), position)
    for texts in _comparable(records):
        for position, lowest in enumerate(groups(texts, near_duplicate_jaccard)):
            sets.join(lowest, position)
    members: dict[int, list[Record]] = defaultdict(list)
    lineages = sets.lowest()
    for lowest, record in zip(lineages, records, strict=True):
        members[lowest].append(record)
    names = {lowest: _name(held) for lowest, held in members.items()}
    return [names[lowest] for lowest in lineages]


def _marks(record: Record) -> Iterator[Hashable]:
    """What a record shares with its kin; an origin is the id of another record, which need not be present."""
    yield "id", record.id
    yield "question", normal_form(record.question)
    if record.origin:
        yield "id", record.origin
    if record.source:
        yield "source", record.source
    if record.group:
        yield "group", record.group


def _comparable(records: Sequence[Record]) -> Iterator[list[str]]:
    """The texts whose likeness ties records: questions, and questions with answers.

    Closed items are compared without their choices too, which change from year to year.
    """
    whole = [record.question for record in records]
    stems = [_stem(record) for record in records]
    for questions in (whole, stems) if stems != whole else (whole,):
        yield questions
        yield [f"{question}\n{record.answer}" for question, record in zip(questions, records, strict=True)]


def _stem(record: Record) -> str:
    """The question of a closed item without its lettered choices; any other question whole."""
    return _CHOICES.split(record.question, maxsplit=1)[0] if record.choices else record.question


def _name(members: Sequence[Record]) -> str:
    explicit = [record.group for record in members if record.group]
    if explicit:
        return min(explicit)
    roots = [record for record in members if not record.origin] or members
    return min(hashlib.sha256(normal_form(record.question).encode()).hexdigest() for record in roots)[:12]


def _part(name: str, settings: SplitSettings) -> Part:
    place = int.from_bytes(hashlib.sha256(f"{settings.seed}:{name}".encode()).digest()[:8]) / 2**64
    if place < settings.train_share:
        return "train"
    return "valid" if place < settings.train_share + settings.valid_share else "test"


_CHOICES = re.compile(r"\n\s*[A-Za-z][).]\s")
