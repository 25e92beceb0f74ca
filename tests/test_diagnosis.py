import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from flows.diagnosis import diagnosis
from paragraf.errors import BadSettings, MissingInput
from paragraf.events import record_event
from paragraf.identity import ProcessIdentity
from paragraf.runs import Run, begin, end
from paragraf.train import LoraSettings

Line = Mapping[str, object]

BASE_MODEL = {"step": 0, "of": 85, "validation_loss": 3.572, "retention_loss": 2.852}
ROWS = {"what": "rows", "rows": 311, "tokens": 95000, "answer_tokens": 70000, "longest": 612}
LEARNING = [
    {"step": step, "of": 85, "loss": loss, "gradient_norm": 0.6, "learning_rate": 0.001}
    for step, loss in enumerate([3.27, 3.3, 3.1, 2.9, 2.85, 2.7, 2.6, 2.5, 2.4], start=1)
]


def training(workspace: Path, key: str, journal: Sequence[Line], settings: LoraSettings | None = None) -> Path:
    folder = workspace / "training" / key
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in journal))
    if settings:
        (folder / "order.json").write_text(json.dumps({"settings": settings.model_dump(), "threads": 2}))
    return folder


def run(name: str, key: str) -> Run:
    begun = begin(name, "finetune", "", f"mlflow-{name}")
    record_event("training_began", {"mlflow_run": begun.mlflow_run, "training": key})
    return begun


def told(*arguments: str) -> str:
    lines: list[str] = []
    assert diagnosis(list(arguments), lines.append) == 0
    return "\n".join(lines)


def test_a_good_run_is_told_to_have_nothing_that_stands_out(workspace: Path) -> None:
    training(workspace, "abc", [ROWS, BASE_MODEL, *LEARNING, {**BASE_MODEL, "step": 9, "validation_loss": 2.5}])
    end(run("r1", "abc"), "finished")
    assert told() == "Run r1 (finished), training abc: step 9 of 85.\nNothing stands out."


def test_twenty_rows_are_found_with_what_they_lead_to(workspace: Path) -> None:
    by_heart = [
        {"step": step, "of": 25, "loss": loss, "gradient_norm": 0.9}
        for step, loss in enumerate([3.3, 3.2, 2.9, 2.2, 1.5, 1.0, 0.6, 0.4, 0.2], start=1)
    ]
    validation = [{"step": 5, "of": 25, "validation_loss": 3.0}, {"step": 9, "of": 25, "validation_loss": 3.4}]
    training(workspace, "few", [{**ROWS, "rows": 20}, BASE_MODEL, *by_heart, *validation], LoraSettings(epochs=5))
    said = told("few")
    assert said.index("\ntoo_few_rows\n") < said.index("\noverfitting\n")
    assert "symptom: 20 training rows" in said
    assert "(--train.epochs 1)" in said


def test_a_learning_rate_that_is_too_large_is_found_in_a_run_that_failed(workspace: Path) -> None:
    blown = [
        {"step": 1, "of": 85, "loss": 3.27, "gradient_norm": 0.77},
        {"step": 2, "of": 85, "loss": float("nan"), "gradient_norm": float("inf")},
        {"what": "stopped", "step": 2, "of": 85, "reason": "diverged", "message": "step 2: loss is nan"},
    ]
    folder = training(workspace, "huge", [ROWS, BASE_MODEL, *blown], LoraSettings(learning_rate=1e-1))
    (folder / "child.log").write_text("paragraf error Diverged\n")
    end(run("r1", "huge"), "failed")
    said = told("r1")
    assert "\ndivergence\n  symptom: stopped at step 2 of 85: step 2: loss is nan\n" in said
    assert "--train.learning-rate 1e-3" in said
    assert said.endswith(f"{folder / 'child.log'}.")


