"""Existence: which cited provisions surely do not exist, and that no real one is called so."""

import json
from datetime import date
from pathlib import Path

import pytest

from paragraf.law.existence import exists, fabricated, standing, tally
from paragraf.law.standing import Standing

ROOT = Path(__file__).parents[1]
EXAMS = ROOT.parent / "shared" / "data" / "exams-2012-2019.jsonl"


@pytest.fixture(autouse=True)
def _empty_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path))


def invented(text: str, on: date | None = None) -> list[str]:
    return [citation.key for citation in fabricated(text, on)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("art. 415 k.c.", []),
        ("Zgodnie z art. 1523 k.c. oraz art. 415 k.c.", ["kc:art=1523"]),
        ("art. 148 § 12 k.k.", ["kk:art=148;par=12"]),
        ("art. 415 § 7 k.c.", ["kc:art=415;par=7"]),
        ("art. 415 ust. 9 k.c.", ["kc:art=415;ust=9"]),
        ("art. 1080-1200 k.c.", ["kc:art=1080..1200"]),
        ("art. 118-125 k.c.", []),
        ("art. 2 k.c. (uchylony), art. 400 k.c.", []),
        ("art. 4171 k.c. i art. 3851 § 1 k.c.", []),
        ("art. 505(37) k.p.c., art. 1145(1) k.p.c., art. 299a k.k.", []),
        ("art. 53 § 37 pkt 2 k.k.s.", []),
        ("art. 9999 k.p., § 800 umowy, art. 5, Dz.U. z 2018 r. poz. 9999, II CSK 1/20", []),
    ],
)
def test_only_what_surely_never_was_is_fabricated(text: str, expected: list[str]) -> None:
    assert invented(text) == expected


@pytest.mark.parametrize(
    ("key", "on", "expected"),
    [
        ("kc:art=415", None, True),
        ("kc:art=415", date(1999, 1, 1), True),
        ("kc:art=415", date(1950, 1, 1), None),
        ("kk:art=178a", date(1999, 1, 1), None),
        ("kk:art=178a", date(2026, 1, 1), True),
        ("kc:art=2", None, True),
        ("kc:art=2", date(1999, 1, 1), None),
        ("kc:art=2", date(2026, 1, 1), False),
        ("kc:art=1523", date(1999, 1, 1), False),
        ("kc:art=400", None, None),
        ("kp:art=5", None, None),
        ("sig:II CSK 1/20", None, None),
    ],
)
def test_the_inventory_of_one_year_says_no_more_of_other_days_than_it_knows(
    key: str, on: date | None, expected: bool | None
) -> None:
    assert exists(key, on) is expected


def test_a_tally_counts_each_standing() -> None:
    assert tally("art. 415 k.c., art. 416 k.c., art. 2 k.c., art. 1523 k.c., art. 5 k.p.") == {
        Standing.IN_FORCE: 2,
        Standing.REPEALED: 1,
        Standing.ABSENT: 1,
        Standing.UNCOVERED: 1,
    }
    assert standing("kc:art=415;par=1") is Standing.UNSURE


def test_the_shipped_sample_cites_nothing_that_is_invented() -> None:
    rows = (ROOT / "paragraf/data/sample.jsonl").read_text("utf-8").splitlines()
    assert [key for row in rows for text in json.loads(row).values() for key in invented(str(text))] == []


@pytest.mark.skipif(not EXAMS.is_file(), reason="the exams are not here")
def test_no_legal_basis_of_eight_years_of_state_exams_is_called_invented() -> None:
    rows = [json.loads(line) for line in EXAMS.read_text("utf-8").splitlines()]
    assert [key for row in rows for key in invented(f"{row['legal_basis']}\n{row['question']}")] == []
