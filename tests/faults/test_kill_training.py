"""A training that is paused, or killed at any moment, goes on in another process and ends with the same weights."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from paragraf.format import Chats
from paragraf.jobs import JOURNAL, ORDER
from paragraf.models import Base
from paragraf.publish import is_whole
from paragraf.train import Until, order_of, train, train_until, training_folder
from paragraf.workspace import home
from tests.tiny import chats_of, sample_records
from tests.training import SETTINGS, silent, train_here, weights, work_here

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm")]

KILLS = int(os.environ.get("PARAGRAF_TEST_KILLS", "2"))
TRAINING = 3.0  # seconds of work of the whole training; the kills fall within it


@pytest.fixture(scope="module")
def undisturbed(tiny: Base, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Weights of a training that nothing happened to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(tmp_path_factory.mktemp("undisturbed")))
        model, _ = train_here(chats_of(sample_records(16)), tiny, SETTINGS)
        return weights(model.folder())


@pytest.fixture
def chats(workspace: Path) -> Chats:
    return chats_of(sample_records(16))


def test_a_paused_run_goes_on_to_the_same_weights(chats: Chats, tiny: Base, undisturbed: dict[str, str]) -> None:
    work_here(chats, tiny, SETTINGS, Until(0.25))
    first = train_until(chats, tiny, SETTINGS, Until(0.25), silent)
    second = train_until(chats, tiny, SETTINGS, Until(0.5), silent)
    model = train(chats, tiny, SETTINGS, silent)
    assert (first.step, second.step) == (4, 7)
    assert (first.rows, second.rows) == (8, 14)
    assert second.seconds > 0
    assert weights(model.folder()) == undisturbed


def test_a_pause_that_was_reached_before_is_not_trained_again(chats: Chats, tiny: Base) -> None:
    work_here(chats, tiny, SETTINGS, Until(0.5))
    journal = training_folder(chats, tiny, SETTINGS) / JOURNAL
    before = journal.read_bytes()
    once = train_until(chats, tiny, SETTINGS, Until(0.5), silent)
    assert train_until(chats, tiny, SETTINGS, Until(0.5), silent) == once
    assert journal.read_bytes() == before


def test_kills_at_random_moments_change_no_bit(chats: Chats, tiny: Base, undisturbed: dict[str, str]) -> None:
    settings = SETTINGS.model_copy(update={"checkpoint_steps": 1})
    work = training_folder(chats, tiny, settings)
    work.mkdir(parents=True)
    (work / ORDER).write_text(order_of(chats, tiny, settings, Until(1.0)).model_dump_json(), "utf-8")
    final = home() / "models" / f"lora-{work.name}"
    chance, kills = random.Random(5), 0
    while not is_whole(final):
        kills += _run_and_kill(work, seconds=chance.uniform(0.0, TRAINING / KILLS) if kills < KILLS else None)
    assert weights(final) == undisturbed
    assert kills == KILLS


def _run_and_kill(work: Path, seconds: float | None) -> bool:
    """One start of the child; killed with SIGKILL so long after it began to train, or left to end. Whether it was."""
    began = _lines(work)
    process = subprocess.Popen(
        [sys.executable, "-m", "paragraf.train.child", str(work)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
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
    journal = work / JOURNAL
    return len(journal.read_bytes().splitlines()) if journal.is_file() else 0
