"""The whole way of a row with the built-in base model, as a user walks it, and the checklist answered from it."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from paragraf.gate import Verdict
from tests.judges import always_first
from tests.running import SMALL, run, small_corpus, weights_in, with_base_model
from tests.servers.openai_server import OpenAIServer, serving

pytestmark = pytest.mark.slow

WAYS = ["base", "base_prompted", "base_few_shot", "base_rag", "tuned", "tuned_rag"]


@pytest.fixture(scope="module")
def judge_server() -> Iterator[OpenAIServer]:
    """A judge that likes what stands first, in a server of its own."""
    with serving(always_first) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
        yield server


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory, judge_server: OpenAIServer) -> list[str]:
    folder = tmp_path_factory.mktemp("given")
    statutes = folder / "statutes"
    statutes.mkdir()
    articles = {"415": "Kto z winy swej wyrządził drugiemu szkodę, obowiązany jest do jej naprawienia."}
    (statutes / "kc.json").write_text(json.dumps(articles), "utf-8")
    judged = ["--judge.generator.kind", "openai", "--judge.generator.model", "m"]
    judged += ["--judge.generator.base-url", judge_server.base_url]
    asked = ["--baselines.rows", "2", "--baselines.prompt-rows", "1", "--baselines.documents", str(statutes)]
    small = [*SMALL, "--train.epochs", "0.4", "--safety.rows", "2", "--format.canaries", "2"]
    return ["--load.source", str(small_corpus(folder)), *small, *judged, *asked]


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


def test_the_report_begins_with_the_decision_and_tells_of_safety(workspace_and_said: tuple[Path, str]) -> None:
    html = Path(workspace_and_said[1].splitlines()[-1]).read_text("utf-8")
    assert html.index('class="verdict') < html.index("<h2")
    assert html.index("nie zastępuje bazowego") < html.index("To nie jest porada prawna.")
    assert "2\N{NO-BREAK SPACE}pytania próbne" in html


def test_the_report_tells_of_the_judge_and_of_codes_that_were_planted(
    workspace_and_said: tuple[Path, str], judge_server: OpenAIServer
) -> None:
    html = Path(workspace_and_said[1].splitlines()[-1]).read_text("utf-8")
    assert len(judge_server.calls) == 4
    assert "To tylko informacja: w decyzji się nie liczy." in html
    assert "Wydobyte ciągi kontrolne" in html


def test_the_verdict_is_on_the_tracked_run_and_on_the_registered_version(workspace_and_said: tuple[Path, str]) -> None:
    from mlflow import MlflowClient

    workspace, said = workspace_and_said
    [path] = (workspace / "mlflow").glob("*.db")
    store = MlflowClient(tracking_uri=f"sqlite:///{path}")
    version = store.get_model_version_by_alias("paragraf-legal-qa", "challenger")
    tracked = store.get_run(version.run_id)
    written = Verdict.model_validate_json(read_artifact(tracked.info.artifact_uri, "verdict.json"))
    assert written.summary() in " ".join(said.split())
    assert (written.challenger, written.rival, written.has_champion) == ("tuned", "base", False)
    for tags in (tracked.data.tags, version.tags):
        assert (tags["verdict"], tags["digest.verdict"]) == (written.decision, written.digest)
    assert (version.tags["verdict.over"], version.tags["run"]) == ("", tracked.info.run_name)
    assert float(version.tags["score.answer_loss"]) == pytest.approx(tracked.data.metrics["tuned/answer_loss"], 1e-4)
    assert (workspace / version.tags["report"] / "model_card.md").is_file()
    assert version.tags["card"] == f"runs:/{version.run_id}/report/model_card.md"
    assert {"raw", "corpus", "splits", "chats", "base", "tokenizer", "template", "settings", "code"} <= {
        name.removeprefix("digest.") for name in version.tags if name.startswith("digest.")
    }
    assert {"tuned/jurisdiction_drift", "base/referral", "gate/insufficient"} <= tracked.data.metrics.keys()


def read_artifact(uri: str, name: str) -> str:
    return (Path(unquote(urlsplit(uri).path)) / name).read_text("utf-8")


def test_every_way_is_asked_the_same_rows(workspace_and_said: tuple[Path, str]) -> None:
    workspace, _ = workspace_and_said
    [path] = (workspace / "contests").glob("*.json")
    contest = json.loads(path.read_bytes())
    assert [one["name"] for one in contest["contenders"]] == WAYS
    assert contest["rows"] == 2
    read = {one["name"]: one["read"] for one in contest["contenders"]}
    assert min(read["base_few_shot"], read["base_rag"], read["tuned_rag"]) > max(read["base"], read["tuned"])


def test_the_report_and_the_tracking_show_them(workspace_and_said: tuple[Path, str]) -> None:
    from mlflow import MlflowClient

    workspace, _ = workspace_and_said
    [report] = (workspace / "reports").glob("*finetune*/report.html")
    assert "Sposoby bez fine-tuningu i z nim" in report.read_text("utf-8")
    [path] = (workspace / "mlflow").glob("*.db")
    store = MlflowClient(tracking_uri=f"sqlite:///{path}")
    [tracked] = store.search_runs([store.get_experiment_by_name("paragraf").experiment_id])
    measured = {name for name in tracked.data.metrics if name.startswith("contender/")}
    assert {f"contender/{name}/{key}" for name in WAYS for key in ("citation_f1", "seconds", "cost")} <= measured


def test_a_repeated_run_takes_every_stage_from_the_cache(
    workspace_and_said: tuple[Path, str], arguments: list[str]
) -> None:
    said = run("finetune", workspace_and_said[0], *arguments)
    for stage in (
        "load",
        "clean",
        "split",
        "augment",
        "validate",
        "format_chats",
        "train",
        "answer",
        "evaluate",
        "safety",
        "choose_prompt",
        "contest",
        "decide",
    ):
        assert f"{stage:<10} done before" in said, stage
    assert "Asking" not in said
    assert (
        said.count("answer     done before") == len(WAYS) + 4
    )  # and what both models say to safety questions and when asked for codes
    assert "holds this model already" in said


def test_the_checklist_is_answered_from_the_run(workspace_and_said: tuple[Path, str], arguments: list[str]) -> None:
    said = run("preflight", workspace_and_said[0], *arguments)
    assert "Checklista przed fine-tuningiem" in said
    assert "Nie trenuj." in said or "Jeszcze nie trenuj" in said
    assert "(n = 2, test)" in said
    assert "[nie] Czy mam min. 500-1000 wysokiej jakości przykładów?" in said
    assert said.rstrip().endswith("readiness.html")
