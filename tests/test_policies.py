"""Policies and sources: when Prefect may hand out a stored result, and when a stage is run again."""

import base64
import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings
from pydantic import BaseModel, ConfigDict

from paragraf.errors import BadRow
from paragraf.records import Record
from paragraf.snapshots import Snapshot
from tasks.policies import stage
from tasks.sources import outside_digest, source_digest
from tasks.tracking import Tracking

ROOT = Path(__file__).parents[1]


class Sum(BaseModel):
    """A result that is a plain value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: int


class Lines(BaseModel):
    """Settings of a stage, as stages get them."""

    model_config = ConfigDict(frozen=True)

    count: int


CALLS: list[str] = []
FAULTS: list[Exception] = []


def add(first: int, second: int) -> Sum:
    """A stage that counts its calls."""
    CALLS.append("add")
    return Sum(value=first + second)


def multiply(first: int, second: int) -> Sum:
    """Another stage with the same inputs."""
    CALLS.append("multiply")
    return Sum(value=first * second)


def count_rows(rows: Snapshot, tracking: Tracking) -> Sum:
    """A stage that is given content at rest and a run to report to."""
    CALLS.append("count_rows")
    return Sum(value=rows.rows)


def write_rows(settings: Lines) -> Snapshot:
    """A stage whose result is content at rest."""
    CALLS.append("write_rows")
    return Snapshot.write("rows", [Record(id=str(at), question="Czy?", answer="Tak.") for at in range(settings.count)])


def fail_at_first(number: int) -> Sum:
    """A stage that meets the faults that a test has prepared."""
    CALLS.append("fail_at_first")
    if FAULTS:
        raise FAULTS.pop()
    return Sum(value=number)


def ignore(value: object) -> Sum:
    """A stage that is given something without content of its own."""
    return Sum(value=0)


class Touch:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.fixture
def results(prefect_server: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of stored results in a workspace of this test's own."""
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "home"))
    CALLS.clear()
    FAULTS.clear()
    with temporary_settings({PREFECT_LOCAL_STORAGE_PATH: tmp_path / "results"}):
        yield tmp_path / "results"


def run(function: Any, *arguments: Any) -> tuple[str, Any]:
    """How a stage ended, in Prefect's words, and its result."""
    state: Any = stage(function)(*arguments, return_state=True)
    return state.name, state.result(raise_on_failure=False)


def record_of(results: Path) -> tuple[Path, dict[str, Any]]:
    [path] = [path for path in results.iterdir() if path.is_file()]
    return path, json.loads(path.read_bytes())


@pytest.mark.slow
def test_the_same_work_is_done_once(results: Path) -> None:
    assert run(add, 2, 3) == ("Completed", Sum(value=5))
    assert run(add, 2, 3) == ("Cached", Sum(value=5))
    assert run(add, 3, 2) == ("Completed", Sum(value=5))
    assert CALLS == ["add", "add"]


@pytest.mark.slow
def test_two_stages_with_equal_inputs_never_share_a_result(results: Path) -> None:
    assert run(add, 2, 3) == ("Completed", Sum(value=5))
    assert run(multiply, 2, 3) == ("Completed", Sum(value=6))


@pytest.mark.slow
def test_content_at_rest_counts_by_its_digest_and_the_run_to_report_to_not_at_all(results: Path) -> None:
    rows = Snapshot.write("rows", [Record(id="1", question="Czy?", answer="Tak.")])
    elsewhere = rows.model_copy(update={"path": "rows/elsewhere"})
    other = Snapshot.write("rows", [Record(id="2", question="Czy?", answer="Nie.")])
    assert run(count_rows, rows, Tracking(run="one"))[0] == "Completed"
    assert run(count_rows, elsewhere, Tracking(run="two"))[0] == "Cached"
    assert run(count_rows, other, Tracking(run="one"))[0] == "Completed"


@pytest.mark.slow
def test_a_pickle_in_the_place_of_a_record_is_never_opened(results: Path, tmp_path: Path) -> None:
    run(add, 2, 3)
    path, held = record_of(results)
    held["metadata"]["serializer"] = {"type": "pickle", "picklelib": "pickle"}
    held["result"] = base64.encodebytes(pickle.dumps(Touch(tmp_path / "run"))).decode()
    path.write_text(json.dumps(held), "utf-8")
    assert run(add, 2, 3) == ("Completed", Sum(value=5))
    assert not (tmp_path / "run").exists()
    assert run(add, 2, 3)[0] == "Cached"


@pytest.mark.slow
def test_a_record_that_names_a_function_to_read_it_with_is_made_again(results: Path) -> None:
    run(add, 2, 3)
    path, held = record_of(results)
    held["metadata"]["serializer"]["object_decoder"] = "os.system"
    path.write_text(json.dumps(held), "utf-8")
    assert run(add, 2, 3) == ("Completed", Sum(value=5))


