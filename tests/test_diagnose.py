import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from paragraf.diagnose import (
    Finding,
    KnownSettings,
    Point,
    TrainingLog,
    diagnose,
    read_kept,
    read_points,
    read_training,
)
from paragraf.diagnose.advice import plain
from paragraf.history import RowFacts, Stop
from paragraf.models import Base, Model
from paragraf.problem_words import problem
from paragraf.train import LoraSettings

GOOD_LOSS = [3.3, 3.2, 3.2, 2.9, 2.8, 2.6, 2.6, 2.5, 2.4, 2.4]
SETTINGS = KnownSettings(learning_rate=1e-3, epochs=2.0, dropout=0.0, warmup_share=0.05)


def log(
    losses: Sequence[float] = GOOD_LOSS,
    validation: Sequence[float] = (3.6, 2.7, 2.4),
    norms: Sequence[float] = (),
    retention: Sequence[float] = (),
    **known: Any,
) -> TrainingLog:
    """A training of ten steps, whose validations are spread over them."""
    measured: list[dict[str, float]] = [{} for _ in range(11)]
    for step, loss in enumerate(losses, start=1):
        measured[step]["loss"] = loss
    for step, norm in enumerate(norms, start=1):
        measured[step]["gradient_norm"] = norm
    for name, values in (("validation_loss", validation), ("retention_loss", retention)):
        for index, value in enumerate(values):
            measured[10 * index // max(1, len(values) - 1)][name] = value
    points = tuple(Point(step=step, **held) for step, held in enumerate(measured) if held)
    return TrainingLog(points=points, steps=10, **known)


def problems(found: TrainingLog) -> list[str]:
    return [finding.problem for finding in diagnose(found)]


def only(found: TrainingLog) -> Finding:
    [finding] = diagnose(found)
    return finding


@pytest.mark.parametrize(
    "validation", [[3.8, 2.0, 1.2, 0.9], [3.8, 0.9, 0.92, 0.93], [2.0, 1.0], [3.0, 1.0, 1.049], [3.6], []]
)
def test_nothing_stands_out_in_a_good_training(validation: list[float]) -> None:
    norms = [0.8, 0.7, 0.8, 0.6, 0.5, 0.5, 0.6, 0.5, 0.5, 0.6]
    rows = RowFacts(rows=311, tokens=95000, answer_tokens=70000, longest=612)
    assert diagnose(log(validation=validation, norms=norms, retention=[2.85, 2.99, 3.05], rows=rows)) == []


def test_nothing_stands_out_in_an_honest_epoch_as_measured() -> None:
    """The built-in model, 320 rows of the sample, the default rate."""
    assert (
        diagnose(log(validation=[3.572, 2.675, 2.441, 2.341, 2.324], retention=[2.852, 2.985, 3.067, 3.143, 3.165]))
        == []
    )


def test_nothing_is_found_where_nothing_was_measured() -> None:
    assert diagnose(TrainingLog()) == []
    assert diagnose(log(losses=[], validation=[3.6])) == []


@pytest.mark.parametrize("validation", [[3.8, 1.0, 1.2], [3.0, 1.0, 0.8, 0.9], [2.0, 1.0, 1.5, 1.6], [2.0, 2.2]])
def test_a_validation_loss_that_rises_while_training_loss_falls_is_overfitting(validation: list[float]) -> None:
    assert problems(log(validation=validation)) == ["overfitting"]


def test_rows_learned_by_heart_are_overfitting_though_validation_loss_only_stood_still() -> None:
    by_heart = [3.3, 3.2, 3.0, 2.0, 1.5, 1.0, 0.7, 0.5, 0.3, 0.2]
    assert problems(log(losses=by_heart, validation=[3.6, 3.55, 3.6])) == ["overfitting"]


def test_overfitting_is_told_with_its_numbers_and_the_epochs_until_it_began() -> None:
    finding = only(log(validation=[3.6, 2.4, 3.0], settings=SETTINGS))
    assert finding.symptom == (
        "validation loss rose from 2.400 at step 5 to 3.000 while training loss fell from 3.233 to 2.433"
    )
    assert finding.flags == ("--train.epochs 1", "--train.dropout 0.1")


@pytest.mark.parametrize("validation", [[3.6, 3.6], [3.0, 2.95, 2.9], [1.0, 0.96]])
def test_losses_that_hardly_fell_are_underfitting(validation: list[float]) -> None:
    assert problems(log(losses=[3.3, 3.2, 3.3, 3.2, 3.2, 3.2], validation=validation)) == ["underfitting"]


@pytest.mark.parametrize(
    ("rate", "flags"),
    [
        (1e-5, ("--train.learning-rate 1e-4", "--train.epochs 4")),
        (5e-4, ("--train.learning-rate 1e-3", "--train.epochs 4")),
        (1e-3, ("--train.epochs 4",)),
        (1e-2, ("--train.learning-rate 1e-3", "--train.epochs 4")),
    ],
)
def test_underfitting_asks_for_a_rate_that_teaches_and_more_epochs(rate: float, flags: tuple[str, ...]) -> None:
    settings = SETTINGS.model_copy(update={"learning_rate": rate})
    assert only(log(losses=[3.3] * 6, validation=[3.6, 3.5], settings=settings)).flags == flags


@pytest.mark.parametrize("name", ["loss", "gradient_norm", "validation_loss"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_divergence(name: str, value: float) -> None:
    found = TrainingLog(points=(Point(step=1, loss=3.3), Point.model_validate({"step": 2, name: value})))
    assert only(found).symptom == f"{name.replace('_', ' ')} is {value} at step 2"


def test_a_loss_far_above_its_start_is_divergence_also_if_it_came_back() -> None:
    spike = [3.3, 3.2, 3.2, 3.1, 9.0, 8.0, 7.5, 3.6, 3.4, 3.3]
    finding = only(log(losses=spike, validation=[3.6, 3.6, 3.5]))
    assert finding.problem == "divergence"
    assert finding.symptom == "training loss 8.167 at steps 5 to 7, 3.233 at the start"


def test_one_hard_batch_is_no_divergence() -> None:
    assert diagnose(log(losses=[3.3, 3.2, 3.2, 2.9, 6.0, 2.7, 2.6, 2.5, 2.4, 2.4])) == []


def test_a_diverged_training_is_not_called_under_or_overfitted() -> None:
    blown = [3.3, 3.4, 7.0, 9.0, 9.5, 9.0, 8.8, 8.9, 8.7, 8.8]
    norms = [0.8, 0.8, 0.9, 25.0, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8]
    assert problems(log(losses=blown, validation=[3.6, 9.1, 8.9], norms=norms)) == ["divergence"]


@pytest.mark.parametrize(
    ("rate", "advised"), [(1e-1, "1e-3"), (1.0, "1e-3"), (1e-2, "1e-3"), (1e-3, "3.3e-4"), (3e-4, "1e-4")]
)
def test_divergence_asks_for_a_lower_rate(rate: float, advised: str) -> None:
    stop = Stop(step=4, of=85, reason="diverged", message="loss is nan")
    settings = SETTINGS.model_copy(update={"learning_rate": rate})
    finding = only(log(losses=[3.3, 3.2], validation=[3.6], stop=stop, settings=settings))
    assert finding.problem == "divergence"
    assert finding.symptom == "stopped at step 4 of 85: loss is nan"
    assert finding.flags == (f"--train.learning-rate {advised}", "--train.warmup-share 0.1")


def test_without_settings_advice_names_flags_but_no_values() -> None:
    finding = only(log(stop=Stop(step=4, reason="diverged")))
    assert finding.advice == "lower the learning rate (--train.learning-rate); warm up longer (--train.warmup-share)"
    assert finding.flags == ()


def test_forgetting_is_a_rise_of_the_loss_on_everyday_rows() -> None:
    finding = only(log(retention=[2.85, 3.0, 4.2], settings=SETTINGS))
    assert finding.problem == "catastrophic_forgetting"
    assert finding.symptom.startswith("loss on everyday rows rose from 2.850 to 4.200")
    assert finding.flags == ("--train.learning-rate 3.3e-4", "--train.epochs 1")


@pytest.mark.parametrize("norms", [[0.0] * 10, [0.5, 0.5, 0.4, *[1e-5] * 7]])
def test_gradients_that_are_zero_or_vanish_while_the_loss_stands_still_are_dead(norms: list[float]) -> None:
    assert problems(log(losses=[3.3] * 10, validation=[3.6, 3.6], norms=norms)) == ["dead_gradients"]


def test_gradients_that_vanish_because_the_loss_is_gone_are_not_dead() -> None:
    learned = [3.3, 2.0, 1.0, 0.5, 0.2, 0.1, 0.01, 0.001, 0.0, 0.0]
    assert diagnose(log(losses=learned, validation=[3.6, 0.1], norms=[0.5, 0.5, 0.4, *[1e-5] * 7])) == []


def test_a_gradient_far_above_the_median_is_a_spike() -> None:
    finding = only(log(norms=[1.0, 1.0, 1.0, 1.0, 10.5]))
    assert finding.problem == "gradient_spikes"
    assert finding.symptom == "gradient norm 10.5 at step 5, median before it 1.0"
    assert diagnose(log(norms=[1.0, 1.0, 1.0, 10.0])) == []


def test_a_training_that_the_monitor_stopped_is_degraded_and_nothing_else() -> None:
    stop = Stop(step=8, of=10, reason="degraded", message="perplexity 15.00 at step 8 is 25% above the best")
    finding = only(log(validation=[3.6, 2.4, 2.7], stop=stop, settings=SETTINGS))
    assert finding.problem == "degraded"
    assert finding.symptom == "stopped at step 8 of 10: perplexity 15.00 at step 8 is 25% above the best"
    assert finding.flags == ("--train.learning-rate 3.3e-4", "--train.epochs 1")


@pytest.mark.parametrize(
    ("facts", "problem", "symptom"),
    [
        ({"without_answer": 300}, "all_masked_rows", "not one of 300 rows has a token to learn"),
        ({"without_answer": 2}, "all_masked_rows", "2 of 300 rows have no token to learn"),
        ({"without_end": 300}, "template_mismatch", "300 of 300 rows do not end with the end-of-turn token"),
        ({"with_marks": 30}, "broken_formatting", "30 of 300 rows hold marks of another prompt format"),
        ({"rows": 20}, "too_few_rows", "20 training rows, 50 are the least"),
    ],
)
def test_rows_show_problems_of_their_own(facts: dict[str, int], problem: str, symptom: str) -> None:
    finding = only(log(rows=RowFacts.model_validate({"rows": 300, **facts})))
    assert (finding.problem, finding.symptom) == (problem, symptom)


def test_a_row_in_a_hundred_may_quote_a_prompt_format() -> None:
    assert diagnose(log(rows=RowFacts(rows=300, with_marks=3))) == []


def test_another_base_model_is_advised_only_where_another_was_trained() -> None:
    rows = RowFacts(rows=300, without_end=300)
    assert only(log(rows=rows, settings=KnownSettings(base_model="smollm2-135m-instruct"))).flags == ()
    assert only(log(rows=rows, settings=KnownSettings(base_model="gpt2"))).flags == (
        "--train.base-model smollm2-135m-instruct",
    )


def test_graver_problems_come_first() -> None:
    found = log(validation=[3.6, 2.0, 2.6], norms=[1.0] * 9 + [20.0], rows=RowFacts(rows=20, with_marks=20))
    assert problems(found) == ["broken_formatting", "too_few_rows", "overfitting", "gradient_spikes"]


def test_every_problem_has_polish_words() -> None:
    named = [
        *("all_masked_rows", "divergence", "dead_gradients", "template_mismatch", "broken_formatting", "degraded"),
        *("catastrophic_forgetting", "too_few_rows", "overfitting", "underfitting", "gradient_spikes"),
    ]
    assert [name for name in named if not all(problem(name)) or problem(name)[0] == name] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-3, "1e-3"), (3.3333e-4, "3.3e-4"), (0.05, "0.05"), (0.4, "0.4"), (1.6, "1.6"), (20.0, "20"), (150.0, "150")],
)
def test_values_are_written_as_they_are_typed(value: float, text: str) -> None:
    assert plain(value) == text


