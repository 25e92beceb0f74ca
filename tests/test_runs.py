import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from paragraf.events import read_events
from paragraf.identity import ProcessIdentity
from paragraf.publish import publish
from paragraf.runs import Run, all_runs, begin, dead_runs, end, remove_leftovers

KILLED = """
import os, signal
from paragraf.publish import publish
from paragraf.runs import begin
from paragraf.workspace import home
begin("killed", "finetune", "", "")
with publish(home() / "rows" / "half") as stage:
    (stage / "rows.jsonl").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_run_of_this_process_is_alive_and_written_down() -> None:
    run = begin("r1", "finetune", prefect_run="p-1", mlflow_run="m-1")
    assert run.status == "running"
    assert not run.is_dead()
    assert all_runs() == [run]
    assert dead_runs() == []


def test_runs_come_by_name_and_tell_how_they_ended() -> None:
    end(begin("r2", "finetune", "", ""), "finished")
    end(begin("r1", "update", "", ""), "failed")
    assert [(run.name, run.flow, run.status) for run in all_runs()] == [
        ("r1", "update", "failed"),
        ("r2", "finetune", "finished"),
    ]
    assert [(event["kind"], event["run"]) for event in read_events()] == [
        ("run_began", "r2"),
        ("run_finished", "r2"),
        ("run_began", "r1"),
        ("run_failed", "r1"),
    ]


def test_a_killed_run_is_dead_until_it_is_written_down_as_died(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED], check=False)
    assert [run.name for run in dead_runs()] == ["killed"]
    end(dead_runs()[0], "died")
    assert dead_runs() == []
    assert all_runs()[0].status == "died"


def test_a_run_whose_process_number_is_used_again_is_dead() -> None:
    mine = ProcessIdentity.mine()
    reused = replace(mine, started=mine.started - 60_000)
    assert Run(name="r", flow="f", owner=reused.label()).is_dead()
    assert not Run(name="r", flow="f", owner=mine.label()).is_dead()


def test_a_run_that_has_ended_is_never_dead() -> None:
    assert not Run(name="r", flow="f", owner="p1t1", status="finished").is_dead()


def test_there_are_no_runs_and_no_leftovers_in_a_new_workspace(tmp_path: Path) -> None:
    assert all_runs() == []
    assert remove_leftovers() == []
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_killed_processes_are_removed_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED], check=False)
    (tmp_path / ".stage-torn.json-p1t1-00112233").write_text("torn")
    with publish(tmp_path / "rows" / "mine") as stage:
        (stage / "rows.jsonl").write_text("whole")
        removed = remove_leftovers()
        assert stage.is_dir()
    assert len(removed) == 2
    assert [path.name for path in (tmp_path / "rows").iterdir()] == ["mine"]
    assert [run.name for run in all_runs()] == ["killed"]
    assert remove_leftovers() == []
