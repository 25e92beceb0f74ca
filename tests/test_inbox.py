"""The inbox: what is whole is told once, also after a restart; what could mislead is left out and told why."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from paragraf.errors import MissingInput
from paragraf.inbox import QUIET_SECONDS, Watch, inbox, is_empty, whole_files
from paragraf.load import LoadSettings, files_of, load

ROW = '{"question": "Czy najem trwa?", "answer": "Tak, najem trwa do końca umowy."}\n'
NOW = 1_800_000_000.0


def put(name: str, text: str = ROW, written: float = NOW - QUIET_SECONDS) -> Path:
    inbox().mkdir(parents=True, exist_ok=True)
    path = inbox() / name
    path.write_text(text, "utf-8")
    os.utime(path, (written, written))
    return path


def told(watch: Watch, now: float = NOW) -> list[str]:
    """Names of what a look finds new, each told at once."""
    found = watch.look(now).arrived
    for one in found:
        watch.tell(one)
    return [one.name for one in found]


def test_a_file_is_told_once_with_its_size_and_digest() -> None:
    put("a.jsonl")
    watch = Watch()
    [arrival] = watch.look(NOW).arrived
    assert (arrival.name, arrival.size) == ("a.jsonl", len(ROW.encode()))
    assert len(arrival.digest) == 64
    assert told(watch) == ["a.jsonl"]
    assert told(watch) == []


def test_what_came_while_nobody_watched_is_told_and_what_was_told_before_is_not() -> None:
    put("a.jsonl")
    assert told(Watch()) == ["a.jsonl"]
    put("b.jsonl", ROW * 2)
    assert told(Watch()) == ["b.jsonl"]


def test_what_was_not_sent_is_told_again() -> None:
    put("a.jsonl")
    watch = Watch()
    assert len(watch.look(NOW).arrived) == 1
    assert len(watch.look(NOW).arrived) == 1


def test_the_same_content_under_two_names_is_told_once_and_a_new_content_again() -> None:
    put("a.jsonl")
    put("b.jsonl")
    watch = Watch()
    assert len(told(watch)) == 1
    put("a.jsonl", ROW * 3)
    assert told(watch) == ["a.jsonl"]


@pytest.mark.parametrize(
    ("age", "is_whole"),
    [(0.0, False), (QUIET_SECONDS - 0.1, False), (QUIET_SECONDS, True), (-3600.0, True)],
)
def test_a_file_counts_once_it_is_left_alone_whatever_the_clock_of_its_writer_says(age: float, is_whole: bool) -> None:
    put("a.jsonl", written=NOW - age)
    assert [path.name for path in whole_files(NOW)] == (["a.jsonl"] if is_whole else [])


def test_an_empty_file_and_a_hidden_one_are_not_there_yet() -> None:
    put("a.jsonl", "")
    put(".b.jsonl.part")
    found = Watch().look(NOW)
    assert (found.arrived, found.left_out) == ([], [])


def test_a_file_that_is_written_while_it_is_read_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.jsonl")
    digest = hashlib.file_digest

    def while_somebody_writes(file: BinaryIO, name: str) -> object:
        path.write_text(ROW * 2, "utf-8")
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", while_somebody_writes)
    assert Watch().look(NOW).arrived == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a\nb.jsonl", "signs that cannot be shown"),
        ("a\x1b[31m.jsonl", "signs that cannot be shown"),
        ("nosj\u202el.jsonl", "signs that cannot be shown"),
        ("a.zip", "must end with one of .jsonl"),
        ("a", "must end with one of .jsonl"),
    ],
)
def test_a_name_that_misleads_or_cannot_be_read_is_left_out_and_told_once(name: str, reason: str) -> None:
    put(name)
    watch = Watch()
    found = watch.look(NOW)
    assert found.arrived == []
    [line] = found.left_out
    assert reason in line
    assert line.isascii() and line.isprintable()
    assert watch.look(NOW).left_out == []


def test_a_name_that_is_no_text_is_left_out() -> None:
    inbox().mkdir()
    Path(os.fsdecode(os.fsencode(inbox()) + b"/\xff.jsonl")).write_text(ROW, "utf-8")
    [line] = Watch().look(NOW).left_out
    assert "signs that cannot be shown" in line


def test_a_link_a_folder_and_a_pipe_are_left_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside.jsonl"
    outside.write_text(ROW, "utf-8")
    inbox().mkdir()
    (inbox() / "link.jsonl").symlink_to(outside)
    (inbox() / "folder.jsonl").mkdir()
    os.mkfifo(inbox() / "pipe.jsonl")
    found = Watch().look(NOW)
    assert found.arrived == []
    assert [line.split(":")[0] for line in found.left_out] == ["'folder.jsonl'", "'link.jsonl'", "'pipe.jsonl'"]
    assert whole_files(NOW) == []


def test_the_inbox_is_a_source_and_an_empty_one_says_what_to_do() -> None:
    with pytest.raises(MissingInput, match="no whole file with rows is here; put one there"):
        files_of("inbox")
    assert is_empty("inbox", NOW)
    put("a.jsonl")
    assert not is_empty("inbox", NOW)
    assert not is_empty("sample", NOW)
    assert [outcome.question for outcome in load(LoadSettings(source="inbox"))] == ["Czy najem trwa?"]


def test_a_torn_memory_of_what_was_told_costs_a_repetition_only(workspace: Path) -> None:
    put("a.jsonl")
    assert told(Watch()) == ["a.jsonl"]
    (workspace / "inbox-told.json").write_text('["ab', "utf-8")
    assert told(Watch()) == ["a.jsonl"]
