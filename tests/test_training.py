"""Training from end to end on a tiny model: in child processes, with kills, pauses and several processes."""

import json
import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from paragraf.diagnose import diagnose, read_training
from paragraf.errors import BadSettings, Diverged
from paragraf.format import Chats
from paragraf.history import read_entries
from paragraf.jobs import Entry
from paragraf.models import Base, Model, open_model
from paragraf.publish import is_whole, read_manifest
from paragraf.train import (
    FullSettings,
    LoraSettings,
    MonitorSettings,
    TrainSettings,
    Until,
    train,
    train_until,
    training_folder,
)
from paragraf.workspace import home
from tests.tiny import chats_of, sample_records, tiny_base

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
WATCHED = MonitorSettings(points=2, rows=2, prompts=1, max_new_tokens=8, retention=False)
SETTINGS = LoraSettings(epochs=2, batch_size=2, checkpoint_steps=2, dropout=0.1, monitor=WATCHED)


@pytest.fixture
def base(tmp_path: Path, tokenizer: "PreTrainedTokenizerFast") -> Base:
    return tiny_base(tmp_path / "tiny", tokenizer)


@pytest.fixture
def chats(workspace: Path) -> Chats:
    return chats_of(sample_records(16))


def weights(model: Model) -> dict[str, str]:
    return {name: digest for name, digest in read_manifest(model.folder()).items() if name.endswith(".safetensors")}


def silent(entry: Entry) -> None:
    """Listens to nothing."""


def heard(settings: TrainSettings, chats: Chats, base: Base) -> tuple[Model, list[dict[str, Any]]]:
    entries: list[dict[str, Any]] = []
    return train(chats, base, settings, lambda entry: entries.append(dict(entry))), entries


def test_a_run_tells_its_rows_its_steps_and_its_quality(chats: Chats, base: Base) -> None:
    model, entries = heard(SETTINGS, chats, base)
    assert [entry["rows"] for entry in entries if entry.get("what") == "rows"] == [12]
    assert [entry["step"] for entry in entries if "loss" in entry] == list(range(1, 13))
    measured = [entry for entry in entries if "validation_loss" in entry]
    assert [entry["step"] for entry in measured] == [0, 6, 12]
    assert {"perplexity", "diversity", "style", "polish"} <= measured[-1].keys()
    assert measured[-1]["validation_loss"] < measured[0]["validation_loss"]
    assert open_model(model).dtype.is_floating_point


def test_a_paused_run_goes_on_to_the_same_weights(chats: Chats, base: Base, tmp_path: Path) -> None:
    first = train_until(chats, base, SETTINGS, Until(0.25), silent)
    second = train_until(chats, base, SETTINGS, Until(0.5), silent)
    paused = train(chats, base, SETTINGS, silent)
    assert (first.step, second.step) == (3, 6)
    assert (first.rows, second.rows) == (6, 12)
    assert second.seconds > 0
    os.environ["PARAGRAF_HOME"] = str(tmp_path / "elsewhere")
    undisturbed = train(chats_of(sample_records(16)), base, SETTINGS, silent)
    assert weights(paused) == weights(undisturbed)


def test_a_pause_that_was_reached_before_is_not_trained_again(chats: Chats, base: Base) -> None:
    once = train_until(chats, base, SETTINGS, Until(0.5), silent)
    journal = training_folder(chats, base, SETTINGS) / "journal.jsonl"
    before = journal.read_bytes()
    assert train_until(chats, base, SETTINGS, Until(0.5), silent) == once
    assert journal.read_bytes() == before


def test_a_pause_that_a_training_went_past_is_gone_back_to(chats: Chats, base: Base, tmp_path: Path) -> None:
    """As the trials of a search are that were trained before."""
    train(chats, base, SETTINGS, silent)
    first = train_until(chats, base, SETTINGS, Until(0.25), silent)
    entries: list[Entry] = []
    second = train_until(chats, base, SETTINGS, Until(1 / 3), entries.append)
    last = train_until(chats, base, SETTINGS, Until(1.0), silent)
    assert (first.step, second.step, last.step) == (3, 4, 12)
    assert first.seconds > 0
    assert [entry["step"] for entry in entries if "loss" in entry] == [4]
    os.environ["PARAGRAF_HOME"] = str(tmp_path / "elsewhere")
    undisturbed = train_until(chats_of(sample_records(16)), base, SETTINGS, Until(1 / 3), silent)
    assert undisturbed.validation_loss == second.validation_loss


def test_only_points_are_measured_in_full_and_pauses_by_their_losses(chats: Chats, base: Base) -> None:
    entries: list[Entry] = []
    for share in (0.25, 0.5):
        train_until(chats, base, SETTINGS, Until(share), entries.append)
    pause, point = (entry for entry in entries if "validation_loss" in entry and entry["step"])
    assert (pause["step"], point["step"]) == (3, 6)
    assert {"perplexity", "validation_loss"} <= pause.keys()
    assert "diversity" not in pause
    assert "diversity" in point


