"""Models asked side by side: as many as memory and cores hold, the same answers, and none goes on after an error."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from prefect import flow

from flows.asking import side_by_side
from paragraf.answer import Answers, AnswerSettings
from paragraf.askers import askers, threads_of_an_asker
from paragraf.baselines.asking import Asking
from paragraf.models import Base
from paragraf.snapshots import Snapshot
from tests.tiny import sample_records

SHORT = AnswerSettings(rows=6, max_new_tokens=8)
LONG = AnswerSettings(rows=6, max_new_tokens=4096, batch_size=1)


def rows(number: int) -> Snapshot:
    return Snapshot.write("asked", [replace(row, id=f"{row.id}-{number}") for row in sample_records(6)])


@pytest.fixture
def two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")


@pytest.mark.usefixtures("two_threads")
def test_each_model_that_is_asked_has_a_thread_at_least(tiny: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (askers(tiny), threads_of_an_asker(tiny)) == (2, 1)
    monkeypatch.setenv("OMP_NUM_THREADS", "9")
    assert (askers(tiny), threads_of_an_asker(tiny)) == (4, 2)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert (askers(tiny), threads_of_an_asker(tiny)) == (1, 1)


@pytest.mark.usefixtures("two_threads")
def test_of_a_model_that_fills_the_memory_one_is_asked_on_all_threads(tmp_path: Path) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    with (folder / "model.safetensors").open("wb") as file:
        os.truncate(file.fileno(), 1 << 42)  # 4 TiB, of which nothing is written
    large = Base(path=str(folder), digest="0", name="large", tokenizer="0", template="0")
    assert (askers(large), threads_of_an_asker(large)) == (1, 2)


@pytest.mark.slow
@pytest.mark.usefixtures("two_threads", "prefect_server", "warm")
def test_every_model_says_side_by_side_what_it_says_alone(tiny: Base) -> None:
    @flow
    def ask() -> list[Answers]:
        with side_by_side(tiny) as sent:
            said = [sent.ask(rows(number), tiny, None, Asking(), SHORT) for number in range(3)]
            return [one.result() for one in said]

    together = [[item.text for item in one.read()] for one in ask()]
    assert len(together) == 3
    assert together[0] == together[1] == together[2]
    assert len(together[0]) == 6


@pytest.mark.slow
@pytest.mark.usefixtures("two_threads", "prefect_server", "warm")
def test_after_an_error_nobody_is_asked_any_more(tiny: Base, workspace: Path) -> None:
    @flow
    def ask() -> None:
        with side_by_side(tiny) as sent:
            for number in range(5):
                sent.ask(rows(number), tiny, None, Asking(), LONG)
            while not list((workspace / "answers").glob("*/journal.jsonl")):
                time.sleep(0.05)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask()
    assert 1 <= len(list((workspace / "answers").iterdir())) <= 2
