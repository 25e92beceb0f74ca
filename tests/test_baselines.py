"""A whole run with baselines, and the checklist that is answered from it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.running import SMALL, run, small_corpus, with_stores
from tests.tiny import tiny_base

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

pytestmark = pytest.mark.slow

NAMES = ["base", "base_prompted", "base_few_shot", "base_rag", "tuned", "tuned_rag"]


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory, tokenizer: "PreTrainedTokenizerFast") -> list[str]:
    folder = tmp_path_factory.mktemp("given")
    statutes = folder / "statutes"
    statutes.mkdir()
    articles = {"415": "Kto z winy swej wyrządził drugiemu szkodę, obowiązany jest do jej naprawienia."}
    (statutes / "kc.json").write_text(json.dumps(articles), "utf-8")
    tiny_base(folder / "tiny", tokenizer)
    return [
        *("--load.source", str(small_corpus(folder)), *SMALL, "--train.base-model", str(folder / "tiny")),
        *("--baselines.rows", "2", "--baselines.prompt-rows", "1", "--baselines.documents", str(statutes)),
    ]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, stores: Path, arguments: list[str]) -> Path:
    """The workspace of a finished run."""
    folder = with_stores(tmp_path_factory.mktemp("baselines") / "work", stores)
    run("finetune", folder, *arguments)
    return folder


def test_every_way_is_asked_the_same_rows(workspace: Path) -> None:
    [path] = (workspace / "contests").glob("*.json")
    contest = json.loads(path.read_bytes())
    assert [one["name"] for one in contest["contenders"]] == NAMES
    assert contest["rows"] == 2
    read = {one["name"]: one["read"] for one in contest["contenders"]}
    assert min(read["base_few_shot"], read["base_rag"], read["tuned_rag"]) > max(read["base"], read["tuned"])


def test_the_report_and_the_tracking_show_them(workspace: Path) -> None:
    from mlflow import MlflowClient

    [report] = (workspace / "reports").glob("*finetune*/report.html")
    assert "Sposoby bez fine-tuningu i z nim" in report.read_text("utf-8")
    [path] = (workspace / "mlflow").glob("*.db")
    store = MlflowClient(tracking_uri=f"sqlite:///{path}")
    [tracked] = store.search_runs([store.get_experiment_by_name("paragraf").experiment_id])
    measured = {name for name in tracked.data.metrics if name.startswith("contender/")}
    assert {f"contender/{name}/{key}" for name in NAMES for key in ("citation_f1", "seconds", "cost")} <= measured


def test_asked_again_every_way_is_taken_from_the_cache(workspace: Path, arguments: list[str]) -> None:
    said = run("finetune", workspace, *arguments)
    assert "Asking" not in said
    assert said.count("answer     done before") == len(NAMES) + 2  # and what both models say to safety questions
    assert "choose_prompt done before" in said
    assert "contest    done before" in said


def test_the_checklist_is_answered_from_the_run(workspace: Path, arguments: list[str]) -> None:
    said = run("preflight", workspace, *arguments)
    assert "Checklista przed fine-tuningiem" in said
    assert "Nie trenuj." in said or "Jeszcze nie trenuj" in said
    assert "(n = 2, test)" in said
    assert "[nie] Czy mam min. 500-1000 wysokiej jakości przykładów?" in said
    assert said.rstrip().endswith("readiness.html")
