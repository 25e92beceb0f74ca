"""A forgetting that is killed at each of its steps on disk is finished by the next command."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from paragraf.forget import Pending, Wanted, finish, pending, prepare
from paragraf.publish import publish_file
from paragraf.records import Record
from paragraf.snapshots import Snapshot
from paragraf.tombstones import Tombstones
from tests.forgetting import places_with, texts_of

ROW = Record("r1", "Czy mogę wypowiedzieć najem przed terminem?", "Tak, jeśli umowa na czas oznaczony to przewiduje.")
OTHER = Record("r2", "Ile trwa okres próbny w pracy?", "Najwyżej trzy miesiące, licząc od pierwszego dnia.")
STEPS = {"os.remove", "os.rename", "os.rmdir", "open", "shutil.rmtree"}


def no_versions(_: Pending) -> tuple[list[str], list[str]]:
    return [], []


def fill(workspace: Path) -> None:
    rows = Snapshot.write("load", [ROW, OTHER])
    Snapshot.write("test", [OTHER])
    publish_file(workspace / "results" / "load-1", rows.model_dump_json().encode())
    publish_file(workspace / "ledger" / "parts-seed-0.jsonl", b'{"asked": "0"}\n')
    publish_file(workspace / "logs" / "a.log", f"one\n{ROW.question}\n".encode())
    publish_file(workspace / "reports" / "one" / "report.md", ROW.answer.encode())


def forget_until(workspace: Path, step: int) -> bool:
    """Forget in a child that kills itself at its n-th change on disk; whether it came to its end."""
    child = os.fork()
    if not child:
        seen = [0]

        def count(event: str, arguments: tuple[object, ...]) -> None:
            is_change = event in STEPS and str(arguments[0]).startswith(str(workspace))
            if is_change and (event != "open" or str(arguments[1])[:1] in "xwa"):
                seen[0] += 1
                if seen[0] == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        finish(prepare(Wanted("r1")), no_versions)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def test_whatever_moment_it_is_killed_at_the_next_command_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = 0
    while True:
        step += 1
        workspace = tmp_path / str(step)
        monkeypatch.setenv("PARAGRAF_HOME", str(workspace))
        fill(workspace)
        is_done = forget_until(workspace, step)
        left = pending()
        if left or places_with(workspace, texts_of(ROW)):
            finish(left or prepare(Wanted("r1")), no_versions)
        assert places_with(workspace, texts_of(ROW)) == [], step
        assert Tombstones.read().holds(ROW), step
        assert pending() is None
        assert list(workspace.glob("rows/test-*")), step
        shutil.rmtree(workspace)
        if is_done:
            break
    assert step > 15
