import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from paragraf.errors import Damaged, NoPermission, NoSpace
from paragraf.identity import ProcessIdentity
from paragraf.publish import (
    MANIFEST,
    abandoned_stages,
    digest_of,
    hash_file,
    is_whole,
    publish,
    publish_file,
    read_manifest,
    verify,
)
from tests.conftest import RunOnTmpfs


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def published(tmp_path: Path) -> Path:
    final = tmp_path / "rows" / "a"
    with publish(final) as stage:
        (stage / "one.txt").write_text("jeden")
        (stage / "deep").mkdir()
        (stage / "deep" / "two.txt").write_text("dwa")
    return final


def flip_a_bit(folder: Path) -> str:
    content = bytearray((folder / "one.txt").read_bytes())
    content[2] ^= 1
    (folder / "one.txt").write_bytes(content)
    return "one.txt"


def truncate(folder: Path) -> str:
    os.truncate(folder / "deep" / "two.txt", 1)
    return "two.txt"


def empty(folder: Path) -> str:
    (folder / "one.txt").write_bytes(b"")
    return "one.txt"


def remove(folder: Path) -> str:
    (folder / "deep" / "two.txt").unlink()
    return "two.txt"


def swap(folder: Path) -> str:
    one, two = folder / "one.txt", folder / "deep" / "two.txt"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    return ".txt"


def remove_manifest(folder: Path) -> str:
    (folder / MANIFEST).unlink()
    return MANIFEST


def tear_manifest(folder: Path) -> str:
    os.truncate(folder / MANIFEST, 30)
    return MANIFEST


def other_manifest(folder: Path) -> str:
    (folder / MANIFEST).write_text('["one.txt"]')
    return MANIFEST


def folder_for_file(folder: Path) -> str:
    (folder / "one.txt").unlink()
    (folder / "one.txt").mkdir()
    return "one.txt"


DAMAGES: list[Callable[[Path], str]] = [
    flip_a_bit,
    truncate,
    empty,
    remove,
    swap,
    remove_manifest,
    tear_manifest,
    other_manifest,
    folder_for_file,
]


def test_a_published_folder_holds_what_was_written_and_a_manifest(published: Path, tmp_path: Path) -> None:
    assert names(published) == ["deep", "deep/two.txt", MANIFEST, "one.txt"]
    assert read_manifest(published) == {
        "deep/two.txt": hash_file(published / "deep" / "two.txt"),
        "one.txt": hash_file(published / "one.txt"),
    }
    assert names(tmp_path / "rows") == ["a", "a/deep", "a/deep/two.txt", f"a/{MANIFEST}", "a/one.txt"]


def test_nothing_is_visible_before_the_block_ends(tmp_path: Path) -> None:
    with publish(tmp_path / "a") as stage:
        (stage / "one.txt").write_text("jeden")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").exists()


@pytest.mark.parametrize("failure", [ValueError("bad"), KeyboardInterrupt(), SystemExit(3), OSError(errno.EIO, "disk")])
def test_nothing_is_left_when_the_block_raises(failure: BaseException, tmp_path: Path) -> None:
    with pytest.raises(type(failure)), publish(tmp_path / "rows" / "a") as stage:
        (stage / "one.txt").write_text("jeden")
        raise failure
    assert names(tmp_path) == ["rows"]


def test_an_older_folder_stays_when_the_block_raises(published: Path) -> None:
    with pytest.raises(ValueError, match="bad"), publish(published) as stage:
        (stage / "one.txt").write_text("inny")
        raise ValueError("bad")
    assert (published / "one.txt").read_text() == "jeden"


def test_the_digest_is_of_names_and_content(tmp_path: Path) -> None:
    for final, name, content in (("a", "x", "1"), ("b", "x", "1"), ("c", "y", "1"), ("d", "x", "2")):
        with publish(tmp_path / final) as stage:
            (stage / name).write_text(content)
    first, same, renamed, changed = (verify(tmp_path / final) for final in "abcd")
    assert first == same
    assert len({first, renamed, changed}) == 3


