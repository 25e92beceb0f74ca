"""Leaks: the rows of several parts in, those of a later part that an earlier one nearly holds out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from paragraf.lineage import stem
from paragraf.records import Part, Record
from paragraf.runner import Runner
from paragraf.similarity import nearest_leaks
from paragraf.snapshots import Rows, records_of
from paragraf.validate.frames import Feature, Frame

View = Callable[[Record], str]


def leaked_from(
    parts: Mapping[Part, Rows],
    ids: Mapping[Part, Sequence[Feature]],
    similarity: float,
    has_choices: bool,
    runner: Runner,
) -> dict[Feature, str | None]:
    """Row id -> id of a row of an earlier part (train before valid before test) that is nearly the same."""
    found: dict[Feature, str | None] = {}
    names = list(parts)
    for index, earlier in enumerate(names[:-1]):
        later = names[index + 1 :]
        asked = [name for part in later for name in ids[part]]
        for view in views(has_choices):
            near = nearest_leaks(_texts(parts, [earlier], view), _texts(parts, later, view), similarity, runner=runner)
            for name, seen_at in zip(asked, near, strict=True):
                if seen_at is not None:
                    found.setdefault(name, str(ids[earlier][seen_at]))
    return found


def tested_before(
    frame: Frame, train: Rows, tested: Sequence[Rows], similarity: float, runner: Runner
) -> list[Feature]:
    """For each row of a frame of parts the id of a row that it nearly is and an earlier version was tested with.

    Only training rows are looked at: the others may test again.
    """
    held = [record for rows in tested for record in records_of(rows)]
    if not held:
        return [None] * len(frame.get("id", []))
    learned = [name for name, part in zip(frame["id"], frame["part"], strict=True) if part == "train"]
    names: dict[Part, list[Feature]] = {"test": [record.id for record in held], "train": learned}
    found = leaked_from({"test": held, "train": train}, names, similarity, has_choices=True, runner=runner)
    told = zip(frame["id"], frame["part"], strict=True)
    return [found.get(name) if part == "train" else None for name, part in told]


def views(has_choices: bool) -> tuple[View, ...]:
    """The texts whose likeness is a leak: questions, questions with answers, and closed items without their choices."""
    return (_question, _whole, stem, stem_and_answer) if has_choices else (_question, _whole)


def stem_and_answer(record: Record) -> str:
    return f"{stem(record)}\n{record.answer}"


def _question(record: Record) -> str:
    return record.question


def _whole(record: Record) -> str:
    return f"{record.question}\n{record.answer}"


def _texts(parts: Mapping[Part, Rows], names: Sequence[Part], view: View) -> Iterator[str]:
    return (view(record) for record in chain.from_iterable(records_of(parts[name]) for name in names))
