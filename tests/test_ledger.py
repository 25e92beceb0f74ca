import json
from pathlib import Path

import pytest

from paragraf.errors import BadRow
from paragraf.ledger import KnownParts, recall, write_down
from paragraf.lineage import asked
from paragraf.records import Part, Record
from paragraf.split import SplitSettings, assign

SETTINGS = SplitSettings()


def rows(numbers: range) -> list[Record]:
    return [Record(f"r{n}", f"Czy przepis numer {n} obowiązuje w mieście {n}?", f"Tak, od roku {n}.") for n in numbers]


def run(records: list[Record], corpus: str, settings: SplitSettings = SETTINGS) -> dict[str, Part]:
    assignment = assign(records, settings, recall(records, corpus, settings))
    write_down(assignment, corpus, settings.seed)
    return {record.id: part for record, part in zip(records, assignment.parts, strict=True)}


def test_what_one_run_split_keeps_its_part_in_every_later_run() -> None:
    first = run(rows(range(100)), "a")
    second = run(rows(range(-50, 150)), "b")
    third = run(rows(range(-200, 300)), "c")
    assert first.items() <= second.items()
    assert second.items() <= third.items()


def test_a_repeated_run_finds_what_it_found_the_first_time() -> None:
    assert recall(rows(range(100)), "a", SETTINGS) == {}
    run(rows(range(100)), "a")
    assert recall(rows(range(100)), "a", SETTINGS) == {}
    run(rows(range(150)), "b")
    assert recall(rows(range(100)), "a", SETTINGS) == {}
    assert len(recall(rows(range(150)), "b", SETTINGS)) == 100


def test_another_seed_is_a_new_beginning() -> None:
    run(rows(range(100)), "a")
    assert recall(rows(range(100)), "b", SplitSettings(seed=1)) == {}


def test_a_line_that_a_kill_cut_off_is_written_again(tmp_path: Path) -> None:
    run(rows(range(100)), "a")
    path = tmp_path / "ledger" / "parts-seed-0.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert len(recall(rows(range(100)), "b", SETTINGS)) == 99
    run(rows(range(100)), "a")
    assert len(recall(rows(range(100)), "b", SETTINGS)) == 100


def test_a_given_file_is_kept_by_id_and_by_question(tmp_path: Path) -> None:
    records = rows(range(40))
    path = tmp_path / "parts.jsonl"
    given = [{"id": "r1", "part": "test"}, {"question": records[2].question.upper(), "split": "validation"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in given), "utf-8")
    parts = run(records, "a", SplitSettings(given=str(path)))
    assert (parts["r1"], parts["r2"]) == ("test", "valid")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (['{"id": "a", "part": "tset"}'], "parts.jsonl:1: part is 'tset'; write train, valid or test"),
        (['{"part": "test"}'], "parts.jsonl:1: neither an 'id' nor a 'question'"),
        (
            ['{"id": "a", "part": "test"}', '{"id": "a", "part": "train"}'],
            "parts.jsonl:2: says train, but an earlier row",
        ),
    ],
)
def test_a_given_file_that_cannot_be_kept_is_refused(tmp_path: Path, lines: list[str], told: str) -> None:
    path = tmp_path / "parts.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(BadRow) as caught:
        recall(rows(range(3)), "a", SplitSettings(given=str(path)))
    assert told in str(caught.value)


def test_known_parts_stand_for_their_content() -> None:
    one = KnownParts.write({asked("Co?"): "test"})
    assert one.read() == {asked("Co?"): "test"}
    assert one == KnownParts.write({asked("CO"): "test"})
    assert one.digest != KnownParts.write({}).digest
