import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from paragraf.errors import BadSettings, MissingInput, NoPermission, NoSpace
from paragraf.judge.settings import JudgeSettings, OpenAIJudge
from paragraf.preflight import Checklist, PreflightSettings, preflight
from paragraf.settings import Settings
from tests.conftest import RunOnTmpfs

EASY = PreflightSettings(min_disk_gib=0, min_memory_gib=0)
OF_ONE_ERROR = """
import os, sys
from pathlib import Path
from paragraf.preflight import PreflightSettings, preflight
os.environ["PARAGRAF_HOME"] = sys.argv[1]
try:
    preflight(PreflightSettings(min_disk_gib=0), sys.argv[2] if len(sys.argv) > 2 else "sample", None)
except Exception as error:
    print(type(error).__name__, error)
"""


def without_root(code: str, *arguments: str) -> str:
    """Output of Python code for which file modes count, also when the tests are run by root."""
    powerless = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root ignores file modes, and there is no setpriv here")
    command = [*(powerless if os.geteuid() == 0 else []), sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.mkdir()
    (path / "a.jsonl").write_text('{"question": "Co?", "answer": "To."}\n')
    return path


def test_a_good_machine_gives_a_checklist(tmp_path: Path) -> None:
    found = preflight(EASY, "sample", None)
    assert found.base is None
    assert len(found.source) == 64
    assert found.free_disk_gib > 0
    assert found.free_memory_gib > 0
    assert found.warnings == []
    assert list(tmp_path.iterdir()) == []


def test_the_digest_of_the_source_changes_with_its_content_alone(source: Path) -> None:
    file = source / "a.jsonl"
    first = preflight(EASY, str(file), None).source
    os.utime(file, (1, 1))
    assert preflight(EASY, str(file), None).source == first
    file.write_text('{"question": "Co?", "answer": "Nie."}\n')
    assert preflight(EASY, str(file), None).source != first


def test_a_file_that_is_added_to_a_folder_changes_its_digest(source: Path) -> None:
    first = preflight(EASY, str(source), None).source
    (source / "b.jsonl").write_text("{}\n")
    assert preflight(EASY, str(source), None).source != first


def test_a_missing_source_is_named_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "new"))
    with pytest.raises(MissingInput, match=r"^nowhere\.jsonl: no such file or folder; .*load\.source\.$"):
        preflight(EASY, "nowhere.jsonl", None)
    assert not (tmp_path / "new").exists()


def test_a_source_with_an_impossible_name_is_missing() -> None:
    with pytest.raises(MissingInput):
        preflight(EASY, "x" * 5000, None)


def test_a_missing_base_model_is_named() -> None:
    with pytest.raises(MissingInput, match="no/such-model"):
        preflight(EASY, "sample", "no/such-model")


def test_too_little_disk_stops_the_run_and_says_how_much_is_needed(tmp_path: Path) -> None:
    with pytest.raises(NoSpace) as caught:
        preflight(PreflightSettings(min_disk_gib=1e9), "sample", None)
    assert str(caught.value).startswith(f"{tmp_path}: ")
    assert str(caught.value).endswith(" GiB are free, 1e+09 are needed; free some space.")


def test_too_little_memory_is_a_warning_and_only_for_training(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for name, content in {
        "config.json": "{}",
        "tokenizer.json": "{}",
        "tokenizer_config.json": '{"chat_template": "x"}',
        "model.safetensors": "",
    }.items():
        (model / name).write_text(content)
    tight = PreflightSettings(min_disk_gib=0, min_memory_gib=1e6)
    assert preflight(tight, "sample", None).warnings == []
    found = preflight(tight, "sample", str(model))
    assert found.base is not None
    assert found.base.name == "model"
    assert len(found.warnings) == 1
    assert found.warnings[0].endswith(" GiB of memory are free, 1e+06 are advised for training.")


def test_a_workspace_on_a_read_only_file_system_is_refused(run_on_tmpfs: RunOnTmpfs) -> None:
    told = run_on_tmpfs("ro", OF_ONE_ERROR)
    assert told.startswith("NoPermission ")
    assert "Read-only file system" in told
    assert told.count("\n") == 1


def test_a_disk_that_takes_no_more_files_is_no_space(run_on_tmpfs: RunOnTmpfs) -> None:
    assert run_on_tmpfs("nr_inodes=1", OF_ONE_ERROR).startswith("NoSpace ")


def test_a_workspace_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    told = without_root(OF_ONE_ERROR, str(tmp_path / "locked"))
    assert told == (
        f"NoPermission {tmp_path / 'locked'}: no permission to write; choose another folder with PARAGRAF_HOME.\n"
    )


def test_a_workspace_in_the_place_of_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "file"))
    with pytest.raises(NoPermission, match="File exists"):
        preflight(EASY, "sample", None)


@pytest.mark.parametrize("locked", ["source/a.jsonl", "source"])
def test_a_source_that_may_not_be_read_is_named(locked: str, source: Path, tmp_path: Path) -> None:
    (tmp_path / locked).chmod(0)
    try:
        told = without_root(OF_ONE_ERROR, str(tmp_path / "home"), str(source))
    finally:
        (tmp_path / locked).chmod(0o700)
    assert told.startswith(f"NoPermission {tmp_path / locked}: no permission to read")
    assert told.count("\n") == 1


def test_the_line_in_the_log_tells_disk_and_memory() -> None:
    found = Checklist(base=None, source="0", free_disk_gib=12.4, free_memory_gib=3.21, warnings=[])
    assert found.summary() == "12 GiB of disk and 3.2 GiB of memory are free."


def test_a_file_that_a_setting_names_is_looked_for_before_any_work(tmp_path: Path) -> None:
    missing = str(tmp_path / "parts.jsonl")
    with pytest.raises(MissingInput, match=r"parts\.jsonl: no such file; check split\.given\."):
        preflight(EASY, "sample", None, [("split.given", missing)])


def test_a_missing_key_is_told_before_any_work_and_a_key_is_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    settings = Settings(judge=JudgeSettings(generator=OpenAIJudge(model="m", base_url="http://127.0.0.1:9/v1")))
    with pytest.raises(BadSettings, match="OPENAI_API_KEY is not set"):
        preflight(EASY, "sample", None, (), settings.endpoints())
    monkeypatch.setenv("OPENAI_API_KEY", "any-word")
    assert preflight(EASY, "sample", None, (), settings.endpoints()).base is None
    assert Settings().endpoints() == []
