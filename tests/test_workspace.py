from pathlib import Path

import pytest

from paragraf.workspace import at_rest, home, relative


def test_the_workspace_is_where_the_environment_says(tmp_path: Path) -> None:
    assert home() == tmp_path


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_word_from_the_environment_it_is_a_hidden_folder_here(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PARAGRAF_HOME")
    if value is not None:
        monkeypatch.setenv("PARAGRAF_HOME", value)
    assert home() == tmp_path / ".paragraf"


def test_a_relative_workspace_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARAGRAF_HOME", "mine")
    assert home() == tmp_path / "mine"


def test_what_is_at_rest_is_named_by_its_path_inside(tmp_path: Path) -> None:
    assert at_rest("rows/clean-1") == tmp_path / "rows" / "clean-1"
    assert relative(tmp_path / "rows" / "clean-1") == "rows/clean-1"


@pytest.mark.parametrize("path", ["..", "../x", "rows/../../x", "/etc/passwd", "rows/../../../etc", "link", "link/x"])
def test_a_path_that_leads_out_of_the_workspace_is_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path.parent)
    with pytest.raises(ValueError, match="leads out of the workspace"):
        at_rest(path)


def test_a_workspace_behind_a_link_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "link"))
    assert at_rest("rows/a") == tmp_path / "link" / "rows" / "a"


def test_a_path_outside_has_no_name_inside(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="subpath"):
        relative(tmp_path.parent / "elsewhere")
