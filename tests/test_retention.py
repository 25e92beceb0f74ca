import re
from collections import Counter

from paragraf.language import is_polish
from paragraf.law import find
from paragraf.load import SAMPLE
from paragraf.records import Record
from paragraf.retention import retention_rows
from paragraf.text import normal_form

LAW = re.compile(r"\b(?:praw[aoen]|ustaw|kodeks|przepis|artyku|laws?\b|legal|court|sąd|umow|contract)", re.IGNORECASE)


def test_there_are_as_many_rows_of_each_kind_and_language() -> None:
    assert Counter(row.id.rpartition("-")[0] for row in retention_rows()) == {
        f"{kind}-{language}": 4
        for kind in ("knowledge", "arithmetic", "rewriting", "everyday")
        for language in ("pl", "en")
    }


def test_every_row_is_whole_and_stands_once() -> None:
    rows = retention_rows()
    assert len({row.id for row in rows}) == len({normal_form(row.question) for row in rows}) == len(rows) == 32
    assert all(row.question.strip() and row.answer.strip() for row in rows)


def test_no_row_is_about_law_or_cites_any() -> None:
    texts = [f"{row.question} {row.answer}" for row in retention_rows()]
    assert [text for text in texts if find(text)] == []
    assert [text for text in texts if LAW.search(text)] == []


def test_no_row_stands_in_the_sample() -> None:
    sample = [Record.from_json(line) for line in SAMPLE.read_bytes().splitlines()]
    known = {normal_form(text) for row in sample for text in (row.question, row.answer)}
    assert [row.id for row in retention_rows() if {normal_form(row.question), normal_form(row.answer)} & known] == []


def test_rows_are_in_the_language_that_they_name() -> None:
    for row in retention_rows():
        assert is_polish(f"{row.question} {row.answer}") == ("-pl-" in row.id), row.id
