"""Retention: short everyday rows in Polish and English, far from law; what a model must still know after training."""

import json
from pathlib import Path

from paragraf.records import Record

_ROWS = Path(__file__).parent / "data" / "retention.jsonl"


def retention_rows() -> list[Record]:
    """The rows, in a fixed order; the id names what a row is about and its language: `arithmetic-pl-1`."""
    found = map(json.loads, _ROWS.read_bytes().splitlines())
    return [Record(id=row["id"], question=row["question"], answer=row["answer"]) for row in found]
