"""Two runs of two workspaces at once: their trainings take turns on the device."""

import re
import subprocess
from pathlib import Path

import psutil
import pytest

from paragraf.devices import device_held
from paragraf.models import Base
from tests.running import SMALL, all_gone, small_corpus, start, with_stores
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

NAMED = re.compile(r"Waits for the cpu, where another training is at work: run \S+ of finetune, process (\d+)")
Started = tuple[subprocess.Popen[bytes], Path]


def workspace_in(folder: Path, stores: Path) -> Path:
    """A new workspace; the log of its run lies beside it."""
    return with_stores(folder / "work", stores)


def logs(runs: list[Started]) -> list[str]:
    return [log.read_text("utf-8") for _, log in runs]


def end_now(runs: list[Started]) -> None:
    for process, _ in runs:
        children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.wait()
        assert all_gone(children)


def test_of_two_trainings_at_once_one_waits_for_the_other(tmp_path: Path, stores: Path, tiny: Base) -> None:
    corpus = ["--load.source", str(small_corpus(tmp_path)), "--train.base-model", tiny.path, "--train.epochs", "0.4"]

    def count(what: str) -> int:
        return len(list(tmp_path.glob(f"*/work/{what}")))

    runs: list[Started] = []
    try:
        with device_held("the test", print):
            runs += [
                start("finetune", workspace_in(tmp_path / name, stores), *corpus, *SMALL) for name in ("one", "two")
            ]
            wait_for(lambda: all("at work: the test" in said for said in logs(runs)), 300, told=lambda: logs(runs))
            assert count("training/*/journal.jsonl") == 0
        wait_for(lambda: count("training/*/journal.jsonl") == 2, 300, told=lambda: logs(runs))
        assert count("models/lora-*") == 1
        waited = [found for said in logs(runs) for found in NAMED.findall(said)]
        assert waited in ([str(runs[0][0].pid)], [str(runs[1][0].pid)])
    finally:
        end_now(runs)
