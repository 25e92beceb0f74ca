"""The statute index: what an import brings in, what it then says of provisions, and how bad input is told."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from flows.law import law
from paragraf.errors import BadRow, BadSettings, Busy, Damaged, MissingInput, ParagrafError
from paragraf.law.existence import exists, fabricated, standing
from paragraf.law.standing import Standing
from paragraf.law.statutes import StatuteIndex, index_path

ACT = {str(number): f"Artykuł {number}." for number in range(1, 41)} | {
    "5": "§ 1. Pierwszy.\n § 2. Drugi.",
    "6": "(uchylony)",
    "22^1": "Dodany.",
}
VERSIONS = {
    "5": [
        {"text": "§ 1. Dawny.", "until": "2017-12-31"},
        {"text": "§ 1. Obecny.\n § 2. Nowy.", "from": "2018-01-01"},
    ],
    "7": {"text": "Przejściowy.", "from": "2020-04-01", "until": "2020-06-30"},
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: object) -> list[str]:
    told: list[str] = []
    law([str(argument) for argument in arguments], told.append, lambda line: None)
    return told


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), "utf-8")
    return path


def texts(key: str, *days: date | None) -> list[str | None]:
    index = StatuteIndex.open()
    return [index.text(key, day) for day in days]


def test_without_an_import_nobody_can_say() -> None:
    index = StatuteIndex.open()
    assert (index.exists("kp:art=5"), index.text("kp:art=5")) == (None, None)


def test_an_import_tells_what_it_brought_and_the_index_answers(tmp_path: Path) -> None:
    source = write(tmp_path / "kp.json", ACT)
    assert run("import", source) == [
        f"Imported 1 acts (kp): 41 articles in 41 versions, valid at any time; index {index_path()}."
    ]
    index = StatuteIndex.open()
    assert index.text("kp:art=22(1)") == "Dodany."
    asked = ["kp:art=5;par=2", "kp:art=5;par=9", "kp:art=6", "kp:art=41", "kp:art=5..41", "kpk:art=5", "?:par=5"]
    assert [index.exists(key) for key in asked] == [True, False, True, False, False, None, None]
    assert index.exists("kp:art=5..7")


def test_a_version_answers_for_its_own_days(tmp_path: Path) -> None:
    run("import", write(tmp_path / "kp.json", ACT | VERSIONS))
    old, spring, new = date(2015, 5, 5), date(2020, 5, 5), date(2024, 5, 5)
    assert texts("kp:art=5", old, new, None) == [
        "§ 1. Dawny.",
        "§ 1. Obecny.\n § 2. Nowy.",
        "§ 1. Obecny.\n § 2. Nowy.",
    ]
    assert [standing("kp:art=7", day) for day in (old, spring, new, None)] == [
        Standing.NOT_YET,
        Standing.IN_FORCE,
        Standing.REPEALED,
        Standing.IN_FORCE,
    ]
    assert [exists("kp:art=7", day) for day in (old, spring, new)] == [False, True, False]
    assert [len(fabricated("art. 7 k.p.", day)) for day in (old, spring, new)] == [1, 0, 0]


def test_states_of_an_act_stand_beside_each_other(tmp_path: Path) -> None:
    later = {number: text for number, text in ACT.items() if number != "8"} | {"9a": "Nowy."}
    run("import", write(tmp_path / "kp.json", ACT), "--from", "2010-01-01", "--until", "2019-12-31")
    run("import", write(tmp_path / "kp.json", later), "--from", "2020-01-01")
    assert texts("kp:art=8", date(2015, 1, 1), date(2021, 1, 1)) == ["Artykuł 8.", None]
    assert standing("kp:art=8", date(2021, 1, 1)) is Standing.REPEALED
    assert standing("kp:art=8", date(2005, 1, 1)) is Standing.UNCOVERED
    assert standing("kp:art=9a", date(2021, 1, 1)) is Standing.IN_FORCE
    assert not fabricated("art. 8 k.p.", date(2021, 1, 1))


def test_importing_again_replaces_the_rows_of_the_same_period_alone(tmp_path: Path) -> None:
    run("import", write(tmp_path / "a.json", ACT), "--act", "kp")
    run("import", write(tmp_path / "b.json", ACT), "--act", "kpk")
    run("import", write(tmp_path / "a.json", {"1": "Inny."}), "--act", "kp")
    assert texts("kp:art=1", None) + texts("kp:art=2", None) + texts("kpk:art=2", None) == ["Inny.", None, "Artykuł 2."]


def test_the_inventory_must_agree_before_a_number_is_called_absent(tmp_path: Path) -> None:
    damaged = {str(number): "Tekst." for number in range(1, 401)}
    run("import", write(tmp_path / "kc.json", damaged))
    assert standing("kc:art=415") is Standing.IN_FORCE
    assert standing("kc:art=1523") is Standing.ABSENT


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "expected an object of article numbers"),
        ("{}", "expected an object of article numbers"),
        ("{", "not valid JSON"),
        ('{"pięć": "x"}', "article 'pięć': this is no number of an article"),
        ('{"5": ""}', "article '5': expected its text"),
        ('{"5": 7}', "article '5': expected its text, found a number"),
        ('{"5": {"text": "x", "from": "kiedyś"}}', "expected a date as 2025-01-31, found 'kiedyś'"),
        ('{"5": {"text": "x", "from": "2020-01-02", "until": "2020-01-01"}}', "it ends on 2020-01-01, before"),
        ('{"5": {"text": "x", "since": "2020-01-02"}}', "no field 'since'"),
        ('{"5^1": "x", "5(1)": "y"}', "article '5(1)': stands twice"),
        ('{"5": "x", "5": "y"}', "stands 2 times"),
    ],
)
def test_a_bad_file_is_told_in_one_line_and_leaves_the_index_as_it_was(tmp_path: Path, content: str, told: str) -> None:
    run("import", write(tmp_path / "kp.json", ACT))
    before = index_path().read_bytes()
    (tmp_path / "kpk.json").write_text(content, "utf-8")
    with pytest.raises(BadRow) as error:
        run("import", tmp_path)
    assert str(error.value).startswith(f"{tmp_path / 'kpk.json'}: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert index_path().read_bytes() == before
    assert sorted(path.name for path in index_path().parent.iterdir()) == ["statutes.lock", "statutes.sqlite"]


@pytest.mark.parametrize(
    ("arguments", "kind", "told"),
    [
        (["import", "none.json"], MissingInput, "no such file or folder"),
        (["import", "empty"], MissingInput, "no .json file"),
        (["import", "kp.json", "--act", "nix"], BadSettings, "no act has the key 'nix'"),
        (["import", "kp.json", "--from", "2020-01-02", "--until", "2020-01-01"], BadSettings, "is before --from"),
        (["import", "kp.json", "--from", "gestern"], BadSettings, "'gestern' is no date"),
        (["import", "two", "--act", "kp"], BadSettings, "is for one file, and two holds 2"),
        (["import"], BadSettings, "the following arguments are required: source"),
        (["export"], BadSettings, "invalid choice"),
        ([], BadSettings, "required: command"),
    ],
)
def test_bad_arguments_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], kind: type[ParagrafError], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "kp.json", ACT)
    (tmp_path / "empty").mkdir()
    (tmp_path / "two").mkdir()
    write(tmp_path / "two" / "kp.json", ACT)
    write(tmp_path / "two" / "kk.json", ACT)
    with pytest.raises(kind) as error:
        run(*arguments)
    assert told in str(error.value)
    assert not index_path().exists()


def test_an_act_that_no_table_lists_is_named_by_its_citation_key(tmp_path: Path) -> None:
    run("import", write(tmp_path / "lasy.json", ACT), "--act", "ustawa:o lasach")
    assert [standing(f"ustawa:o lasach:art={number}") for number in (5, 50)] == [Standing.IN_FORCE, Standing.ABSENT]


def test_a_file_that_is_no_index_is_told_with_a_remedy(tmp_path: Path, home: Path) -> None:
    (home / "law").mkdir(parents=True)
    index_path().write_bytes(b"no database at all, but long enough to look at" * 20)
    for ask in (StatuteIndex.open, lambda: run("import", write(tmp_path / "kp.json", ACT))):
        with pytest.raises(Damaged, match=r"statutes\.sqlite: not readable as a statute index .+ delete it"):
            ask()


def test_of_two_imports_at_once_one_is_refused(tmp_path: Path, home: Path) -> None:
    source = write(tmp_path / "kp.json", ACT)
    (home / "law").mkdir(parents=True)
    hold = (
        "import fcntl,sys\nf=open(sys.argv[1],'a')\nfcntl.flock(f,fcntl.LOCK_EX)\nprint(flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(index_path().with_suffix(".lock"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Busy, match="another import is writing"):
            run("import", source)
        other.kill()


def test_a_killed_import_leaves_the_old_index_and_the_next_one_tidies_up(tmp_path: Path, home: Path) -> None:
    run("import", write(tmp_path / "kp.json", ACT))
    before = index_path().read_bytes()
    large = write(tmp_path / "kpk.json", {str(number): "Tekst. " * 400 for number in range(1, 30_000)})
    code = "import sys\nfrom flows.law import law\nlaw(sys.argv[1:], print, print)"
    root = Path(__file__).parents[1]
    with subprocess.Popen([sys.executable, "-c", code, "import", str(large)], cwd=root, env=os.environ.copy()) as other:
        stages = lambda: [path for path in (home / "law").iterdir() if path.name.startswith(".stage-")]  # noqa: E731
        limit = time.monotonic() + 30
        while not stages() and other.poll() is None and time.monotonic() < limit:
            time.sleep(0.005)
        other.send_signal(signal.SIGKILL)
    assert index_path().read_bytes() == before
    run("import", tmp_path / "kp.json")
    assert stages() == []
    assert texts("kp:art=22(1)", None) == ["Dodany."]


def test_check_says_of_each_citation_how_it_stands(tmp_path: Path) -> None:
    text = "Por. art. 415 k.c. oraz art. 2 k.c., art. 1523 k.c. i § 5 umowy."
    expected = [
        "art. 415 k.c. [kc:art=415]: in force",
        "art. 2 k.c. [kc:art=2]: repealed",
        "art. 1523 k.c. [kc:art=1523]: absent",
        "§ 5 [?:par=5]: uncovered",
    ]
    (tmp_path / "text.txt").write_text(text, "utf-8")
    assert run("check", text) == run("check", tmp_path / "text.txt") == expected