def test_trainings_that_begin_alike_are_measured_once_before_their_first_step(chats: Chats, base: Base) -> None:
    train_until(chats, base, SETTINGS, Until(0.1, threads=1), silent)
    [kept] = (home() / "first-looks").iterdir()
    kept.write_text('{"validation_loss": 7.5, "perplexity": 1808.0}', "utf-8")
    begun = []
    for changed in ({"learning_rate": 1e-2, "rank": 4}, {"precision": "bf16", "variant": "dora"}):
        entries: list[Entry] = []
        train_until(chats, base, SETTINGS.model_copy(update=changed), Until(0.1, threads=1), entries.append)
        begun.append(next(entry["validation_loss"] for entry in entries if entry.get("step") == 0))
    assert begun[0] == 7.5
    assert begun[1] != 7.5


def test_a_training_keeps_its_threads_when_it_goes_on(chats: Chats, base: Base) -> None:
    order = training_folder(chats, base, SETTINGS) / "order.json"
    for until in (Until(0.1, threads=1), Until(0.2, threads=2)):
        train_until(chats, base, SETTINGS, until, silent)
        assert json.loads(order.read_bytes())["threads"] == 1


def test_a_run_that_was_stopped_before_a_pause_has_failed(chats: Chats, base: Base) -> None:
    watched = WATCHED.model_copy(update={"points": 24, "prompts": 0, "max_rise": 0.02, "on_degradation": "stop"})
    settings = SETTINGS.model_copy(update={"learning_rate": 0.2, "epochs": 4.0, "monitor": watched})
    with pytest.raises(Diverged, match=r"stopped at step \d+ of 24: perplexity .* above the best"):
        train_until(chats, base, settings, Until(1.0), silent)


def test_a_model_that_was_lost_is_published_again_from_the_last_checkpoint(chats: Chats, base: Base) -> None:
    import shutil

    model = train(chats, base, SETTINGS, silent)
    shutil.rmtree(model.folder())
    again, entries = heard(SETTINGS, chats, base)
    assert weights(again) == weights(model)
    assert [entry for entry in entries if "loss" in entry] == []


@pytest.mark.parametrize(
    "settings",
    [
        FullSettings(epochs=1, batch_size=4, monitor=WATCHED),
        LoraSettings(epochs=1, batch_size=4, variant="dora", monitor=WATCHED),
        LoraSettings(
            epochs=1, batch_size=4, variant="rslora", micro_batch=1, gradient_checkpointing=True, monitor=WATCHED
        ),
        LoraSettings(epochs=1, batch_size=4, precision="4bit", monitor=WATCHED),
        LoraSettings(epochs=1, batch_size=4, precision="8bit", monitor=WATCHED),
    ],
    ids=["full", "dora", "rslora, checkpointing, one row at once", "4 bits", "8 bits"],
)
def test_every_way_of_training_learns_and_opens(settings: TrainSettings, chats: Chats, base: Base) -> None:
    if isinstance(settings, LoraSettings) and settings.precision != "bf16":
        pytest.importorskip("bitsandbytes")
    model, entries = heard(settings, chats, base)
    losses = [entry["validation_loss"] for entry in entries if "validation_loss" in entry]
    assert losses[-1] < losses[0]
    assert weights(model)
    assert open_model(model) is not None


def test_adapters_of_the_top_layers_are_on_those_alone(chats: Chats, base: Base) -> None:
    from safetensors import safe_open

    settings = SETTINGS.model_copy(update={"top_layers": 1, "epochs": 1.0})
    model = train(chats, base, settings, silent)
    with safe_open(model.folder() / "adapter_model.safetensors", framework="pt") as file:
        layers = {name.split("layers.")[1].split(".")[0] for name in file.keys()}  # noqa: SIM118
    assert layers == {"1"}


def test_tasks_that_are_not_wanted_are_not_drawn(chats: Chats, base: Base) -> None:
    unwanted = SETTINGS.model_copy(update={"task_weights": {"qa": 0.0, "other": 0.0, "generation": 0.0}})
    with pytest.raises(BadSettings, match=r"train\.task_weights: no row has a weight above 0; the tasks here: "):
        train(chats, base, unwanted, silent)


def test_a_rate_that_is_far_too_large_ends_the_run_and_says_what_to_do(chats: Chats, base: Base) -> None:
    settings = FullSettings(learning_rate=1.0, epochs=4, batch_size=2, checkpoint_steps=2, monitor=WATCHED)
    with pytest.raises(
        Diverged, match=r"step \d+: .*try --train\.learning-rate 0\.1, or see: paragraf diagnose"
    ) as caught:
        train(chats, base, settings, silent)
    work = training_folder(chats, base, settings)
    [stopped] = [entry for entry in read_entries(work / "journal.jsonl") if entry.get("what") == "stopped"]
    assert stopped["reason"] == "diverged"
    assert stopped["message"] in str(caught.value)
    assert caught.value.exit_code == 76


