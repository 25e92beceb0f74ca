"""The whole way of a row with the built-in base model, as a user walks it."""

from pathlib import Path

import pytest

from tests.running import SMALL, run, small_corpus, weights_in, with_base_model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return ["--load.source", str(small_corpus(tmp_path_factory.mktemp("corpus"))), *SMALL, "--train.epochs", "0.4"]


@pytest.fixture(scope="module")
def workspace_and_said(
    tmp_path_factory: pytest.TempPathFactory, unpacked: Path, arguments: list[str]
) -> tuple[Path, str]:
    """A workspace after one run, and what the run printed."""
    workspace = with_base_model(tmp_path_factory.mktemp("finetune") / "work", unpacked)
    return workspace, run("finetune", workspace, *arguments)


def test_a_run_ends_with_a_registered_model_and_its_report(workspace_and_said: tuple[Path, str]) -> None:
    workspace, said = workspace_and_said
    assert weights_in(workspace)
    assert "version 1, alias challenger" in said
    assert "smollm2-135m-instruct" in Path(said.splitlines()[-1]).read_text("utf-8")


def test_a_repeated_run_takes_every_stage_from_the_cache(
    workspace_and_said: tuple[Path, str], arguments: list[str]
) -> None:
    said = run("finetune", workspace_and_said[0], *arguments)
    for stage in ("load", "clean", "split", "augment", "validate", "format_chats", "train", "answer", "evaluate"):
        assert f"{stage:<10} done before" in said, stage
    assert "holds this model already" in said
