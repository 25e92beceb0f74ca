"""Jobs that start warm: they share what the server imported, end as others do, and outlive nobody."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from paragraf.warm import is_warm, warmed
from tests.waiting import wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="jobs start warm on Linux alone")

HEAVY = "import gc, os\nIMPORTED_BY, COLLECTED_AFTER = os.getpid(), gc.get_threshold()[0]\n"
JOB = """
import os, signal, sys, time
from pathlib import Path
from pydantic import BaseModel
import heavy_for_tests
from paragraf.errors import Diverged
from paragraf.jobs import child_main, write_entry

class Order(BaseModel):
    what: str

def run(order: Order, work: Path) -> None:
    print("started", order.what, os.environ["ADDED"], flush=True)
    imported = {"imported": heavy_for_tests.IMPORTED_BY, "collected_after": heavy_for_tests.COLLECTED_AFTER}
    write_entry(work, {"process": os.getpid(), **imported})
    if order.what == "diverge":
        raise Diverged("step 3: loss is nan.")
    if order.what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if order.what == "sleep":
        time.sleep(60)

if __name__ == "__main__":
    child_main(Order, run)
"""
CALLER = """
import os, sys, threading, time
from pathlib import Path
from pydantic import BaseModel
from paragraf.errors import ParagrafError
from paragraf.jobs import run_job
from paragraf.processes import end_awaited_children
from paragraf.warm import warmed

class Order(BaseModel):
    what: str

def do(what, number):
    try:
        run_job("job_for_tests", Order(what=what), Path(sys.argv[1]) / str(number), lambda entry: print(dict(entry)))
    except ParagrafError as error:
        print(type(error).__name__, error, flush=True)

def began(number):
    journal = Path(sys.argv[1]) / str(number) / "journal.jsonl"
    return journal.exists() and journal.read_text().endswith("\\n")

with warmed(["job_for_tests"], {"ADDED": "by us"}):
    for number, what in enumerate(sys.argv[2:]):
        if what == "interrupt":
            waiting = threading.Thread(target=do, args=("sleep", number))
            waiting.start()
            while not began(number):
                time.sleep(0.02)
            end_awaited_children()
            waiting.join()
        else:
            do(what, number)
print("ADDED" in os.environ)
"""
SCRIPT = """
import sys
from pathlib import Path
from pydantic import BaseModel
from paragraf.jobs import run_job
from paragraf.warm import warmed

class Order(BaseModel):
    what: str

print("begins", __name__, flush=True)
with warmed(["job_for_tests"], {"ADDED": "by us"}):
    for number in range(2):
        run_job("job_for_tests", Order(what="work"), Path(sys.argv[1]) / str(number), lambda entry: None)
print("ends", __file__, __spec__)
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "heavy_for_tests.py").write_text(HEAVY, "utf-8")
    (folder / "job_for_tests.py").write_text(JOB, "utf-8")
    return folder


def start(modules: Path, *jobs: str, program: Sequence[str] = ("-c", CALLER)) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *program, str(modules.parent / "work"), *jobs],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(modules), os.environ.get("PYTHONPATH", "")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(modules: Path, *jobs: str) -> list[str]:
    """What the caller printed, line by line."""
    out, _ = start(modules, *jobs).communicate(timeout=120)
    return out.splitlines()


def test_what_jobs_import_is_imported_once_for_all(modules: Path) -> None:
    *entries, is_in_our_environment = said(modules, "work", "work")
    first, second = (dict(eval(entry)) for entry in entries)  # noqa: S307  # printed by the test itself
    assert first["process"] != second["process"]
    assert first["imported"] == second["imported"] != first["process"]
    assert first["collected_after"] == 10_000
    assert (modules.parent / "work" / "1" / "child.log").read_text().splitlines()[-1] == "started work by us"
    assert is_in_our_environment == "False"


def test_a_script_without_a_guard_runs_once_and_not_again_in_its_jobs(modules: Path) -> None:
    script = modules.parent / "script.py"
    script.write_text(SCRIPT, "utf-8")
    out, errors = start(modules, program=[str(script)]).communicate(timeout=120)
    assert (out.splitlines(), errors) == (["begins __main__", f"ends {script} None"], "")
    for number in "01":
        log = (modules.parent / "work" / number / "child.log").read_text()
        assert log.splitlines() == ["started work by us"]


def test_a_warm_job_fails_as_others_do(modules: Path) -> None:
    _, diverged, _, killed, _, ended, _ = said(modules, "diverge", "kill", "interrupt")
    assert diverged == "Diverged step 3: loss is nan."
    assert killed.startswith("ChildFailed") and "the child was killed, most likely for memory" in killed
    assert ended.startswith("ChildFailed") and "the child was ended by SIGTERM" in ended


def test_a_warm_job_dies_with_who_called_it_and_so_does_the_server(modules: Path) -> None:
    caller = start(modules, "sleep")
    journal = modules.parent / "work" / "0" / "journal.jsonl"
    wait_for(lambda: journal.exists() and journal.read_text().endswith("\n"), 60)
    started = psutil.Process(caller.pid).children(recursive=True)
    assert len(started) >= 2
    caller.kill()
    caller.wait()
    _, alive = psutil.wait_procs(started, timeout=20)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


def test_jobs_are_warm_as_long_as_the_block_lasts() -> None:
    with warmed(["some.module"], {}):
        assert is_warm("some.module") != Path("/dev/nvidiactl").exists()
        assert not is_warm("another.module")
    assert not is_warm("some.module")