def test_quality_that_falls_is_told_and_stops_the_run_if_it_is_to(chats: Chats, base: Base) -> None:
    """A rate at which this model gets worse but is still better than chance."""
    watched = WATCHED.model_copy(update={"points": 24, "prompts": 0, "max_rise": 0.02, "on_degradation": "stop"})
    settings = SETTINGS.model_copy(update={"learning_rate": 0.2, "epochs": 4.0, "monitor": watched})
    try:
        _, entries = heard(settings, chats, base)
    except Diverged:
        pytest.fail("the rate of this test is too large")
    stopped = [entry for entry in entries if entry.get("what") == "stopped"]
    assert [entry["reason"] for entry in stopped] == ["degraded"]
    assert max(entry["step"] for entry in entries if "loss" in entry) == stopped[0]["step"] < 24


def test_the_best_state_is_kept_and_not_the_last(chats: Chats, base: Base) -> None:
    watched = WATCHED.model_copy(update={"points": 12, "prompts": 0, "keep": "best"})
    settings = SETTINGS.model_copy(update={"learning_rate": 0.2, "epochs": 4.0, "monitor": watched})
    model, entries = heard(settings, chats, base)
    losses = {
        entry["step"]: entry["validation_loss"] for entry in entries if "validation_loss" in entry and entry["step"]
    }
    [kept] = [entry for entry in read_entries(model.folder() / "history.jsonl") if entry.get("what") == "kept"]
    assert kept["step"] == min(losses, key=lambda step: losses[step])


def found_in(chats: Chats, base: Base, settings: TrainSettings) -> set[str]:
    """Problems by name that the log of a training shows."""
    with suppress(Diverged):
        train(chats, base, settings, silent)
    return {finding.problem for finding in diagnose(read_training(training_folder(chats, base, settings)))}


def test_the_three_planted_faults_are_found_by_name(base: Base, workspace: Path) -> None:
    few = chats_of(sample_records(24))
    assert "too_few_rows" in found_in(few, base, SETTINGS)
    too_fast = FullSettings(learning_rate=1.0, epochs=4, batch_size=2, checkpoint_steps=2, monitor=WATCHED)
    assert "divergence" in found_in(few, base, too_fast)
    broken = [
        replace(row, question=f"### Instrukcja:\n{row.question}", answer=f"### Odpowiedź:\n{row.answer}")
        for row in sample_records(24)
    ]
    assert "broken_formatting" in found_in(chats_of(broken), base, SETTINGS)


def test_two_processes_learn_what_one_does(chats: Chats, base: Base) -> None:
    """The same rows a step, dealt out to two replicas (gloo): the same losses but for the rounding of bf16."""
    one = SETTINGS.model_copy(update={"dropout": 0.0})
    two = one.model_copy(update={"accelerate": str(ROOT / "deployments" / "accelerate" / "cpu-2.yaml")})
    curves = []
    for settings in (one, two):
        _, entries = heard(settings, chats, base)
        curves.append([entry["loss"] for entry in entries if "loss" in entry])
    assert curves[1] == pytest.approx(curves[0], rel=2e-3)
    assert len(curves[0]) == 12


KILLS = int(os.environ.get("PARAGRAF_TEST_KILLS", "4"))
CODE = """
import sys
from pathlib import Path
from paragraf.jobs import child_main
sys.argv = ["", sys.argv[1]]
from paragraf.train.child import run
from paragraf.train.settings import TrainOrder
child_main(TrainOrder, run)
"""


def test_kills_at_random_moments_change_no_bit(chats: Chats, base: Base, tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"checkpoint_steps": 1})
    expected = weights(train(chats, base, settings, silent))
    order = training_folder(chats, base, settings) / "order.json"
    os.environ["PARAGRAF_HOME"] = str(tmp_path / "killed")
    work = training_folder(chats_of(sample_records(16)), base, settings)
    work.mkdir(parents=True)
    (work / "order.json").write_text(order.read_text("utf-8"), "utf-8")
    final = home() / "models" / f"lora-{work.name}"
    chance, kills = random.Random(5), 0
    while not is_whole(final):
        kills += _run_and_kill(work, seconds=chance.uniform(0.0, 1.5) if kills < KILLS else None)
    found = {name: digest for name, digest in read_manifest(final).items() if name.endswith(".safetensors")}
    assert found == expected
    assert kills == KILLS


def _run_and_kill(work: Path, seconds: float | None) -> bool:
    """One start of the child; killed with SIGKILL so long after it began to train, or left to end. Whether it was."""
    began = _lines(work)
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(work)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    while seconds is not None and process.poll() is None and _lines(work) == began:
        time.sleep(0.02)
    try:
        return process.wait(seconds) != 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def _lines(work: Path) -> int:
    journal = work / "journal.jsonl"
    return len(journal.read_bytes().splitlines()) if journal.is_file() else 0
