"""The compare command: two files in, links out, a standing that names nobody, an end with a page."""

import json
import re
from pathlib import Path

import pytest

from flows.comparison import comparison, flags_of_sides, prepare
from flows.flags import parse_settings
from paragraf.compare.links import read_links
from paragraf.compare.sealing import BlindTest, find_test
from paragraf.compare.settings import CompareSettings
from paragraf.errors import BadRow, BadSettings, MissingInput
from paragraf.events import read_events
from tests.blind import say, vote


def answers_file(folder: Path, name: str, answers: list[str]) -> str:
    path = folder / name
    rows = [{"id": f"q{row}", "question": f"Pytanie {row}?", "answer": answer} for row, answer in enumerate(answers)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


@pytest.fixture
def sides(tmp_path: Path) -> list[str]:
    return [
        answers_file(tmp_path, "tajny-alfa.jsonl", [f"Alfa {row}" for row in range(9)]),
        answers_file(tmp_path, "tajny-beta.jsonl", [f"Beta {row}" for row in range(9)]),
    ]


def prepared(*arguments: str) -> list[str]:
    lines: list[str] = []
    settings = parse_settings("compare", flags_of_sides(list(arguments)), CompareSettings)
    assert isinstance(settings, CompareSettings)
    prepare(settings, lambda: pytest.fail("no model has to answer"), lines.append)
    return lines


def told(*arguments: str) -> list[str]:
    lines: list[str] = []
    assert comparison(list(arguments), lines.append) == 0
    return lines


def test_two_files_become_a_sealed_test_with_a_link_for_each_rater(sides: list[str]) -> None:
    lines = prepared(*sides, "--compare.raters", "anna,jan", "--compare.address", "https://test.example")
    test = find_test("newest")
    assert lines[0] == f"Blind test {test.name}: 9 questions, 2 raters. Its seal (SHA-256) is {test.digest}."
    links = dict(line.split() for line in lines[1:3])
    assert {read_links(test).rater(link.rpartition("/")[2]) for link in links.values()} == {"anna", "jan"}
    assert all(link.startswith("https://test.example/r/") for link in links.values())
    assert lines[3].endswith("Next: paragraf compare serve")


def test_sides_can_be_settings_too_and_one_alone_is_refused(sides: list[str]) -> None:
    assert prepared("--compare.first", sides[0], "--compare.second", sides[1])
    assert flags_of_sides(["--config", "x.yaml"]) == ["--config", "x.yaml"]
    with pytest.raises(BadSettings, match="against what is 'newest' compared"):
        flags_of_sides(["newest", "--debug"])


def test_files_of_other_questions_make_no_test(sides: list[str], tmp_path: Path) -> None:
    with pytest.raises(BadRow, match=r"krotki\.jsonl: no answer to question 'q8', which tajny-alfa\.jsonl answers"):
        prepared(sides[0], answers_file(tmp_path, "krotki.jsonl", ["x"] * 8))
    assert not read_events("compare_sealed")


def test_the_standing_names_raters_and_no_side(sides: list[str]) -> None:
    prepared(*sides, "--compare.raters", "anna,jan")
    test = find_test("newest")
    vote(test, "anna", ["first"] * 9)
    lines = told("status")
    assert lines[1:] == [
        "anna  9 of 9",
        "jan  0 of 9",
        "9 votes are missing and no difference is established yet; go on.",
    ]
    assert "tajny" not in " ".join(lines)
    assert told("status", test.name) == lines


def test_a_new_link_opens_in_place_of_the_old_one(sides: list[str]) -> None:
    prepared(*sides)
    [link] = told("link", "rater")
    assert read_links(find_test("newest")).rater(link.rpartition("/")[2]) == "rater"


@pytest.mark.parametrize("part", ["serve", "status", "unseal", "link rater --test"])
def test_a_test_that_is_not_there_is_told(part: str) -> None:
    with pytest.raises(MissingInput, match="no blind test 'nic'"):
        comparison([*part.split(), "nic"], lambda line: None)


@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["link"], ["unseal", "--bogus"]])
def test_a_wrong_flag_of_a_part_is_a_bad_setting(arguments: list[str]) -> None:
    with pytest.raises(BadSettings, match="paragraf compare"):
        comparison(arguments, lambda line: None)


@pytest.mark.slow
def test_the_end_publishes_the_result_again_where_an_earlier_end_was_cut_short(
    sides: list[str], workspace: Path
) -> None:
    prepared(*sides)
    test: BlindTest = find_test("newest")
    with pytest.raises(BadSettings, match="end the test for good with --early"):
        told("unseal")
    vote(test, "rater", ["second"] * 8)
    summary, page = told("unseal")
    assert re.search(r"at alpha 0.05: tajny-beta\.jsonl is better", summary)
    assert "Lepsze odpowiedzi daje tajny-beta.jsonl" in Path(page).read_text("utf-8")
    assert told("unseal") == [summary, page]
    assert say(test, "rater", 9, "tie").outcome == "closed"
    assert {event["path"] for event in read_events("comparison_published")} == {f"reports/{Path(page).parent.name}"}
