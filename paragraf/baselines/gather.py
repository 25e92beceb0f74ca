"""Gather: the parts of a corpus and a folder of documents in, what may be laid before a model out, as a library."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest
from itertools import chain
from pathlib import Path

from paragraf.baselines.documents import blocks_of, cut
from paragraf.baselines.held_out import HeldOut
from paragraf.baselines.library import Example, Library, Passage
from paragraf.records import Record
from paragraf.snapshots import Splits

_MOST_ROWS = 20_000  # an index of these is built in about 10 s; of more rows these are drawn by a stable hash


def gather(parts: Splits, documents: str) -> Library:
    """Publish what may be laid before a model: training rows that nothing was derived from, and documents if named.

    What repeats a question or an answer of the validation or test part is left out, wherever it comes from.

    Raises:
        MissingInput: the folder is not there or holds nothing that can be read.
        BadRow: a document is not as it should be.
    """
    held_out = HeldOut.of(chain(parts.valid.records(), parts.test.records()))
    left_out = Counter[str]()
    rows = [row for row in _drawn(parts.train.records()) if not _is_given_away(held_out.fault_of_row(row), left_out)]
    blocks = [Passage(row.answer, ", ".join(row.legal_basis), row.question, row.id, row.group) for row in rows]
    if documents:
        found = blocks_of(Path(documents))
        blocks += [block for block in found if not _is_given_away(held_out.fault_of_text(block.text), left_out)]
    examples = [Example(row.id, row.question, row.answer, row.group) for row in rows]
    pieces = [piece for block in blocks for piece in cut(block)]
    return Library.write(examples, pieces, dict(left_out.most_common()))


def _is_given_away(fault: str, left_out: Counter[str]) -> bool:
    left_out.update([fault] if fault else [])
    return bool(fault)


def _drawn(records: Iterable[Record]) -> list[Record]:
    """Rows that are nobody's variant; a file that holds very many gives some of them."""
    whole = (record for record in records if not record.technique)
    return nsmallest(_MOST_ROWS, whole, key=lambda record: (hashlib.sha256(record.id.encode()).digest(), record.id))
