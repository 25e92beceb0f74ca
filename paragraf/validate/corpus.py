"""Corpus: kept rows in, what all of them show and what a sample of them shows word by word out."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from paragraf.runner import HERE, Runner
from paragraf.snapshots import Piece, Rows, pieces
from paragraf.text import normal_form
from paragraf.validate.content import content_features
from paragraf.validate.frames import Draw, Feature, Frame, count_of, place, stacked
from paragraf.validate.raw import hash_of, text_hash

READ_ROWS = 2000  # rows whose words are compared with each other: enough for means to stand to two digits


class Words(NamedTuple):
    """The text of a row for measures of diversity, with its place in an order that has nothing to do with content."""

    place: float
    question: str
    answer: str


@dataclass(slots=True)
class CorpusRows:
    """What the kept rows show; `words` stay in memory and go into numbers only."""

    frame: Frame
    content: Frame
    texts: "array[int]" = field(default_factory=lambda: array("q"))
    areas: Counter[str] = field(default_factory=Counter)
    item_types: Counter[str] = field(default_factory=Counter)
    words: list[Words] = field(default_factory=list)


class _Seen(NamedTuple):
    """What one piece shows."""

    frame: Frame
    content: Frame
    questions: list[int]
    texts: list[int]
    areas: Counter[str]
    item_types: Counter[str]
    words: list[Words]


def corpus_rows(rows: Rows, sample_rows: int, runner: Runner = HERE) -> CorpusRows:
    """Look at all kept rows, and at `sample_rows` of them word by word."""
    total = count_of(rows)
    look = partial(_piece, Draw.of(total, sample_rows), Draw.of(total, min(READ_ROWS, sample_rows)))
    found = CorpusRows({}, {})
    frames, contents = [], []
    first: dict[int, Feature] = {}
    for seen in runner.map(look, pieces(rows)):
        seen.frame["same_question_as"] = [
            None if (earlier := first.setdefault(question, name)) is name else earlier
            for question, name in zip(seen.questions, seen.frame["id"], strict=True)
        ]
        frames.append(seen.frame)
        contents.append(seen.content)
        found.texts.extend(seen.texts)
        found.areas.update(seen.areas)
        found.item_types.update(seen.item_types)
        found.words += seen.words
    found.words.sort()
    found.frame, found.content = stacked(frames), stacked(contents)
    return found


def _piece(sample: Draw, read: Draw, piece: Piece) -> _Seen:
    records = piece.records()
    frame: Frame = {
        "id": [record.id for record in records],
        "question_chars": [len(record.question) for record in records],
        "answer_chars": [len(record.answer) for record in records],
    }
    looked_at = [content_features(record) for record in records if sample.holds(record.id)]
    return _Seen(
        frame=frame,
        content={name: [row[name] for row in looked_at] for name in (looked_at[0] if looked_at else ())},
        questions=[hash_of(normal_form(record.question)) for record in records],
        texts=[text_hash(record) for record in records],
        areas=Counter(record.area for record in records),
        item_types=Counter(record.item_type for record in records),
        words=[Words(place(record.id), record.question, record.answer) for record in records if read.holds(record.id)],
    )