def test_a_history_has_one_point_a_step_and_other_facts_are_left(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(
        '{"validation_loss": 3.5, "seconds_left": 1.0, "step": 0}\n'
        '{"loss": 2.5, "gradient_norm": 1.5, "learning_rate": 0.001, "epoch": 0.1, "step": 1}\n'
        '{"validation_loss": 2.0, "perplexity": null, "step": 1}\n'
    )
    assert read_points(path) == [
        Point(step=0, validation_loss=3.5),
        Point(step=1, loss=2.5, gradient_norm=1.5, learning_rate=0.001, validation_loss=2.0),
    ]


def test_what_a_resumed_training_measured_again_counts(tmp_path: Path) -> None:
    lines = [{"step": 1, "loss": 3.0}, {"step": 2, "loss": float("nan")}, {"step": 2, "loss": 2.0}]
    (tmp_path / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert read_training(tmp_path).points == (Point(step=1, loss=3.0), Point(step=2, loss=2.0))


def test_a_torn_last_line_and_a_damaged_order_cost_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text('{"step": 1, "of": 9, "loss": 3.0}\n[]\n{"step": 2, "los')
    (tmp_path / "order.json").write_text('{"settings": {"learning_')
    assert read_training(tmp_path) == TrainingLog(points=(Point(step=1, loss=3.0),), steps=9)


@pytest.mark.parametrize("order", ["[]", "null", '{"settings": []}', '{"settings": {"epochs": "auto"}}', "{}"])
def test_an_order_of_another_form_tells_nothing(tmp_path: Path, order: str) -> None:
    (tmp_path / "order.json").write_text(order)
    assert read_training(tmp_path).settings == KnownSettings()


def test_a_training_without_a_journal_is_an_empty_log(tmp_path: Path) -> None:
    assert read_training(tmp_path / "none") == TrainingLog()


def test_a_stop_counts_until_the_training_is_started_again(tmp_path: Path) -> None:
    rows = {"what": "rows", "rows": 311}
    stopped = {"what": "stopped", "step": 4, "of": 85, "reason": "diverged", "message": "loss is nan"}
    journal = tmp_path / "journal.jsonl"
    journal.write_text(f"{json.dumps(rows)}\n{json.dumps(stopped)}\n")
    assert read_training(tmp_path).stop == Stop(step=4, of=85, reason="diverged", message="loss is nan")
    journal.write_text(journal.read_text() + json.dumps(rows) + "\n")
    assert read_training(tmp_path).stop is None


def test_what_is_kept_with_a_model_is_read_with_the_settings_it_was_trained_with(workspace: Path) -> None:
    base = Base(path="models/base/x", digest="b", name="x", tokenizer="t", template="t")
    model = Model(path="models/lora-1", digest="m", base=base, backend="lora")
    model.folder().mkdir(parents=True)
    (model.folder() / "history.jsonl").write_text('{"what": "rows", "rows": 20}\n{"step": 1, "loss": 3.0}\n')
    kept = read_kept(model, LoraSettings(epochs=3))
    assert kept.rows == RowFacts(rows=20)
    assert kept.points == (Point(step=1, loss=3.0),)
    assert (kept.settings.epochs, kept.settings.learning_rate) == (3, 1e-3)
