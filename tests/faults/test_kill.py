"""A run that is killed at any stage goes on at the next start: nothing done is done again, the model is the same."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from paragraf.publish import is_whole
from tests.running import SMALL, all_gone, kill_when, run, small_corpus, start, with_base_model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def arguments(corpus: Path) -> list[str]:
    return ["--load.source", str(corpus), *SMALL]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, unpacked: Path, arguments: list[str]) -> Path:
    """The workspace of a run that nobody killed."""
    workspace = with_base_model(tmp_path_factory.mktemp("undisturbed") / "work", unpacked)
    run("finetune", workspace, *arguments)
    return workspace


def test_a_repeated_run_takes_every_stage_from_the_cache(undisturbed: Path, arguments: list[str]) -> None:
    said = run("finetune", undisturbed, *arguments)
    for stage in ("load", "clean", "split", "augment", "validate", "format_chats", "train", "answer", "evaluate"):
        assert f"{stage:<10} done before" in said, stage
    assert "holds this model already" in said


@pytest.mark.parametrize(
    ("stage", "sign"),
    [
        ("clean", "results/load-*"),
        ("train", "training/*/checkpoints/step-00000004"),
        ("answer", "answers/tuned-work-*/losses.json"),
    ],
)
def test_a_killed_run_goes_on_and_ends_with_the_same_model(
    stage: str, sign: str, tmp_path: Path, unpacked: Path, undisturbed: Path, arguments: list[str]
) -> None:
    workspace = with_base_model(tmp_path / "work", unpacked)
    process, _ = start("finetune", workspace, *arguments)
    children = kill_when(process, lambda: any(workspace.glob(sign)))
    assert all_gone(children)

    said = run("finetune", workspace, *arguments)

    assert "was killed; this one goes on" in said
    assert "load       done before" in said
    assert weights(workspace) == weights(undisturbed)
    assert not list(workspace.rglob(".stage-*"))
    assert sorted(status_of_runs(workspace)) == ["died", "finished"]
    if stage == "train":
        assert first_step_after_restart(workspace) > 4
    if stage == "answer":
        assert "train      done before" in said


def weights(workspace: Path) -> dict[str, str]:
    """Hashes of the trained model's files."""
    [model] = (workspace / "models").glob("lora-*")
    assert is_whole(model)
    files: dict[str, str] = json.loads((model / "manifest.json").read_text())["files"]
    return {name: digest for name, digest in files.items() if name.endswith(".safetensors")}


def status_of_runs(workspace: Path) -> list[str]:
    return [json.loads(path.read_bytes())["status"] for path in (workspace / "runs").glob("*.json")]


def first_step_after_restart(workspace: Path) -> int:
    """The first training step that the journal holds after its numbers jumped or began anew."""
    [journal] = (workspace / "training").glob("*/journal.jsonl")
    steps = [entry["step"] for entry in map(json.loads, journal.read_text().splitlines()) if "loss" in entry]
    starts = [later for earlier, later in pairwise(steps) if later <= earlier]
    return int(starts[0]) if starts else max(steps) + 1
