"""Acts of one's own: what a file of them adds and replaces, and how a bad one is told."""

import json
from pathlib import Path

import pytest

from paragraf.errors import BadSettings, MissingInput
from paragraf.law import acts, area_of, find, format

LASY = {
    "key": "ulas",
    "cited_as": "u.o.l.",
    "name": "ustawa z dnia 28 września 1991 r. o lasach",
    "names": ["o lasach"],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PARAGRAF_ACTS", raising=False)
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def write(path: Path, *rows: object) -> Path:
    path.write_text(json.dumps(rows), "utf-8")
    return path


def keys(text: str) -> list[str]:
    return [citation.key for citation in find(text)]


def test_an_added_act_is_found_by_its_forms_and_written_back(home: Path) -> None:
    write(home / "acts.json", LASY | {"area": "administracyjne", "journal": "dzu:1991:101:444"})
    assert keys("art. 5 ustawy o lasach, art. 6 uol, art. 415 k.c.") == ["ulas:art=5", "ulas:art=6", "kc:art=415"]
    assert [format(citation) for citation in find("art. 5 ustawy o lasach")] == ["art. 5 u.o.l."]
    assert area_of("ulas") == "administracyjne"
    assert [citation.act for citation in find("Dz.U. z 1991 r. Nr 101, poz. 444")] == ["ulas"]


def test_the_environment_names_the_file_before_the_workspace(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home / "acts.json", LASY)
    named = write(tmp_path / "named.json", LASY | {"key": "las2"})
    monkeypatch.setenv("PARAGRAF_ACTS", str(named))
    assert keys("art. 5 ustawy o lasach") == ["las2:art=5"]


def test_two_workspaces_do_not_share_acts(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home / "acts.json", LASY)
    assert "ulas" in acts()
    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "other"))
    assert "ulas" not in acts()


def test_an_own_act_replaces_the_shipped_one_of_its_key_and_wins_its_abbreviation(home: Path) -> None:
    replaced = {"key": "kw", "cited_as": "kod. wykr.", "name": "Kodeks wykroczeń"}
    rival = {"key": "kodwod", "cited_as": "k.c.", "name": "kodeks celny"}
    write(home / "acts.json", replaced, rival)
    assert keys("art. 5 kod. wykr. i art. 6 k.c.") == ["kw:art=5", "kodwod:art=6"]
    assert acts()["kw"].abbreviations == ("kod. wykr.",)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"key": "x"}], "act 1, cited_as"),
        ([LASY, LASY], "act 'ulas': the key stands twice"),
        ([LASY | {"area": "leśne"}], "'leśne' is no area; choose one of cywilne"),
        ([LASY | {"key": "dzu"}], "act 'dzu': the key already means something else"),
        ([LASY | {"key": "U L"}], "act 1, key"),
        ([LASY | {"colour": "green"}], "act 1, colour"),
        ([5], "act 1"),
        ([LASY | {"abbreviations": ["..."]}], "act 1, abbreviations"),
    ],
)
def test_a_bad_act_is_told_in_one_line_with_file_and_remedy(home: Path, rows: list[object], told: str) -> None:
    path = write(home / "acts.json", *rows)
    with pytest.raises(BadSettings) as error:
        find("art. 5 k.c.")
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    assert told in message
    assert "\n" not in message


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"key": "kc"}', b'[{"key": "a", "key": "b"}]', b"[" * 5000])
def test_a_file_that_is_no_list_of_acts_is_told_in_one_line(home: Path, content: bytes) -> None:
    (home / "acts.json").write_bytes(content)
    with pytest.raises(BadSettings, match=r"acts\.json: .+ write a list of acts") as error:
        find("art. 5 k.c.")
    assert "\n" not in str(error.value)


def test_a_named_file_that_is_missing_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARAGRAF_ACTS", str(home / "none.json"))
    with pytest.raises(MissingInput, match=r"none\.json: no such file of acts; correct PARAGRAF_ACTS or unset it"):
        find("art. 5 k.c.")