def test_the_digest_does_not_depend_on_the_order_of_files() -> None:
    assert digest_of({"a": "1", "b": "2"}) == digest_of({"b": "2", "a": "1"})


def test_a_whole_folder_that_is_already_there_wins(published: Path) -> None:
    with publish(published) as stage:
        (stage / "one.txt").write_text("inny")
    assert (published / "one.txt").read_text() == "jeden"
    assert names(published.parent)[0] == "a"
    assert not list(published.parent.glob(".stage-*"))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_replaced(damage: Callable[[Path], str], published: Path) -> None:
    damage(published)
    with publish(published) as stage:
        (stage / "one.txt").write_text("nowy")
    assert names(published) == [MANIFEST, "one.txt"]
    assert is_whole(published)
    assert [path.name for path in published.parent.iterdir()] == ["a"]


@pytest.mark.parametrize("damage", DAMAGES)
def test_verify_names_what_is_damaged(damage: Callable[[Path], str], published: Path) -> None:
    name = damage(published)
    with pytest.raises(Damaged) as caught:
        verify(published)
    assert name in str(caught.value)
    assert f"delete {published} and run again" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not is_whole(published)


def test_a_folder_that_is_not_there_is_not_whole(tmp_path: Path) -> None:
    assert not is_whole(tmp_path / "never")


@pytest.mark.parametrize("target", ["one.txt", "/etc", "nowhere"])
def test_a_link_is_refused_and_nothing_is_left(target: str, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="a link may not be published"), publish(tmp_path / "rows" / "a") as stage:
        (stage / "one.txt").write_text("jeden")
        (stage / "link").symlink_to(target)
    assert names(tmp_path) == ["rows"]


def test_a_file_is_replaced_in_one_step_and_nothing_else_is_left(tmp_path: Path) -> None:
    publish_file(tmp_path / "deep" / "a.json", b"1")
    publish_file(tmp_path / "deep" / "a.json", b"2")
    assert names(tmp_path) == ["deep", "deep/a.json"]
    assert (tmp_path / "deep" / "a.json").read_bytes() == b"2"


def test_a_full_disk_is_told_in_one_line_and_leaves_no_stage(run_on_tmpfs: RunOnTmpfs) -> None:
    code = """
import sys
from pathlib import Path
from paragraf.errors import NoSpace
from paragraf.publish import publish, publish_file
home = Path(sys.argv[1])
try:
    with publish(home / "rows" / "a") as stage:
        (stage / "big").write_bytes(b"x" * 1_000_000)
except NoSpace as error:
    print(error)
try:
    publish_file(home / "b", b"x" * 1_000_000)
except NoSpace as error:
    print(error)
print(sorted(path.name for path in home.rglob("*")))
"""
    folder, file, left = run_on_tmpfs("size=256k", code).splitlines()
    assert folder.endswith("/rows/a: the disk is full; free some space and run the same command again.")
    assert file.endswith("/b: the disk is full; free some space and run the same command again.")
    assert left == "['rows']"


def test_a_file_keeps_its_old_content_when_the_disk_is_full(run_on_tmpfs: RunOnTmpfs) -> None:
    code = """
import sys
from pathlib import Path
from paragraf.errors import NoSpace
from paragraf.publish import publish_file
final = Path(sys.argv[1]) / "a"
publish_file(final, b"old")
try:
    publish_file(final, b"x" * 1_000_000)
except NoSpace:
    print(final.read_text())
"""
    assert run_on_tmpfs("size=256k", code) == "old\n"


def test_weights_that_do_not_fit_on_the_disk_are_told_as_a_full_disk(run_on_tmpfs: RunOnTmpfs) -> None:
    code = """
import sys
from pathlib import Path
import numpy
from safetensors.numpy import save_file
from paragraf.errors import NoSpace
from paragraf.publish import publish
try:
    with publish(Path(sys.argv[1]) / "a") as stage:
        save_file({"w": numpy.zeros(500_000)}, stage / "model.safetensors")
except NoSpace:
    print("NoSpace")
except Exception as error:
    print(type(error).__name__, error)
"""
    assert run_on_tmpfs("size=256k", code) == "NoSpace\n"


