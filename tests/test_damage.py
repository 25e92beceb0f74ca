"""What is planted in a sound corpus is found again, row by row and nothing else."""

import json
from collections import defaultdict
from pathlib import Path

from paragraf.clean import CleanSettings, clean
from paragraf.load import LoadSettings, load
from paragraf.records import Kept
from tests.damage import damaged

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
EXPECTED = {
    "mojibake": "encoding_repaired",
    "html": "html_removed",
    "pesel": "masked_pesel",
    "fabricated": "fabricated_citation",
}


def test_planted_damage_is_found_and_nothing_else_is_touched(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    planted = damaged(rows, tmp_path / "rows.jsonl", each=12)
    raw = Kept.of(load(LoadSettings(source=str(tmp_path / "rows.jsonl"), encoding="auto")))
    kept = Kept.of(clean(raw.records, CleanSettings(fabricated_citations="quarantine")))
    found = defaultdict(set)
    for change in (*raw.changed, *kept.changed):
        for reason in change.reasons:
            found[reason].add(int(change.record.source.split(":")[1]))
    for dropped in kept.dropped:
        found[dropped.reason].add(int(dropped.record.source.split(":")[1]))
    assert found["decoded_cp1250"] == planted["cp1250"]
    assert {kind: found[reason] for kind, reason in EXPECTED.items()} == {kind: planted[kind] for kind in EXPECTED}
    touched = set[int]().union(*found.values())
    assert touched == set[int]().union(*(planted[kind] for kind in ("cp1250", *EXPECTED)))
    sound = {
        number: row["answer"] for number, row in enumerate(rows, start=1) if number not in planted["no_diacritics"]
    }
    for record in kept.records:
        number = int(record.source.split(":")[1])
        if number in sound:
            assert record.answer == sound[number]
