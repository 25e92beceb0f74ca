from pathlib import Path

import pytest

from paragraf.diagnose import Point, diagnose, read_points


def history(validation: list[float], norms: list[float] | None = None) -> list[Point]:
    points = [Point(step=10 * index, eval_loss=loss) for index, loss in enumerate(validation)]
    return points + [Point(step=index, loss=1.0, grad_norm=norm) for index, norm in enumerate(norms or [1.0, 1.2, 0.9])]


def problems(points: list[Point]) -> list[str]:
    return [finding.problem for finding in diagnose(points)]


@pytest.mark.parametrize(
    "validation", [[3.8, 2.0, 1.2, 0.9], [3.8, 0.9, 0.92, 0.93], [2.0, 1.0], [3.0, 1.0, 1.049], []]
)
def test_nothing_stands_out_in_a_good_history(validation: list[float]) -> None:
    assert diagnose(history(validation)) == []


def test_nothing_is_found_in_no_history() -> None:
    assert diagnose([]) == []


@pytest.mark.parametrize("validation", [[3.8, 1.0, 1.2], [3.0, 1.0, 0.8, 0.9], [2.0, 1.0, 1.5, 1.6]])
def test_a_validation_loss_that_turned_is_overfitting(validation: list[float]) -> None:
    assert problems(history(validation)) == ["overfitting"]


@pytest.mark.parametrize("validation", [[3.8, 3.8], [3.0, 2.95, 2.9], [1.0, 0.96]])
def test_a_validation_loss_that_hardly_fell_is_underfitting(validation: list[float]) -> None:
    assert problems(history(validation)) == ["underfitting"]


def test_a_validation_loss_that_only_rose_is_both_and_the_graver_comes_first() -> None:
    assert problems(history([1.0, 1.5, 2.0])) == ["overfitting", "underfitting"]


def test_a_gradient_far_above_the_median_is_a_spike() -> None:
    findings = diagnose(history([3.8, 1.0], norms=[1.0, 1.0, 1.0, 1.0, 10.5]))
    assert [finding.problem for finding in findings] == ["gradient spikes"]
    assert findings[0].symptom == "largest gradient norm 10.5, median 1.0"


def test_a_gradient_at_ten_times_the_median_is_none() -> None:
    assert diagnose(history([3.8, 1.0], norms=[1.0, 1.0, 1.0, 10.0])) == []


def test_every_finding_names_its_numbers_and_a_setting_to_change() -> None:
    overfit, underfit = diagnose(history([1.0, 1.5, 2.0]))
    assert overfit.symptom == "validation loss rose from 1.000 to 2.000"
    assert underfit.symptom == "validation loss went from 1.000 to 2.000 only"
    assert "--train.epochs" in overfit.advice
    assert "--train.learning-rate" in underfit.advice


def test_a_history_is_read_line_by_line_and_other_facts_are_left(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(
        '{"eval_loss": 3.5, "eval_runtime": 1.0, "step": 0}\n'
        '{"loss": 2.5, "grad_norm": 1.5, "learning_rate": 0.001, "epoch": 0.1, "step": 1}\n'
        '{"train_loss": 2.0, "total_flos": 1e12, "step": 1}\n'
    )
    assert read_points(path) == [
        Point(step=0, eval_loss=3.5),
        Point(step=1, loss=2.5, grad_norm=1.5, learning_rate=0.001),
        Point(step=1),
    ]