@pytest.mark.slow
@pytest.mark.parametrize("keep", [0, 0.5, 0.99])
def test_a_record_that_was_cut_off_is_made_again(results: Path, keep: float) -> None:
    run(add, 2, 3)
    path, _ = record_of(results)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    assert run(add, 2, 3) == ("Completed", Sum(value=5))
    assert run(add, 2, 3)[0] == "Cached"


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"value": "many"},
        {"value": 5, "more": 1},
        {"value": 5, "__class__": "subprocess.Popen"},
        {"__class__": "tests.test_policies.Sum", "data": {"value": 5}},
    ],
)
def test_a_record_of_another_form_is_made_again(results: Path, data: Any) -> None:
    run(add, 2, 3)
    path, held = record_of(results)
    stored = json.loads(held["result"])
    stored["data"] = data
    path.write_text(json.dumps(held | {"result": json.dumps(stored)}), "utf-8")
    assert run(add, 2, 3) == ("Completed", Sum(value=5))


@pytest.mark.slow
def test_a_record_that_names_another_class_is_made_again(results: Path) -> None:
    run(add, 2, 3)
    path, held = record_of(results)
    stored = json.loads(held["result"])
    stored["__class__"] = "subprocess.Popen"
    path.write_text(json.dumps(held | {"result": json.dumps(stored)}), "utf-8")
    assert run(add, 2, 3) == ("Completed", Sum(value=5))


@pytest.mark.slow
def test_a_record_whose_content_is_gone_is_made_again(results: Path, tmp_path: Path) -> None:
    _, rows = run(write_rows, Lines(count=3))
    assert run(write_rows, Lines(count=3))[0] == "Cached"
    shutil.rmtree(tmp_path / "home" / rows.path)
    assert run(write_rows, Lines(count=3)) == ("Completed", rows)
    assert len(rows.read()) == 3


@pytest.mark.slow
def test_what_can_heal_is_tried_again(results: Path) -> None:
    FAULTS.append(ConnectionError("connection reset"))
    assert run(fail_at_first, 1) == ("Completed", Sum(value=1))
    assert len(CALLS) == 2


@pytest.mark.slow
@pytest.mark.parametrize("fault", [BadRow("rows.csv:3: no answer."), ValueError("a bug")])
def test_what_cannot_heal_fails_at_once(results: Path, fault: Exception) -> None:
    FAULTS.append(fault)
    name, result = run(fail_at_first, 1)
    assert (name, type(result), len(CALLS)) == ("Failed", type(fault), 1)
    assert run(fail_at_first, 1)[0] == "Completed"


@pytest.mark.slow
def test_work_on_what_is_no_plain_value_is_never_taken_as_done(results: Path) -> None:
    assert [run(ignore, object())[0] for _ in range(2)] == ["Completed", "Completed"]


def digest_after(folder: Path, module: str, file: str, old: str, new: str) -> str:
    """The digest of a module in a copy of our packages, after a piece of one file was replaced there."""
    for room in ("paragraf", "tasks", "expectations", "flows"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "sample.jsonl"))
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    code = (
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom tasks.sources import source_digest\n"
        f"print(source_digest({module!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(folder)], capture_output=True, text=True, check=True, cwd=folder
    )
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "file", "old", "new"),
    [
        ("tasks.clean", "tasks/clean.py", "settings: CleanSettings", "settings: 'CleanSettings'"),
        ("tasks.clean", "paragraf/clean/__init__.py", "from paragraf", "EXTRA = 1\nfrom paragraf"),
        ("tasks.clean", "paragraf/text.py", '"""', 'EXTRA = 1\n"""'),
        ("tasks.clean", "paragraf/data/acts.json", "{", "{ "),
        ("tasks.validate", "expectations/raw.json", "0.9", "0.8"),
        ("tasks.validate", "paragraf/pages/checks.html.j2", "<", " <"),
        ("tasks.train", "paragraf/train/child.py", "import json", "import json as json"),
        ("tasks.train", "paragraf/train/rows.py", '"""', 'EXTRA = 1\n"""'),
        ("tasks.answer", "paragraf/answering.py", "import json", "import json as json"),
        ("tasks.load", "tasks/policies.py", "retries=2", "retries=1"),
    ],
)
def test_an_edit_of_whatever_a_stage_rests_on_changes_its_digest(
    tmp_path: Path, module: str, file: str, old: str, new: str
) -> None:
    assert digest_after(tmp_path, module, file, old, new) != source_digest(module)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("paragraf/clean/__init__.py", "from paragraf", "# a remark\n\nfrom paragraf"),
        ("paragraf/evaluate.py", '"""', 'EXTRA = 1\n"""'),
        ("flows/finetune.py", '"""', 'EXTRA = 1\n"""'),
    ],
)
def test_an_edit_of_what_a_stage_does_not_rest_on_leaves_its_digest(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    assert digest_after(tmp_path, "tasks.clean", file, old, new) == source_digest("tasks.clean")


def test_a_digest_imports_nothing_that_it_looks_at() -> None:
    code = (
        "import sys\nfrom tasks.sources import source_digest\nsource_digest('flows.finetune')\n"
        "print({'torch', 'transformers', 'prefect', 'mlflow', 'paragraf.train'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"


def test_the_users_acts_and_statutes_count_for_the_stages_that_read_them(tmp_path: Path) -> None:
    before = {name: outside_digest(f"tasks.{name}") for name in ("clean", "load")}
    (tmp_path / "acts.json").write_text('{"acts": []}', "utf-8")
    with_acts = outside_digest("tasks.clean")
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "statutes.sqlite").write_bytes(b"index")
    with_both = outside_digest("tasks.clean")
    assert len({before["clean"], with_acts, with_both}) == 3
    assert outside_digest("tasks.work") == ""