def test_a_read_only_file_system_is_no_permission(run_on_tmpfs: RunOnTmpfs) -> None:
    code = """
import sys
from pathlib import Path
from paragraf.errors import NoPermission
from paragraf.publish import publish, publish_file
for write in (lambda final: publish(final).__enter__(), lambda final: publish_file(final, b"1")):
    try:
        write(Path(sys.argv[1]) / "a")
    except NoPermission as error:
        print(error)
"""
    lines = run_on_tmpfs("ro", code).splitlines()
    assert len(lines) == 2
    assert all(line.endswith("/a: no permission to write; choose another folder with PARAGRAF_HOME.") for line in lines)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, NoSpace),
        (errno.EDQUOT, NoSpace),
        (errno.EACCES, NoPermission),
        (errno.EROFS, NoPermission),
        (errno.EPERM, NoPermission),
    ],
)
def test_errors_of_the_system_are_told_in_one_line(number: int, kind: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(kind) as caught, publish(tmp_path / "a"):
        raise OSError(number, os.strerror(number))
    assert str(caught.value).startswith(f"{tmp_path / 'a'}: ")
    assert list(tmp_path.iterdir()) == []


def test_stages_of_dead_processes_are_found_and_those_of_live_ones_are_not(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from paragraf.publish import publish
with publish(Path(sys.argv[1]) / "rows" / "killed-in-the-middle"):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    mine = ProcessIdentity.mine()
    reused = replace(mine, started=mine.started - 100_000).label()
    (tmp_path / f".stage-file.json-{reused}-0011aabb").write_text("torn")
    (tmp_path / ".stage-without-owner").mkdir()
    with publish(tmp_path / "rows" / "alive"):
        found = [path.name for path in abandoned_stages(tmp_path)]
    assert [name.partition("-h")[0] for name in found] == [
        ".stage-file.json",
        ".stage-without-owner",
        ".stage-killed-in-the-middle",
    ]


def test_a_process_that_is_overtaken_by_another_takes_its_folder(tmp_path: Path) -> None:
    code = """
import shutil, sys
from pathlib import Path
from paragraf.publish import is_whole, publish
final = Path(sys.argv[1]) / "a"
def overtake(event, arguments):
    if event == "os.rename" and str(arguments[1]) == str(final) and not final.exists():
        shutil.copytree(arguments[0], final)
sys.addaudithook(overtake)
with publish(final) as stage:
    (stage / "one.txt").write_text("jeden")
print(is_whole(final), [path.name for path in final.parent.iterdir()])
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True ['a']\n", "")


def test_a_folder_that_holds_a_manifest_of_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=MANIFEST), publish(tmp_path / "a") as stage:
        (stage / MANIFEST).write_text(json.dumps({"name": "someone else's"}))
    assert not list(tmp_path.iterdir())


def test_a_plain_file_in_the_place_of_a_folder_is_replaced_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "a").write_text("a file")
    with publish(tmp_path / "rows" / "a") as stage:
        (stage / "one.txt").write_text("jeden")
    assert names(tmp_path / "rows") == ["a", f"a/{MANIFEST}", "a/one.txt"]


def test_a_file_that_was_added_later_is_found(published: Path) -> None:
    (published / "added.txt").write_text("obcy")
    with pytest.raises(Damaged, match=r"added\.txt"):
        verify(published)


def test_a_file_that_was_replaced_by_a_link_is_found(published: Path, tmp_path: Path) -> None:
    (published / "one.txt").rename(tmp_path / "elsewhere")
    (published / "one.txt").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Damaged, match=r"one\.txt"):
        verify(published)


def test_read_only_files_can_be_published(tmp_path: Path) -> None:
    with publish(tmp_path / "a") as stage:
        (stage / "one.txt").write_text("jeden")
        (stage / "one.txt").chmod(0o444)
    assert is_whole(tmp_path / "a")
