import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import data, rows, search, stages, updates
from paragraf.language import is_polish
from paragraf.law import find
from paragraf.law.existence import fabricated
from paragraf.load import LoadSettings, load
from paragraf.similarity import groups
from paragraf.text import normal_form, numbers

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

COUNT = 3000


@pytest.fixture(scope="module")
def made() -> list[rows.Row]:
    return list(rows.rows(COUNT, seed=1))


def of_kind(made: list[rows.Row], *kinds: rows.Kind) -> list[rows.Row]:
    return [row for row in made if row.kind in kinds]


@given(seed=st.integers(0, 1 << 20), number=st.integers(0, 1 << 30))
def test_a_row_depends_on_its_seed_and_number_alone(seed: int, number: int) -> None:
    assert rows.row(seed, number) == rows.row(seed, number)


@given(seed=st.integers(0, 1 << 20), number=st.integers(1, 1 << 30))
def test_an_origin_is_a_base_row_that_came_before(seed: int, number: int) -> None:
    row = rows.row(seed, number)
    if row.origin is not None:
        assert row.origin < number
        assert rows.row(seed, row.origin).kind == "base"


def test_a_longer_file_begins_with_the_shorter_one(tmp_path: Path) -> None:
    rows.write_rows(tmp_path / "short.jsonl", 40, seed=3)
    rows.write_rows(tmp_path / "long.jsonl", 80, seed=3)
    assert (tmp_path / "long.jsonl").read_bytes().startswith((tmp_path / "short.jsonl").read_bytes())


def test_kinds_come_in_their_shares(made: list[rows.Row]) -> None:
    counts = Counter(row.kind for row in made)
    assert {kind: counts[kind] / COUNT for kind in rows.SHARES} == pytest.approx(rows.SHARES, abs=0.02)


def test_a_row_has_about_450_characters(made: list[rows.Row]) -> None:
    assert 400 < sum(len(row.question) + len(row.answer) for row in made) / COUNT < 500


def test_all_but_foreign_rows_count_as_polish(made: list[rows.Row]) -> None:
    sound = of_kind(made, "base", "near", "hard_negative", "personal")[:400]
    assert [row for row in sound if not is_polish(f"{row.question}\n{row.answer}")] == []
    assert [row for row in of_kind(made, "foreign") if is_polish(f"{row.question}\n{row.answer}")] == []


def test_every_sound_answer_cites_a_provision_that_exists(made: list[rows.Row]) -> None:
    answers = [row.answer for row in of_kind(made, "base")[:400]]
    assert [answer for answer in answers if not find(answer)] == []
    assert [answer for answer in answers if fabricated(answer)] == []


@pytest.mark.parametrize("view", ["question", "answer"])
def test_base_rows_are_no_near_duplicates_of_each_other(made: list[rows.Row], view: str) -> None:
    texts = [getattr(row, view) for row in of_kind(made, "base")]
    assert groups(texts) == list(range(len(texts)))


def test_a_near_duplicate_is_found_and_a_hard_negative_is_not(made: list[rows.Row]) -> None:
    found = groups(f"{row.question} {row.answer}" for row in made)
    merged = {kind: Counter[bool]() for kind in ("near", "hard_negative")}
    for row, lowest in zip(made, found, strict=True):
        if row.kind in merged and row.origin is not None:
            merged[row.kind][lowest == found[row.origin]] += 1
    assert merged["hard_negative"][True] == 0
    assert merged["near"][True] > 0.97 * merged["near"].total()


def test_an_exact_duplicate_differs_in_typing_alone(made: list[rows.Row]) -> None:
    for row in of_kind(made, "exact"):
        origin = made[row.origin or 0]
        assert normal_form(row.question) == normal_form(origin.question)
        assert (normal_form(row.answer), numbers(row.answer)) == (normal_form(origin.answer), numbers(origin.answer))


