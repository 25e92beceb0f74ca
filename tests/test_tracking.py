import math
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from prefect import flow

from paragraf.errors import BadSettings, Diverged, Unavailable
from paragraf.models import Base
from paragraf.train import FullSettings
from tasks.tracking import EXPERIMENT, Tracking, begin_run, client
from tasks.train import train
from tests.tiny import chats_of, sample_records
from tests.training import WATCHED

ROOT = Path(__file__).parents[1]
BEGIN = "from tasks.tracking import begin_run\nprint(begin_run('a run', {'clean.min_chars': '20'}).run)"


def environment(home: Path) -> dict[str, str]:
    uri = f"sqlite:///{home / 'mlflow' / 'mlflow.db'}"
    return {**os.environ, "PARAGRAF_HOME": str(home), "MLFLOW_TRACKING_URI": uri, "MLFLOW_DISABLE_TELEMETRY": "true"}


def start(home: Path, code: str = BEGIN) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended_well(process: subprocess.Popen[str]) -> str:
    """What the process printed."""
    out, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    return out.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making a store takes seconds, so the tests of this file that change nothing of it share one."""
    return tmp_path_factory.mktemp("tracking")


@pytest.fixture
def store(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose MLflow store this process uses."""
    for name in ("PARAGRAF_HOME", "MLFLOW_TRACKING_URI", "MLFLOW_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, environment(shared_home)[name])
    return shared_home


def test_which_run_a_stage_reports_to_is_no_part_of_its_work() -> None:
    assert Tracking(run="one").content() == Tracking(run="another").content()


@pytest.mark.slow
def test_only_finite_numbers_are_sent(store: Path) -> None:
    tracking = begin_run("finite", {})
    tracking.log({"loss": math.nan, "gradient_norm": math.inf, "learning_rate": 0.001, "rows": -math.inf}, step=3)
    assert dict(client().get_run(tracking.run).data.metrics) == {"learning_rate": 0.001}
    tracking.log({"loss": math.nan})


@pytest.mark.slow
def test_more_parameters_than_one_call_takes_and_longer_ones_than_fit_are_kept(store: Path) -> None:
    params = {f"stage.setting_{at}": str(at) for at in range(230)} | {"format.system": "§" * 7000}
    kept = client().get_run(begin_run("many", params).run).data.params
    assert len(kept) == 231
    assert kept["stage.setting_229"] == "229"
    assert kept["format.system"] == "§" * 6000


@pytest.mark.slow
def test_runs_stand_in_one_experiment_whose_files_stay_in_the_workspace(store: Path) -> None:
    runs = [client().get_run(begin_run(name, {}).run) for name in ("first", "second")]
    experiment = client().get_experiment_by_name(EXPERIMENT)
    assert {run.info.experiment_id for run in runs} == {experiment.experiment_id}
    assert experiment.artifact_location.startswith((store / "mlflow").as_uri())


def test_a_server_that_is_down_is_told_at_once_and_its_password_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://anna:hidden-word@127.0.0.1:9")
    with pytest.raises(Unavailable, match=r"at 127\.0\.0\.1:9 does not answer") as told:
        client()
    assert "hidden-word" not in str(told.value)


@pytest.mark.slow
def test_a_database_without_a_server_needs_a_place_for_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite+pysqlite:///{tmp_path / 'team.db'}")  # as postgresql://...
    monkeypatch.delenv("MLFLOW_DEFAULT_ARTIFACT_ROOT", raising=False)
    with pytest.raises(BadSettings, match="set MLFLOW_DEFAULT_ARTIFACT_ROOT"):
        begin_run("nowhere", {})
    monkeypatch.setenv("MLFLOW_DEFAULT_ARTIFACT_ROOT", f"{tmp_path.as_uri()}/files/")
    begin_run("there", {}).keep("report/page.html", b"<p>")
    assert [path.read_bytes() for path in (tmp_path / "files" / "paragraf").rglob("page.html")] == [b"<p>"]


@pytest.mark.slow
def test_four_processes_that_open_a_new_store_at_once_all_get_their_run(tmp_path: Path) -> None:
    runs = [ended_well(process) for process in [start(tmp_path) for _ in range(4)]]
    assert len(set(runs)) == 4
    assert sorted(path.name for path in (tmp_path / "mlflow").glob("*.db*")) == ["mlflow.db"]


@pytest.mark.slow
def test_kills_during_the_first_creation_cost_nothing_but_time(tmp_path: Path) -> None:
    random = Random(7)
    for _ in range(3):
        process = start(tmp_path)
        end = time.monotonic() + 30
        while not (tmp_path / "mlflow" / "creation.lock").exists() and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(random.uniform(0, 3))
        process.kill()
        process.communicate()
    ended_well(start(tmp_path))
    assert sorted(path.name for path in (tmp_path / "mlflow").glob("*.db*")) == ["mlflow.db"]


@pytest.mark.slow
def test_a_draft_of_a_killed_process_with_this_number_is_not_taken_over(tmp_path: Path) -> None:
    plant = (
        "import os, sqlite3\nfrom pathlib import Path\n"
        "folder = Path(os.environ['PARAGRAF_HOME'], 'mlflow')\nfolder.mkdir()\n"
        "draft = sqlite3.connect(folder / f'draft-{os.getpid()}.db')\n"
        "draft.execute('CREATE TABLE experiments (experiment_id INTEGER)')\ndraft.commit()\ndraft.close()\n"
    )
    ended_well(start(tmp_path, plant + BEGIN))


@pytest.mark.slow
def test_the_curves_of_a_training_that_failed_are_kept_with_its_run(
    store: Path, tiny: Base, prefect_server: None
) -> None:
    settings = FullSettings(learning_rate=1.0, epochs=4, batch_size=2, monitor=WATCHED)
    tracking = begin_run("too fast", {})
    with pytest.raises(Diverged):
        flow(lambda: train(chats_of(sample_records(24)), tiny, settings, tracking))()
    [figure] = client().list_artifacts(tracking.run, "figures")
    assert figure.path == "figures/training.png"
    assert figure.file_size > 10_000
