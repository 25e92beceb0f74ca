"""Trainings that pause at shares of their steps, as the trials of a search do."""

import json
import os
from pathlib import Path

import pytest

from paragraf.errors import Diverged
from paragraf.format import Chats
from paragraf.jobs import ORDER, Entry
from paragraf.models import Base
from paragraf.train import Until, train_until, training_folder
from paragraf.workspace import home
from tests.tiny import chats_of, sample_records
from tests.training import SETTINGS, WATCHED, silent, train_here, work_here

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]


@pytest.fixture
def chats(workspace: Path) -> Chats:
    return chats_of(sample_records(16))


def test_a_pause_that_a_training_went_past_is_gone_back_to(chats: Chats, tiny: Base, tmp_path: Path) -> None:
    """As the trials of a search are that were trained before."""
    train_here(chats, tiny, SETTINGS)
    first = train_until(chats, tiny, SETTINGS, Until(0.25), silent)
    entries: list[Entry] = []
    second = train_until(chats, tiny, SETTINGS, Until(1 / 3), entries.append)
    last = train_until(chats, tiny, SETTINGS, Until(1.0), silent)
    assert (first.step, second.step, last.step) == (4, 5, 12)
    assert first.seconds > 0
    assert [entry["step"] for entry in entries if "loss" in entry] == [5]
    os.environ["PARAGRAF_HOME"] = str(tmp_path / "elsewhere")
    there = chats_of(sample_records(16))
    work_here(there, tiny, SETTINGS, Until(1 / 3))
    undisturbed = train_until(there, tiny, SETTINGS, Until(1 / 3), silent)
    assert undisturbed.validation_loss == second.validation_loss
    assert (training_folder(there, tiny, SETTINGS) / "checkpoints" / "step-00000004").is_dir()
    on_a_checkpoint = train_until(there, tiny, SETTINGS, Until(0.25), silent)
    assert (on_a_checkpoint.step, on_a_checkpoint.validation_loss) == (4, first.validation_loss)


def test_only_points_are_measured_in_full_and_pauses_by_their_losses(chats: Chats, tiny: Base) -> None:
    entries: list[Entry] = []
    for share in (0.25, 0.4):
        train_until(chats, tiny, SETTINGS, Until(share), entries.append)
    pause, point = (entry for entry in entries if "validation_loss" in entry and entry["step"])
    assert (pause["step"], point["step"]) == (4, 6)
    assert {"perplexity", "validation_loss"} <= pause.keys()
    assert "diversity" not in pause
    assert "diversity" in point


def test_trainings_that_begin_alike_are_measured_once_before_their_first_step(chats: Chats, tiny: Base) -> None:
    begin = Until(0.1, threads=1)
    work_here(chats, tiny, SETTINGS, begin)
    [kept] = (home() / "first-looks").iterdir()
    kept.write_text('{"validation_loss": 7.5, "perplexity": 1808.0}', "utf-8")
    begun = []
    for changed in ({"learning_rate": 1e-2, "rank": 4}, {"precision": "bf16", "variant": "dora"}):
        entries = work_here(chats, tiny, SETTINGS.model_copy(update=changed), begin)
        begun.append(next(entry["validation_loss"] for entry in entries if entry.get("step") == 0))
    assert begun[0] == 7.5
    assert begun[1] != 7.5


def test_a_training_keeps_its_threads_when_it_goes_on(chats: Chats, tiny: Base) -> None:
    order = training_folder(chats, tiny, SETTINGS) / ORDER
    for until in (Until(0.1, threads=1), Until(0.2, threads=2)):
        train_until(chats, tiny, SETTINGS, until, silent)
        assert json.loads(order.read_bytes())["threads"] == 1


def test_a_run_that_was_stopped_before_a_pause_has_failed(chats: Chats, tiny: Base) -> None:
    watched = WATCHED.model_copy(update={"points": 24, "prompts": 0, "max_rise": 0.02, "on_degradation": "stop"})
    settings = SETTINGS.model_copy(update={"learning_rate": 0.2, "epochs": 4.0, "monitor": watched})
    with pytest.raises(Diverged, match=r"stopped at step \d+ of 24: perplexity .* above the best"):
        train_until(chats, tiny, settings, Until(1.0), silent)