def test_a_learning_rate_that_is_too_large_is_found_though_every_number_was_finite(workspace: Path) -> None:
    """Measured: the built-in model at a rate of 0.1."""
    norms = [0.8594, 0.8242, 159.0, 585728.0, 41.5, 26.0, 5.7812, 8.5625]
    losses = [3.4912, 3.608, 11.5534, 23.6261, 21.753, 84.5877, 19.5979, 23.5216]
    steps = [
        {"step": step, "of": 8, "loss": loss, "gradient_norm": norm}
        for step, (loss, norm) in enumerate(zip(losses, norms, strict=True), start=1)
    ]
    validation = [
        {"step": step, "of": 8, "validation_loss": loss, "retention_loss": retention}
        for step, loss, retention in [(0, 3.7258, 2.8518), (4, 21.5021, 20.5511), (8, 20.6107, 19.5997)]
    ]
    training(workspace, "huge", [ROWS, *validation, *steps], LoraSettings(learning_rate=1e-1))
    said = told("huge")
    assert said.index("\ndivergence\n") < said.index("\ncatastrophic_forgetting\n")
    assert "symptom: training loss 43.322 at steps 4 to 6, 3.726 at the start" in said
    assert "lower the learning rate (--train.learning-rate 1e-3)" in said
    assert "gradient_spikes" not in said
    assert "fitting" not in said


def test_broken_formatting_is_found(workspace: Path) -> None:
    training(workspace, "marks", [{**ROWS, "with_marks": 311}, BASE_MODEL, *LEARNING])
    assert "\nbroken_formatting\n  symptom: 311 of 311 rows hold marks" in told("marks")


def test_the_newest_is_what_was_begun_last_and_not_what_was_written_last(workspace: Path) -> None:
    training(workspace, "new", [BASE_MODEL])
    run("r1", "old")
    run("r2", "new")
    os.utime(training(workspace, "old", [BASE_MODEL]), (2e9, 2e9))
    assert told("newest") == "Run r2 (running), training new: step 0 of 85.\nNothing stands out."


def test_a_run_that_was_killed_and_never_measured_anything_is_told_so(workspace: Path) -> None:
    mine = ProcessIdentity.mine()
    begun = run("r1", "empty")
    dead = begun.model_copy(update={"owner": replace(mine, started=mine.started - 60_000).label()})
    (workspace / "runs" / "r1.json").write_text(dead.model_dump_json())
    training(workspace, "empty", [])
    assert told("r1") == "Run r1 (died), training empty: step 0.\nNothing was measured yet."


def test_the_path_of_a_training_is_enough(workspace: Path, tmp_path: Path) -> None:
    folder = training(workspace, "abc", [ROWS, BASE_MODEL, *LEARNING])
    elsewhere = folder.rename(tmp_path / "copied")
    assert told(str(elsewhere)) == "Training copied: step 9 of 85.\nNothing stands out."


def test_two_runs_of_one_training_are_told_by_the_one_that_began_it_last(workspace: Path) -> None:
    training(workspace, "abc", [BASE_MODEL])
    end(run("r1", "abc"), "failed")
    end(run("r2", "abc"), "finished")
    assert told("abc").startswith("Run r2 (finished), training abc")
    assert told("r1").startswith("Run r1 (failed), training abc")


def test_an_unknown_run_is_refused_with_those_that_are_known(workspace: Path) -> None:
    training(workspace, "abc", [BASE_MODEL])
    run("r1", "abc")
    run("r2", "abc")
    with pytest.raises(MissingInput, match=r"'r3' is no run, .* known runs, the newest first: r2, r1"):
        told("r3")


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "../.."])
def test_a_name_that_can_be_none_is_refused(workspace: Path, name: str) -> None:
    with pytest.raises(MissingInput, match="there is no training yet"):
        told(name)


def test_a_run_that_never_came_to_train_is_refused(workspace: Path) -> None:
    training(workspace, "abc", [BASE_MODEL])
    end(begin("r1", "finetune", "", ""), "failed")
    with pytest.raises(MissingInput, match=r"run 'r1' \(failed\) has begun no training; known trainings: abc"):
        told("r1")


def test_a_new_workspace_has_no_training() -> None:
    with pytest.raises(MissingInput, match="there is no training yet"):
        told()


def test_a_wrong_flag_is_our_own_error() -> None:
    with pytest.raises(BadSettings, match="unrecognized arguments: --what"):
        told("--what")
