"""Raw: rows as they were read in, their sizes and what they said, as a digest, out."""

from array import array
from typing import NamedTuple

from paragraf.records import Record
from paragraf.runner import HERE, Runner
from paragraf.snapshots import Piece, Rows, pieces
from paragraf.text import stable_hash
from paragraf.validate.frames import Frame, stacked


class RawRows(NamedTuple):
    """The frame of all raw rows, and one 64-bit hash of each row's texts."""

    frame: Frame
    texts: "array[int]"


def raw_rows(rows: Rows, runner: Runner = HERE) -> RawRows:
    """What was read: sizes and whether anything is there at all."""
    texts = array("q")
    frames = []
    for frame, hashes in runner.map(_piece, pieces(rows)):
        frames.append(frame)
        texts.extend(hashes)
    return RawRows(stacked(frames), texts)


def text_hash(record: Record) -> int:
    """By which a row is known again as one whose question and answer nobody changed."""
    return hash_of(f"{record.question}\x00{record.answer}")


def hash_of(text: str) -> int:
    """64 bits, signed, the same in every process."""
    return stable_hash(text) - 2**63


def _piece(piece: Piece) -> tuple[Frame, list[int]]:
    records = piece.records()
    frame: Frame = {
        "id": [record.id for record in records],
        "question_chars": [len(record.question.strip()) for record in records],
        "answer_chars": [len(record.answer.strip()) for record in records],
    }
    return frame, [text_hash(record) for record in records]
