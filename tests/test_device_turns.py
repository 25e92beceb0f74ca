"""Two runs of two workspaces at once: their trainings take turns on the device, and both end."""

import os
import re
import time
from pathlib import Path

import pytest

from paragraf.devices import device_held
from paragraf.models import Base
from tests.running import SMALL, small_corpus, start

pytestmark = pytest.mark.slow

NAMED = re.compile(r"Waits for the cpu, where another training is at work: run \S+ of finetune, process (\d+)")


def workspace_in(folder: Path) -> Path:
    """A new workspace; the log of its run lies beside it."""
    folder.mkdir()
    return folder / "work"


def test_two_trainings_at_once_take_turns(tmp_path: Path, tiny: Base) -> None:
    corpus = ["--load.source", str(small_corpus(tmp_path)), "--train.base-model", tiny.path, "--train.epochs", "0.4"]
    with device_held("the test", print):
        runs = [start("finetune", workspace_in(tmp_path / name), *corpus, *SMALL) for name in ("one", "two")]
        end = time.monotonic() + 120
        while not all("at work: the test" in log.read_text("utf-8") for _, log in runs):
            assert time.monotonic() < end, [log.read_text("utf-8") for _, log in runs]
            time.sleep(0.1)
        assert not list(tmp_path.glob("*/work/training/*/journal.jsonl"))
    assert [process.wait(300) for process, _ in runs] == [0, 0]
    waited = [found for _, log in runs for found in NAMED.findall(log.read_text("utf-8"))]
    assert waited in ([str(runs[0][0].pid)], [str(runs[1][0].pid)])
    assert str(os.getpid()) not in waited
