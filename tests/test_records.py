import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from paragraf.errors import Damaged
from paragraf.records import PARTS, Changed, Dropped, Kept, Line, Record, partition
from paragraf.snapshots import Snapshot, Splits

ROW = Record(id="a-1", question="Jaki mam okres wypowiedzenia?", answer="Dwa tygodnie.")
LETTERS = st.text(st.characters(exclude_categories=["Cs"]))
RECORDS = st.builds(
    Record,
    id=LETTERS,
    question=LETTERS,
    answer=LETTERS,
    area=LETTERS,
    item_type=st.sampled_from(
        ["general", "individual_case", "deadline", "unlawful_aim", "false_premise", "out_of_scope", "exam"]
    ),
    legal_state=LETTERS,
    legal_basis=st.lists(LETTERS).map(tuple),
    basis_text=LETTERS,
    facts=st.lists(LETTERS).map(tuple),
    choices=st.lists(st.tuples(LETTERS, LETTERS)).map(tuple),
    correct=LETTERS,
    source=LETTERS,
    group=LETTERS,
    origin=LETTERS,
    technique=LETTERS,
)


@given(RECORDS)
def test_a_record_survives_its_json_line(record: Record) -> None:
    line = record.to_json()
    assert "\n" not in line
    assert Record.from_json(line) == record
    assert Record.from_json(line.encode()) == record


def test_a_line_holds_only_what_is_known() -> None:
    assert ROW.to_json() == ('{"id": "a-1", "question": "Jaki mam okres wypowiedzenia?", "answer": "Dwa tygodnie."}')


def test_a_field_that_no_record_has_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        Record.from_json('{"id": "a", "question": "b", "answer": "c", "colour": "d"}')


def test_rows_come_back_in_order_and_dropped_ones_lie_beside_them(tmp_path: Path) -> None:
    rows = [replace(ROW, id=name, facts=("jeden\u2028dwa", "x\r\ny")) for name in ("b", "a", "c")]
    snapshot = Snapshot.write("clean", [*rows, Dropped(ROW, "too_short", "2 words")])
    assert snapshot.read() == rows
    assert (snapshot.rows, snapshot.dropped) == (3, {"too_short": 1})
    quarantine = (tmp_path / snapshot.path / "quarantine.jsonl").read_text("utf-8")
    assert json.loads(quarantine) == {
        "outcome": "dropped",
        "reason": "too_short",
        "detail": "2 words",
        "row": json.loads(ROW.to_json()),
    }


def test_the_digest_is_of_the_rows_alone() -> None:
    plain = Snapshot.write("clean", [ROW])
    dropped = Snapshot.write("clean", [ROW, Dropped(replace(ROW, id="x"), "too_short")])
    named = Snapshot.write("other", [ROW])
    assert plain.digest == dropped.digest == named.digest
    assert plain.content() == dropped.content()
    assert len({plain.path, dropped.path, named.path}) == 3
    assert dropped.read() == [ROW]


@pytest.mark.parametrize("changed", [{"answer": "Trzy tygodnie."}, {"group": "g"}, {"facts": ("x",)}])
def test_the_digest_changes_with_any_field(changed: dict[str, str]) -> None:
    assert Snapshot.write("clean", [replace(ROW, **changed)]).digest != Snapshot.write("clean", [ROW]).digest  # type: ignore[arg-type]


def test_the_digest_changes_with_the_order_of_rows() -> None:
    other = replace(ROW, id="a-2")
    assert Snapshot.write("clean", [ROW, other]).digest != Snapshot.write("clean", [other, ROW]).digest


def test_a_snapshot_of_no_rows_reads_as_no_rows() -> None:
    assert Snapshot.write("clean", []).read() == []


def test_a_damaged_snapshot_is_not_read(tmp_path: Path) -> None:
    snapshot = Snapshot.write("clean", [ROW])
    rows = tmp_path / snapshot.path / "rows.jsonl"
    rows.write_bytes(rows.read_bytes().replace(b"Dwa", b"Trz"))
    with pytest.raises(Damaged, match=r"rows\.jsonl"):
        snapshot.read()
    assert Snapshot.write("clean", [ROW]).read() == [ROW]


def test_rows_of_another_snapshot_under_this_name_are_not_read(tmp_path: Path) -> None:
    mine, other = Snapshot.write("clean", [ROW]), Snapshot.write("clean", [replace(ROW, answer="Inna.")])
    (tmp_path / mine.path).rename(tmp_path / "away")
    (tmp_path / other.path).rename(tmp_path / mine.path)
    with pytest.raises(Damaged):
        mine.read()


def test_a_snapshot_knows_whether_it_is_there(tmp_path: Path) -> None:
    snapshot = Snapshot.write("clean", [ROW])
    assert snapshot.is_there()
    (tmp_path / snapshot.path).rename(tmp_path / "away")
    assert not snapshot.is_there()


def test_a_snapshot_that_names_a_place_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="leads out of the workspace"):
        Snapshot(path="../../etc", digest="0", rows=0).read()


def test_a_moved_workspace_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "old"))
    snapshot = Snapshot.write("clean", [ROW])
    (tmp_path / "old").rename(tmp_path / "new")
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "new"))
    assert snapshot.read() == [ROW]


def test_receipts_take_no_unknown_key_and_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Snapshot.model_validate({"path": "a", "digest": "b", "rows": 1, "colour": "c"})
    with pytest.raises(ValidationError):
        Snapshot(path="a", digest="b", rows=1).rows = 2


def test_splits_stand_for_the_content_of_their_parts() -> None:
    train, valid, test = (Snapshot.write("split", [replace(ROW, id=part)]) for part in PARTS)
    splits = Splits(train=train, valid=valid, test=test)
    more = Snapshot.write("augment", [ROW, replace(ROW, id="x")])
    assert [part for part, _ in splits.parts()] == ["train", "valid", "test"]
    assert splits.is_there()
    assert splits.content() == Splits(train=train, valid=valid, test=test).content()
    assert splits.content() != Splits(train=valid, valid=train, test=test).content()
    assert splits.with_train(more).train == more
    assert splits.with_train(more).test == test
    assert splits.with_train(more).content() != splits.content()


def test_partition_loses_nothing_and_counts_reasons() -> None:
    rows = [replace(ROW, id=str(number)) for number in range(6)]
    verdicts = {"1": ("odd", "one"), "3": ("odd", "three"), "4": ("even", "four")}
    kept = partition(rows, lambda record: verdicts.get(record.id))
    assert [record.id for record in kept.records] == ["0", "2", "5"]
    assert [(item.record.id, item.reason, item.detail) for item in kept.dropped] == [
        ("1", "odd", "one"),
        ("3", "odd", "three"),
        ("4", "even", "four"),
    ]
    assert kept.counts() == {"odd": 2, "even": 1}
    assert kept.summary() == "Kept 3 of 6 rows; dropped: 2 odd, 1 even."
    assert Kept(rows, []).summary() == "Kept 6 of 6 rows; dropped: none."


@given(RECORDS, RECORDS)
def test_every_outcome_survives_its_line(record: Record, other: Record) -> None:
    outcomes = [record, Changed(record, other, ("whitespace", "html_removed")), Dropped(record, "too_short", "2 words")]
    assert [Line.of(outcome).outcome() for outcome in outcomes] == outcomes
    assert Kept.of(map(Line.of, outcomes)) == Kept([record, record], [outcomes[2]], [outcomes[1]])
