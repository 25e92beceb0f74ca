import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paragraf.errors import ChildFailed
from paragraf.identity import ProcessIdentity
from paragraf.processes import end_awaited_children, end_child, run_child, start_child
from tests.waiting import wait_for


def identity_in(file: Path) -> ProcessIdentity:
    """Of the process whose number a shell writes into a file."""
    wait_for(lambda: file.exists() and file.read_text().endswith("\n"), 10)
    return ProcessIdentity.of(int(file.read_text()))


def test_output_goes_to_the_end_of_the_log_and_input_is_closed(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "child.log"
    log.parent.mkdir()
    log.write_text("before\n")
    run_child(["sh", "-c", "echo out; echo err >&2; wc -c"], log)
    assert log.read_text().split() == ["before", "out", "err", "0"]


def test_a_child_that_says_ten_megabytes_waits_for_no_reader(tmp_path: Path) -> None:
    run_child([sys.executable, "-c", "import sys; sys.stderr.write('x' * 10_000_000)"], tmp_path / "log")
    assert (tmp_path / "log").stat().st_size == 10_000_000


def test_the_folder_of_the_log_is_made(tmp_path: Path) -> None:
    run_child(["true"], tmp_path / "new" / "deep" / "child.log")
    assert (tmp_path / "new" / "deep" / "child.log").is_file()


def test_the_environment_is_ours_with_what_was_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "1")
    child = start_child(["sh", "-c", "echo $OURS $ADDED"], tmp_path / "log", environment={"ADDED": "2"})
    child.wait()
    assert (tmp_path / "log").read_text() == "1 2\n"


def test_a_child_runs_in_a_group_of_its_own(tmp_path: Path) -> None:
    child = start_child(["sleep", "60"], tmp_path / "log")
    try:
        assert os.getpgid(child.pid) == child.pid != os.getpgid(0)
    finally:
        end_child(child)


def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from paragraf.processes import start_child
folder = Path(sys.argv[1])
start_child(["sh", "-c", f"echo $$ > {folder}/child; exec sleep 60"], folder / "log")
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    child = identity_in(tmp_path / "child")
    assert child.is_alive()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not child.is_alive(), 10)


def test_a_child_may_be_asked_to_end_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = """
import signal, sys, time
from pathlib import Path
from paragraf.processes import start_child
folder = Path(sys.argv[1])
script = f"trap 'echo ended > {folder}/told; exit' TERM; echo $$ > {folder}/child; while :; do sleep 0.05; done"
start_child(["sh", "-c", script], folder / "log", at_parents_death=signal.SIGTERM)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    child = identity_in(tmp_path / "child")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not child.is_alive(), 10)
    assert (tmp_path / "told").read_text() == "ended\n"


def test_ending_a_child_ends_what_it_started(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/grandchild; wait"
    child = start_child(["sh", "-c", script], tmp_path / "log")
    grandchild = identity_in(tmp_path / "grandchild")
    assert grandchild.is_alive()
    end_child(child)
    assert child.returncode == -signal.SIGTERM
    wait_for(lambda: not grandchild.is_alive(), 10)


def test_grandchildren_end_also_when_the_child_is_already_gone(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/grandchild"
    child = start_child(["sh", "-c", script], tmp_path / "log")
    grandchild = identity_in(tmp_path / "grandchild")
    child.wait()
    assert grandchild.is_alive()
    end_child(child)
    wait_for(lambda: not grandchild.is_alive(), 10)


def test_a_child_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    script = f"trap '' TERM; echo $$ > {tmp_path}/child; while :; do sleep 0.05; done"
    child = start_child(["sh", "-c", script], tmp_path / "log")
    identity_in(tmp_path / "child")
    end_child(child, grace_seconds=0.2)
    assert child.returncode == -signal.SIGKILL


def test_ending_a_child_twice_does_no_harm(tmp_path: Path) -> None:
    child = start_child(["true"], tmp_path / "log")
    end_child(child)
    end_child(child)


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        ("exit 3", "the child ended with code 3"),
        ("kill -TERM $$", "the child was ended by SIGTERM"),
        ("kill -SEGV $$", "the child was ended by SIGSEGV"),
        ("kill -KILL $$", "the child was killed, most likely for memory"),
        ("exit 137", "the child was killed, most likely for memory"),
    ],
)
def test_a_failed_child_names_the_cause_the_log_and_its_last_line(script: str, cause: str, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed) as caught:
        run_child(["sh", "-c", f"echo zażółć; {script}"], tmp_path / "child.log")
    assert str(caught.value).startswith(f"{tmp_path / 'child.log'}: {cause}")
    assert str(caught.value).endswith("; last line: 'zażółć'.")
    assert "\n" not in str(caught.value)


def test_a_child_that_is_ended_by_a_nameless_signal_is_told_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="40"):
        run_child([sys.executable, "-c", "import os; os.kill(os.getpid(), 40)"], tmp_path / "child.log")


def test_the_last_line_is_of_this_child_and_not_of_an_earlier_one(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    run_child(["echo", "all is well"], log)
    with pytest.raises(ChildFailed) as caught:
        run_child(["sh", "-c", "exit 3"], log)
    assert "all is well" not in str(caught.value)


def test_a_program_that_is_not_there_is_a_failed_child(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="no-such-program"):
        run_child(["no-such-program"], tmp_path / "child.log")


def test_who_waits_is_called_while_the_child_runs_and_after_its_end(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    seen: list[str] = []
    run_child(["sh", "-c", "sleep 0.5; echo end"], log, while_waiting=lambda: seen.append(log.read_text()))
    assert seen[0] == ""
    assert seen[-1] == "end\n"
    assert len(seen) >= 3


def test_the_child_ends_when_who_waits_raises(tmp_path: Path) -> None:
    def interrupt() -> None:
        if (tmp_path / "child").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_child(["sh", "-c", f"echo $$ > {tmp_path}/child; sleep 60"], tmp_path / "log", while_waiting=interrupt)
    gone = int((tmp_path / "child").read_text() or 0)
    time.sleep(0.1)
    assert not Path(f"/proc/{gone}").exists()


def test_programs_that_other_threads_wait_for_can_be_ended(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        waiting = [
            threads.submit(run_child, ["sh", "-c", f"echo $$ > {tmp_path}/{name}; sleep 60"], tmp_path / "log")
            for name in ("one", "two")
        ]
        children = [identity_in(tmp_path / name) for name in ("one", "two")]

        end_awaited_children()

        assert all(isinstance(thread.exception(20), ChildFailed) for thread in waiting)
    assert not any(child.is_alive() for child in children)
