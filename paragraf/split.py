"""Split: a corpus in, three disjoint parts out; what descends from one source stays together, in later runs too."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from typing import Annotated, Self

from pydantic import Field, model_validator

from paragraf.errors import TooFewRows
from paragraf.lineage import Kin, group_names, kin_of
from paragraf.records import PARTS, Line, Part
from paragraf.runner import HERE, Runner
from paragraf.similarity import NEAR
from paragraf.snapshots import Rows, pieces
from paragraf.stage import StageSettings


class SplitSettings(StageSettings):
    """How much goes where; the test part is what the other two leave."""

    train_share: Annotated[float, Field(gt=0, lt=1, description="Share (0 to 1) of the rows to train on.")] = 0.7
    valid_share: Annotated[
        float, Field(gt=0, lt=1, description="Share (0 to 1) of the rows to choose checkpoints by.")
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
    temporal_from: Annotated[
        int,
        Field(
            ge=0,
            le=9999,
            description="Rows on the law of this year or later all go to test, to see how a model meets newer law; "
            "0 moves none.",
        ),
    ] = 0
    given: Annotated[
        str,
        Field(
            description="File of rows that hold an id or a question, and their part (train, valid or test), to be kept "
            "as they are; the other rows are split around them."
        ),
    ] = ""

    @model_validator(mode="after")
    def _something_is_left_to_test(self) -> Self:
        if self.train_share + self.valid_share > 0.999:
            raise ValueError(
                f"train_share {self.train_share} and valid_share {self.valid_share} leave nothing for the test part;"
                " lower one of them"
            )
        return self

    def shares(self) -> dict[Part, float]:
        return {
            "train": self.train_share,
            "valid": self.valid_share,
            "test": 1 - self.train_share - self.valid_share,
        }


@dataclass(frozen=True, slots=True)
class Assignment:
    """The group and the part of every row of a corpus, in order, and what each row showed of its kin."""

    names: list[str]
    parts: list[Part]
    kin: list[Kin]
    moved: int = 0  # rows whose known part gave way to a stricter one of their kin

    def lines(self, rows: Rows, part: Part) -> Iterator[Line]:
        """The rows of one part with their groups set, in the order they came."""
        told = zip(self.names, self.parts, strict=True)
        for piece in pieces(rows):
            records = piece.records()
            for record, (name, where) in zip(records, islice(told, len(records)), strict=True):
                if where == part:
                    yield Line.of(replace(record, group=name))

    def summary(self) -> str:
        """Rows, groups and years of law, by part: the stage's line in the log."""
        rows, groups = Counter(self.parts), Counter(dict(zip(self.names, self.parts, strict=True)).values())
        told = ", ".join(f"{rows[part]} {part} ({groups[part]} groups)" for part in PARTS)
        newest = max((row.year for row in self.kin), default=0)
        held_out = sum(row.year == newest and part == "test" for row, part in zip(self.kin, self.parts, strict=True))
        told += f"; newest law: {newest}, {held_out} of its rows in test" if newest else ""
        told += f"; {self.moved} moved, since kin of theirs stand in a stricter part" if self.moved else ""
        return f"{told}."


def assign(
    rows: Rows, settings: SplitSettings, known: Mapping[str, Part] | None = None, runner: Runner = HERE
) -> Assignment:
    """Give every lineage group to one part.

    A group that holds a `known` question (by `lineage.asked`) keeps that part; when there are several, test goes before
    valid before train, so that no test row is ever trained on. The other groups of a stratum (area of law and type of
    item) are laid out by the hash of their names and cut where the shares end, so strata are as alike as groups allow,
    and rows that are added move others only near the cuts.

    Raises:
        TooFewRows: a part got no row.
    """
    known = known or {}
    kin = kin_of(rows, runner)
    names = group_names(rows, kin, settings.near_duplicate_jaccard, runner)
    members: dict[str, list[Kin]] = defaultdict(list)
    for name, row in zip(names, kin, strict=True):
        members[name].append(row)
    part_of = _fixed(members, known, settings)
    strata: dict[str, list[str]] = defaultdict(list)
    for name, held in members.items():
        strata[_stratum(held)].append(name)
    for stratum, inside in strata.items():
        sizes = {name: sum(row.is_root for row in members[name]) or 1 for name in inside}
        part_of |= _cut(stratum, sizes, {name: part_of[name] for name in inside if name in part_of}, settings)
    parts = [part_of[name] for name in names]
    for part in PARTS:
        if part not in parts:
            raise TooFewRows(
                f"split: none of {len(kin)} rows in {len(members)} groups fell into {part}; add rows, give it a"
                " larger share (--split.train-share, --split.valid-share) or try another --split.seed."
            )
    moved = sum(known[row.asked] != part for row, part in zip(kin, parts, strict=True) if row.asked in known)
    return Assignment(names, parts, kin, moved)


def _fixed(members: Mapping[str, list[Kin]], known: Mapping[str, Part], settings: SplitSettings) -> dict[str, Part]:
    """The groups whose part is no longer open."""
    fixed: dict[str, Part] = {}
    for name, rows in members.items():
        told = {known[row.asked] for row in rows if row.asked in known}
        if settings.temporal_from and any(row.year >= settings.temporal_from for row in rows):
            told = {"test"}
        for part in ("train", "valid", "test"):
            if part in told:
                fixed[name] = part
    return fixed


def _stratum(rows: list[Kin]) -> str:
    """What most rows of a group are; of equally frequent ones the first by name."""
    counts = Counter(row.stratum for row in rows)
    return min(counts, key=lambda stratum: (-counts[stratum], stratum))


def _cut(stratum: str, sizes: Mapping[str, int], fixed: Mapping[str, Part], settings: SplitSettings) -> dict[str, Part]:
    """Parts of the open groups of a stratum: what the fixed ones leave of each share, one stretch a part."""
    rows = sum(sizes.values())
    wanted = {
        part: max(0.0, share * rows - sum(sizes[name] for name in fixed if fixed[name] == part))
        for part, share in settings.shares().items()
    }
    left = sum(wanted.values()) or 1.0
    open_groups = sorted((_place(name, settings.seed), name) for name in sizes if name not in fixed)
    open_rows = sum(sizes[name] for _, name in open_groups) or 1
    # small strata would all begin with train: each starts somewhere else on the circle
    start = _place(f"stratum {stratum}", settings.seed) if open_rows * min(settings.shares().values()) < 2 else 0.0
    found: dict[str, Part] = {}
    before = 0
    for _, name in open_groups:
        middle = (start + (before + sizes[name] / 2) / open_rows) % 1
        before += sizes[name]
        if middle < wanted["train"] / left:
            found[name] = "train"
        else:
            found[name] = "valid" if middle < (wanted["train"] + wanted["valid"]) / left else "test"
    return found


def _place(name: str, seed: int) -> float:
    """A stable place from 0 to 1 of a name."""
    return int.from_bytes(sha256(f"{seed}:{name}".encode()).digest()[:8]) / 2**64
