import os
from pathlib import Path

import pytest
from pydantic import BaseModel

from paragraf.errors import BadRow, ChildFailed, Diverged, NoSpace
from paragraf.jobs import JOURNAL, LOG, Entry, run_job, threads, write_entry

CHILD = """
import os, signal, sys
from pathlib import Path
from pydantic import BaseModel
from paragraf.errors import BadRow, Diverged
from paragraf.jobs import child_main, write_entry

class Order(BaseModel):
    what: str

def run(order: Order, work: Path) -> None:
    if order.what != "silence":
        print("started", flush=True)
    if order.what == "work":
        for step in range(3):
            write_entry(work, {"step": step, "what": "zażółć\\n"})
    if order.what == "bad row":
        raise BadRow("plik.jsonl:7: expected \\"question\\",\\nfound 'zażółć'.")
    if order.what == "noisy end":
        sys.stderr.write("paragraf error of another kind\\n")
        raise Diverged("step 3: loss is nan.")
    if order.what == "full disk":
        full = work / "full"
        full.mkdir()
        (full / "journal.jsonl").symlink_to("/dev/full")
        write_entry(full, {"step": 1})
    if order.what == "wrapped":
        sys.stderr.write('paragraf error Diverged "step 3: loss is nan."\\n' + "a line of who launched it\\n" * 40)
        sys.exit(1)
    if order.what == "bug":
        raise RuntimeError("a bug")
    if order.what == "torn report":
        sys.stderr.write('paragraf error BadRow "half a mess')
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    if order.what in ("kill", "silence"):
        write_entry(work, {"step": 1})
        with (work / "journal.jsonl").open("a") as file:
            file.write('{"step": 2')
        os.kill(os.getpid(), signal.SIGKILL)

child_main(Order, run)
"""


class Order(BaseModel):
    what: str


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "job_for_tests.py").write_text(CHILD, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(modules))
    return tmp_path / "work"


@pytest.mark.parametrize(("said", "count"), [("3", 3), ("", 1), ("0", 1), ("4,2", 1)])
def test_a_computation_has_as_many_threads_as_is_said_or_as_there_are_cores(
    monkeypatch: pytest.MonkeyPatch, said: str, count: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        assert threads() == count
    finally:
        os.sched_setaffinity(0, cores)


def do(what: str, work: Path) -> list[Entry]:
    seen: list[Entry] = []
    run_job("job_for_tests", Order(what=what), work, seen.append)
    return seen


def test_entries_are_handed_on_in_the_order_written(work: Path) -> None:
    assert do("work", work) == [
        {"step": 0, "what": "zażółć\n"},
        {"step": 1, "what": "zażółć\n"},
        {"step": 2, "what": "zażółć\n"},
    ]
    assert (work / LOG).read_text() == "started\n"


def test_entries_of_an_earlier_run_are_not_handed_on_again(work: Path) -> None:
    do("work", work)
    assert [entry["step"] for entry in do("work", work)] == [0, 1, 2]


def test_an_error_of_the_child_is_raised_here_as_the_same_class_with_the_same_words(work: Path) -> None:
    with pytest.raises(BadRow) as caught:
        do("bad row", work)
    assert type(caught.value) is BadRow
    assert str(caught.value) == "plik.jsonl:7: expected \"question\",\nfound 'zażółć'."


def test_a_line_that_only_looks_like_a_report_does_not_hide_the_report(work: Path) -> None:
    with pytest.raises(Diverged, match="step 3: loss is nan"):
        do("noisy end", work)


def test_a_report_is_found_before_all_that_a_launcher_says_after_it(work: Path) -> None:
    with pytest.raises(Diverged, match="step 3: loss is nan"):
        do("wrapped", work)


def test_a_journal_that_a_full_disk_does_not_take_is_no_space(work: Path) -> None:
    with pytest.raises(NoSpace, match=r"journal\.jsonl: the disk is full"):
        do("full disk", work)


def test_a_killed_child_is_a_failed_child_that_names_the_log(work: Path) -> None:
    with pytest.raises(ChildFailed) as caught:
        do("kill", work)
    assert str(caught.value).startswith(f"{work / LOG}: the child was killed, most likely for memory")
    assert "\n" not in str(caught.value)


def test_a_bug_in_the_child_is_a_failed_child_with_the_last_line_of_the_traceback(work: Path) -> None:
    with pytest.raises(ChildFailed, match="the child ended with code 1; last line: 'RuntimeError: a bug'"):
        do("bug", work)


def test_an_order_that_does_not_fit_is_a_failed_child(work: Path) -> None:
    class OtherOrder(BaseModel):
        other: int

    with pytest.raises(ChildFailed, match="ended with code 1"):
        run_job("job_for_tests", OtherOrder(other=1), work, print)


def test_a_module_that_is_not_there_is_a_failed_child(work: Path) -> None:
    with pytest.raises(ChildFailed, match="No module named no_such_job"):
        run_job("no_such_job", Order(what="work"), work, print)


def test_entries_go_on_after_a_line_that_a_kill_has_torn(work: Path) -> None:
    with pytest.raises(ChildFailed):
        do("kill", work)
    assert [entry["step"] for entry in do("work", work)] == [0, 1, 2]


def test_an_error_that_an_earlier_run_reported_is_not_raised_again_for_a_killed_child(work: Path) -> None:
    with pytest.raises(BadRow):
        do("bad row", work)
    with pytest.raises(ChildFailed):
        do("silence", work)


def test_a_report_that_a_kill_has_torn_is_a_failed_child(work: Path) -> None:
    with pytest.raises(ChildFailed):
        do("torn report", work)


def test_an_error_in_who_follows_ends_the_child_and_goes_up(work: Path) -> None:
    def follow(entry: Entry) -> None:
        raise ValueError(f"step {entry['step']}")

    with pytest.raises(ValueError, match="step 0"):
        run_job("job_for_tests", Order(what="work"), work, follow)


def test_an_entry_is_one_line(tmp_path: Path) -> None:
    write_entry(tmp_path, {"what": "a\nb", "loss": 0.5})
    write_entry(tmp_path, {"what": None})
    assert (tmp_path / JOURNAL).read_text() == '{"what": "a\\nb", "loss": 0.5}\n{"what": null}\n'
