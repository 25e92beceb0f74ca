"""Parts: the rows of train, validation and test in, what each shows of leaks, and the sizes of their chats, out."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from paragraf.chat import Framing, Tokenizer
from paragraf.records import Part
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Piece, Rows, pieces
from paragraf.validate.benchmarks import read_benchmarks, rows_of_benchmarks
from paragraf.validate.chats import chat_features
from paragraf.validate.frames import Draw, Feature, Frame, count_of, stacked
from paragraf.validate.leaks import leaked_from
from paragraf.validate.settings import ValidateSettings

Parts = Mapping[Part, Rows]


@dataclass(slots=True)
class PartRows:
    """What the rows of all parts show."""

    frame: Frame
    chats: Frame
    groups: Counter[str]
    benchmark_rows: int


class _Seen(NamedTuple):
    """What one piece shows."""

    frame: Frame
    chats: Frame
    groups: list[str]
    has_choices: bool


def part_rows(
    parts: Parts,
    open_tokenizer: Callable[[], Tokenizer],
    framing: Framing,
    settings: ValidateSettings,
    runner: Runner = HERE,
) -> PartRows:
    """What each row of a part shows of leaks: its group, a near-duplicate or a variant in another part, a benchmark."""
    sample = Draw.of(sum(count_of(rows) for rows in parts.values()), settings.sample_rows)
    frames: list[Frame] = []
    chats: list[Frame] = []
    groups: list[str] = []
    ids: dict[Part, list[Feature]] = {}
    names: dict[str, str] = {}
    has_choices = False
    for part, rows in parts.items():
        ids[part] = []
        for seen in runner.map(partial(_piece, part, sample, open_tokenizer, framing), pieces(rows)):
            frames.append(seen.frame)
            chats.append(seen.chats)
            ids[part] += seen.frame["id"]
            groups += [names.setdefault(group, group) for group in seen.groups]
            has_choices |= seen.has_choices
    frame = stacked(frames)
    crossing, counts = _crossing(groups, frame.get("part", []))
    frame["group_crosses"] = [group in crossing for group in groups]
    frame["leaks_from"] = _in_order(leaked_from(parts, ids, settings.leak_similarity, has_choices, runner), frame)
    benchmarks = read_benchmarks(settings.benchmark_files())
    held = rows_of_benchmarks(parts.get("train", ()), benchmarks, settings.leak_similarity, runner)
    frame["holds_benchmark"] = _in_order(dict(zip(ids.get("train", []), held, strict=True)), frame)
    frame["tested_before"] = [None] * len(groups)  # who knows the versions before says otherwise
    return PartRows(frame, stacked(chats), counts, len(benchmarks.rows))


def _piece(part: Part, sample: Draw, open_tokenizer: Callable[[], Tokenizer], framing: Framing, piece: Piece) -> _Seen:
    records = piece.records()
    frame: Frame = {
        "id": [record.id for record in records],
        "part": [part] * len(records),
        "has_group": [bool(record.group) for record in records],
        "variant_outside_train": [bool(record.origin) and part != "train" for record in records],
    }
    drawn = [record for record in records if sample.holds(record.id)]
    looked_at = [chat_features(record, part, open_tokenizer(), framing) for record in drawn]
    return _Seen(
        frame=frame,
        chats={name: [row[name] for row in looked_at] for name in (looked_at[0] if looked_at else ())},
        groups=[record.group for record in records],
        has_choices=any(record.choices for record in records),
    )


def _crossing(groups: list[str], parts: list[Feature]) -> tuple[set[str], Counter[str]]:
    """Groups that stand in more than one part, and how many groups each part has."""
    where: dict[str, set[Feature]] = {}
    first: dict[str, Feature] = {}
    for group, part in zip(groups, parts, strict=True):
        if first.setdefault(group, part) != part:
            where.setdefault(group, {first[group]}).add(part)
    counts = Counter(str(part) for group, part in first.items() if group not in where)
    for held in where.values():
        counts.update(str(part) for part in held)
    return set(where), counts


def _in_order(found: Mapping[Feature, str | None], frame: Frame) -> list[Feature]:
    return [found.get(name) for name in frame.get("id", [])]
