"""A whole run, two rows of it forgotten, and a run after that: nothing of the rows is found then."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.flags import parse_settings
from paragraf.events import read_events
from paragraf.models import Base, open_tokenizer
from paragraf.records import Record
from tests.forgetting import places_with, rows_of, texts_of
from tests.running import SMALL, run, small_corpus, with_stores

pytestmark = pytest.mark.slow


@dataclass
class Walked:
    """A workspace after a run, a forgetting and another run: what was printed, and where each row was found."""

    workspace: Path
    source: Path
    learned: Record
    asked: Record
    said: dict[str, str]
    places: dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, tiny: Base, stores: Path) -> Walked:
    folder = tmp_path_factory.mktemp("forget")
    source, workspace = small_corpus(folder), with_stores(folder / "work", stores)
    arguments = ["--load.source", str(source), *SMALL, "--train.base-model", tiny.path]
    arguments += ["--train.epochs", "0.4", "--answer.rows", "9", "--clean.min-rows", "19"]
    said = {"run": run("finetune", workspace, *arguments)}
    rows = rows_of(source)
    learned = rows[next(row["origin"] for row in lines(workspace, "augment") if row.get("origin"))]
    asked = rows[lines(workspace, "test")[0]["id"]]
    places = {"run": found(workspace, tiny, learned, asked)}
    said["learned"] = run("forget", workspace, learned.id)
    said["asked"] = run("forget", workspace, "--matching", asked.question.upper())
    places["forget"] = found(workspace, tiny, learned, asked)
    said["again"] = run("finetune", workspace, *arguments)
    places["again"] = found(workspace, tiny, learned, asked)
    return Walked(workspace, source, learned, asked, said, places)


def lines(workspace: Path, stage: str) -> list[dict[str, str]]:
    path = max(workspace.glob(f"rows/{stage}-*/rows.jsonl"))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def found(workspace: Path, base: Base, *records: Record) -> dict[str, list[str]]:
    """Row -> the places that hold it, among them rows that are nothing but tokens."""
    return {one.id: [*places_with(workspace, texts_of(one)), *in_tokens(workspace, base, one)] for one in records}


def in_tokens(workspace: Path, base: Base, record: Record) -> list[str]:
    from datasets import Dataset

    tokenizer = open_tokenizer(base)
    folders = [path.parent for path in workspace.glob("tokens/*/rows/state.json")]
    return [
        f"tokens/{folder.parent.name}"
        for folder in folders
        if any(record.question in tokenizer.decode(row["input_ids"]) for row in Dataset.load_from_disk(str(folder)))
    ]


def test_before_a_row_lies_in_all_kinds_of_places(walked: Walked) -> None:
    learned = {place.split("/")[0] for place in walked.places["run"][walked.learned.id]}
    asked = {place.split("/")[0] for place in walked.places["run"][walked.asked.id]}
    assert {"rows", "chats", "tokens"} <= learned
    assert {"rows", "chats", "reports", "mlflow"} <= asked


def test_then_nothing_is_found_of_it(walked: Walked) -> None:
    assert walked.places["forget"] == {walked.learned.id: [], walked.asked.id: []}


def test_and_a_run_after_that_brings_nothing_back(walked: Walked) -> None:
    assert walked.places["again"] == {walked.learned.id: [], walked.asked.id: []}
    assert "2 forgotten" in walked.said["again"]
    assert "version 2, alias challenger" in walked.said["again"]


def test_the_version_that_learned_from_it_bears_a_mark_and_its_successor_none(
    walked: Walked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow import MlflowClient

    store = MlflowClient(f"sqlite:///{walked.workspace}/mlflow/mlflow.db")
    versions = {str(one.version): one for one in store.search_model_versions("name = 'paragraf-legal-qa'")}
    assert int(versions["1"].tags["forgotten_rows"]) >= 2  # the row and its variant
    assert versions["1"].tags["forgotten_test_rows"] == "1"
    assert store.get_run(versions["1"].run_id).data.tags["forgotten_test_rows"] == "1"
    assert not [name for name in versions["2"].tags if name.startswith("forgotten")]
    monkeypatch.setenv("PARAGRAF_HOME", str(walked.workspace))
    assert [event["versions"] for event in read_events("rows_forgotten")] == [["paragraf-legal-qa 1"]] * 2


def test_the_source_is_told_by_line_and_left_alone(walked: Walked) -> None:
    line = next(n for n, row in enumerate(walked.source.read_text("utf-8").splitlines(), 1) if walked.asked.id in row)
    assert f"{walked.source}:{line} still holds it and is yours" in walked.said["asked"]
    assert len(rows_of(walked.source)) == 32


def test_a_retraining_is_told_as_a_command_where_nothing_is_deployed(walked: Walked) -> None:
    row = next(row["id"] for row in lines(walked.workspace, "valid"))
    said = run("forget", walked.workspace, row, "--retrain")
    command = re.search(r"to train again: paragraf finetune (.*)", said)
    assert command
    settings = parse_settings("finetune", shlex.split(command[1]))
    assert settings.load.source == str(walked.source)
    assert settings.train.epochs == 0.4
