"""A run that is killed in one stage after another goes on at each start: nothing done is done again."""

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from paragraf.models import Base
from tests.running import (
    SMALL,
    all_gone,
    first_step_after_restart,
    kill_when,
    run,
    small_corpus,
    start,
    weights_in,
    with_stores,
)

pytestmark = pytest.mark.slow

SIGNS = {  # what is on disk when the run is in the middle of a stage
    "clean": "results/load-*",
    "train": "training/*/checkpoints/step-00000004",
    "answer": "answers/tuned-work-*/losses.json",
}


class Killed(NamedTuple):
    """A workspace in which every start but the last was killed, and what each start printed."""

    workspace: Path
    said: dict[str, str]
    are_children_gone: dict[str, bool]


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory, tiny: Base) -> list[str]:
    corpus = small_corpus(tmp_path_factory.mktemp("corpus"))
    return ["--load.source", str(corpus), *SMALL, "--train.base-model", tiny.path, "--train.epochs", "3"]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, stores: Path, arguments: list[str]) -> Killed:
    workspace = with_stores(tmp_path_factory.mktemp("killed") / "work", stores)
    said, are_gone = {}, {}
    for stage, sign in SIGNS.items():
        process, log = start("finetune", workspace, *arguments)
        children = kill_when(process, lambda sign=sign: any(workspace.glob(sign)))  # type: ignore[misc]
        are_gone[stage] = all_gone(children)
        said[stage] = log.read_text("utf-8")
    return Killed(workspace, said | {"": run("finetune", workspace, *arguments)}, are_gone)


@pytest.mark.parametrize("stage", SIGNS)
def test_what_a_killed_run_started_ends_with_it(killed: Killed, stage: str) -> None:
    assert killed.are_children_gone[stage]


def test_each_start_says_that_it_goes_on(killed: Killed) -> None:
    assert ["was killed; this one goes on" in said for said in killed.said.values()] == [False, True, True, True]
    assert sorted(status_of_runs(killed.workspace)) == ["died", "died", "died", "finished"]


def test_nothing_done_is_done_again(killed: Killed) -> None:
    assert "load       done before" in killed.said["train"]
    assert "format_chats done before" in killed.said["answer"]
    assert "train      done before" in killed.said[""]
    [training] = killed.workspace.glob("training/*")
    assert first_step_after_restart(training) > 4


def test_nothing_half_written_is_left(killed: Killed) -> None:
    assert not list(killed.workspace.rglob(".stage-*"))


def test_the_model_is_that_of_a_training_that_nobody_disturbed(killed: Killed, arguments: list[str]) -> None:
    before = weights_in(killed.workspace)
    for made in ("training", "models"):
        shutil.rmtree(killed.workspace / made)
    assert "train      done before" not in run("finetune", killed.workspace, *arguments)
    assert weights_in(killed.workspace) == before


def status_of_runs(workspace: Path) -> list[str]:
    return [json.loads(path.read_bytes())["status"] for path in (workspace / "runs").glob("*.json")]