def test_people_are_born_in_another_century(made: list[rows.Row]) -> None:
    from stdnum.pl import pesel

    words = [word.strip(".,()") for row in of_kind(made, "personal") for word in row.question.split()]
    found = [word for word in words if len(word) == 11 and word.isdigit()]
    assert len(found) > 5
    assert {pesel.get_birth_date(number).year // 100 for number in found} == {22}


def test_the_loader_takes_the_file_as_it_is(tmp_path: Path) -> None:
    rows.write_rows(tmp_path / "rows.jsonl", 200, seed=1)
    assert sum(1 for _ in load(LoadSettings(source=str(tmp_path / "rows.jsonl")))) == 200


def run_of(count: int, runner: str, seconds: float, splits: str) -> data.Run:
    costs = {"load": data.Cost(2.0, seconds, 500_000_000), "clean": data.Cost(8.0, 3 * seconds, 1_500_000_000)}
    return data.Run(count, runner, costs, {"splits": splits})


def test_the_table_counts_by_row_of_the_source() -> None:
    assert data.table(run_of(1000, "processes", 0.5, "ab")).splitlines()[1:] == [
        "1000 rows, runner processes",
        "stage         rows/s  CPU s/1000  peak GB",
        "load             500       0.500     0.50",
        "clean            125       1.500     1.50",
        "all              100       2.000     1.50",
        "splits: ab",
    ]


def test_growth_compares_the_largest_run_with_the_smallest() -> None:
    runs = [run_of(count, "processes", seconds, "") for count, seconds in ((1000, 1.0), (100, 0.2), (10_000, 30.0))]
    assert [line.strip() for line in data.growth(runs)] == [
        "CPU of a row at 10000 rows over that at 100, runner processes: load 1.50, clean 1.50, all 1.50"
    ]


def test_one_run_shows_no_growth() -> None:
    assert list(data.growth([run_of(100, "ray", 1.0, "")])) == []


@pytest.mark.parametrize(
    ("splits", "told"),
    [
        (["ab", "ab"], "All runners made the same splits."),
        (["ab", "cd"], "The runners DIFFER in the splits of [100] rows."),
        (["ab"], ""),
    ],
)
def test_runners_are_held_against_each_other(splits: list[str], told: str) -> None:
    runs = [run_of(100, runner, 1.0, digest) for runner, digest in zip(("processes", "ray"), splits, strict=False)]
    assert data.agreement(runs) == told


def test_the_watch_sees_what_a_process_and_its_child_hold_and_do() -> None:
    held = "import subprocess, sys\nheld = bytearray(b'x' * 60_000_000)\nsum(range(6_000_000))\n"
    started = f"{held}subprocess.run([sys.executable, '-c', {(held + 'input()')!r}])"
    child = subprocess.Popen([sys.executable, "-c", started], stdin=subprocess.PIPE)
    with data.Watch(child.pid) as watch:
        peak = 0
        while peak < 120_000_000:
            assert child.poll() is None
            peak = max(peak, watch.lap()[1])
        child.communicate(b"\n")
    assert child.returncode == 0


@pytest.mark.slow
def test_the_stages_run_from_load_to_format(
    workspace: Path, tokenizer: "PreTrainedTokenizerFast", capsys: pytest.CaptureFixture[str]
) -> None:
    base = workspace / "base"
    tokenizer.save_pretrained(base)
    (base / "config.json").write_text("{}")
    (base / "model.safetensors").write_bytes(b"")
    rows.write_rows(workspace / "rows.jsonl", 400, seed=1)
    stages.run(str(workspace / "rows.jsonl"), str(base), "processes", 1)
    *costs, found = map(json.loads, capsys.readouterr().out.splitlines())
    assert [cost["stage"] for cost in costs] == ["load", "clean", "split", "augment", "validate", "format"]
    assert all(cost["cpu"] > 0 for cost in costs)
    assert set(found["rows"]) == {"train", "valid", "test"}


def test_slices_for_updates_are_years_or_else_parts_by_area(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps({"q": at, "year": 2012 + at % 3}) for at in range(12)), "utf-8")
    assert [(name, len(lines)) for name, lines in updates.slices(path, 3, 2).items()] == [("2012", 3), ("2013", 3)]
    path.write_text("\n".join(json.dumps({"q": at, "area": "ab"[at % 2]}) for at in range(12)), "utf-8")
    areas = [[json.loads(line)["area"] for line in lines] for lines in updates.slices(path, 9, 2).values()]
    assert areas == [["a"] * 6, ["b"] * 6]


def test_rows_for_a_search_are_spread_over_a_file_that_is_ordered_by_area(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join("aaabbbccc"), "utf-8")
    assert search.spread(path, 3) == ["a", "b", "c"]
    assert search.spread(path, 99) == list("aaabbbccc")


def test_the_pruned_search_is_told_as_a_share_of_the_grid(capsys: pytest.CaptureFixture[str]) -> None:
    grid = search.Found({"learning_rate": 1e-3}, 2.0, 576, 600.0)
    search.tell(grid, search.Found({"learning_rate": 3e-3}, 2.01, 144, 150.0))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "    grid   2.0000    576     600  learning_rate 0.001",
        "  pruned   2.0100    144     150  learning_rate 0.003",
        "pruned: +0.50% of validation loss for 25.0% of the rows and 25% of the CPU time",
    ]
