from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from paragraf.records import Changed, Dropped, Line, Outcome, Record
from paragraf.snapshots import Held, Slice, Snapshot, pieces, records_of, slices_of

ROW = Record(id="a-1", question="Jaki mam okres wypowiedzenia?", answer="Dwa tygodnie.")


def many(rows: int) -> list[Record]:
    return [replace(ROW, id=f"r{number}", answer="ż" * (number % 700)) for number in range(rows)]


def test_rows_are_written_as_they_come_and_counted_by_reason(tmp_path: Path) -> None:
    outcomes: list[Outcome | Line] = [
        ROW,
        Changed(replace(ROW, id="b"), ROW, ("whitespace", "html_removed")),
        Dropped(ROW, "too_short"),
        Line(replace(ROW, id="c").to_json()),
    ]
    snapshot = Snapshot.write("clean", iter(outcomes))
    assert [record.id for record in snapshot.records()] == ["a-1", "b", "c"]
    assert snapshot.dropped == {"too_short": 1}
    assert snapshot.changed == {"whitespace": 1, "html_removed": 1}
    assert snapshot.summary() == ("Kept 3 of 4 rows; dropped: 1 too_short; changed: 1 whitespace, 1 html_removed.")
    assert (tmp_path / snapshot.path / "quarantine.jsonl").read_text("utf-8").count("\n") == 2


def test_rows_that_end_in_an_error_leave_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[Record]:
        yield ROW
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        Snapshot.write("load", broken())
    assert list((tmp_path / "rows").iterdir()) == []


def test_slices_hold_all_rows_once_and_in_order() -> None:
    snapshot = Snapshot.write("load", many(5000))
    slices = list(snapshot.slices())
    assert len(slices) > 2
    assert [record for piece in slices for record in piece.records()] == many(5000)


def test_a_file_that_ends_on_a_border_has_no_empty_slice(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    line = ROW.to_json().encode() + b"\n"
    path.write_bytes(line * 3)
    assert list(slices_of(path)) == [Slice(path, 0, 3 * len(line))]
    path.write_bytes(b"")
    assert list(slices_of(path)) == []


def test_rows_in_memory_and_at_rest_have_one_face() -> None:
    rows = many(2500)
    assert [len(piece.records()) for piece in pieces(iter(rows))] == [1000, 1000, 500]
    assert all(isinstance(piece, Held) for piece in pieces(rows))
    assert list(records_of(Snapshot.write("load", rows))) == list(records_of(rows)) == rows
