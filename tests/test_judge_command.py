import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.judge import judge, parts
from paragraf.errors import BadSettings
from paragraf.judge.settings import JudgeSettings
from tests.judges import ENOUGH, always_first, answered, grades_as_written, prefers_as_written, settings_for
from tests.servers.openai_server import Reply, fault, serving

GRADES = [1, 4, 2]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Answers of two models to some questions, and what Anna says of them."""
    folder = tmp_path / "files"
    folder.mkdir()
    a, b = ([_row(number, GRADES[(number + shift) % 3]) for number in range(ENOUGH)] for shift in (0, 1))
    better = [
        "tie" if one["grade"] == other["grade"] else "AB"[one["grade"] < other["grade"]]
        for one, other in zip(a, b, strict=True)
    ]
    labels = [{"id": row["id"], "rater": "anna"} for row in a]
    _write(folder / "a.jsonl", a)
    _write(folder / "b.jsonl", b)
    _write(folder / "scores.jsonl", [{**label, "score": row["grade"]} for label, row in zip(labels, a, strict=True)])
    _write(
        folder / "preferences.jsonl",
        [{**label, "preference": said} for label, said in zip(labels, better, strict=True)],
    )
    return folder


def _row(number: int, grade: int) -> dict[str, Any]:
    item = answered(number, grade)
    return {"id": item.id, "question": item.question, "expected": item.expected, "answer": item.answer, "grade": grade}


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def run(settings: JudgeSettings, *words: str | Path) -> list[str]:
    told: list[str] = []
    assert judge([str(word) for word in words], settings, told.append) == 0
    return told


def test_a_good_judge_is_calibrated_and_its_comparison_may_decide(files: Path) -> None:
    with serving(prefers_as_written) as server:
        settings = settings_for(server)
        told = run(settings, "calibrate", files / "preferences.jsonl", files / "a.jsonl", files / "b.jsonl")
        assert told[1].startswith("preference: weighted kappa 1.00 [1.00, 1.00], swap bias 0.00 [0.00, 0.18], on 18 of")
        assert told[2] == "It may decide."
        asked = len(server.calls)
        told = run(settings, "compare", files / "a.jsonl", files / "b.jsonl")
        assert (asked, len(server.calls)) == (36, 36)  # the comparison's opinions were bought with the calibration
    assert told[0] == "Asked m 0 times: 0 tokens, 0."
    assert told[2] == "A is better in 12, B in 6, tie in 0 (0 of them the same text)."
    assert told[-2] == "This judge is calibrated: its word may decide."
    lines = Path(told[-1]).read_text("utf-8").splitlines()
    assert len(lines) == 18
    assert all(json.loads(line)["may_decide"] for line in lines)


def test_scores_calibrate_a_judge_on_one_file(files: Path) -> None:
    with serving(grades_as_written) as server:
        told = run(settings_for(server), "calibrate", files / "scores.jsonl", files / "a.jsonl")
    assert told[1] == "score: weighted kappa 1.00 [1.00, 1.00], on 18 of 18 labelled by 1."
    assert told[2] == "It may decide."
    assert Path(told[3]).is_file()


@pytest.mark.parametrize(
    ("says", "calibrates", "why"),
    [
        (prefers_as_written, False, "no calibration"),
        (always_first, True, "weighted kappa 0.00 [0.00, 0.00], not surely 0.6 or more; swap bias 1.00 [0.82, 1.00], "),
    ],
)
def test_without_a_valid_calibration_a_comparison_is_information(
    files: Path, says: Callable[[dict[str, Any]], Reply], calibrates: bool, why: str
) -> None:
    with serving(says) as server:
        settings = settings_for(server)
        if calibrates:
            run(settings, "calibrate", files / "preferences.jsonl", files / "a.jsonl", files / "b.jsonl")
        told = run(settings, "compare", files / "a.jsonl", files / "b.jsonl")
    assert told[-2].startswith(f"For information only, it decides nothing: {why}")
    assert 'may_decide": true' not in Path(told[-1]).read_text("utf-8")


def test_an_endpoint_that_is_down_changes_nothing_that_was_found_before(files: Path, workspace: Path) -> None:
    with serving(fault(500)) as server:
        settings = settings_for(server)
        told = run(settings, "calibrate", files / "scores.jsonl", files / "a.jsonl")
        told += run(settings, "compare", files / "a.jsonl", files / "b.jsonl")
    assert told[1] == "score: weighted kappa unknown, on 0 of 18 labelled by 1; no opinion: 10 gave_up, 8 server_error."
    assert told[2] == "Nothing was found out, and nothing is kept."
    assert told[-1].startswith("For information only, it decides nothing: no calibration.")
    assert not (workspace / "judge").exists()


def test_a_comparison_needs_a_judge_and_its_files(files: Path) -> None:
    with pytest.raises(BadSettings, match="is 'none'; name a judge"):
        run(JudgeSettings(), "compare", files / "a.jsonl", files / "b.jsonl")
    with pytest.raises(BadSettings, match="with the files before the flags"):
        run(JudgeSettings(), "compare", files / "a.jsonl")


def test_files_stand_before_the_flags() -> None:
    words = ["compare", "a.jsonl", "b.jsonl", "--judge.generator.model", "m"]
    assert parts(words) == (words[:3], words[3:])
    assert parts(["--help"]) == ([], ["--help"])
