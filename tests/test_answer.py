from pathlib import Path

import pytest

from paragraf.answer import ANSWERS, Answer, Answers, asked, publish_answers, to_line
from paragraf.baselines.asking import Asking
from paragraf.errors import Damaged
from paragraf.records import Record

ROWS = [Record(id=f"r{number}", question="Co?", answer="To.") for number in range(50)]
SAID = [
    Answer("a", loss=1.25, tokens=3, text="Żółw\u2028\n\r.", finished=True),
    Answer("b", loss=0.1 + 0.2, tokens=1),
]


def test_the_rows_that_are_asked_are_those_of_the_corpus_without_repeats() -> None:
    chosen = asked(ROWS, 10)
    assert len({record.id for record in chosen}) == 10
    assert all(record in ROWS for record in chosen)


def test_more_rows_keep_the_earlier_ones() -> None:
    assert asked(ROWS, 20)[:10] == asked(ROWS, 10)


def test_the_order_of_the_corpus_does_not_matter() -> None:
    assert asked(ROWS[::-1], 10) == asked(ROWS, 10)


def test_a_small_corpus_is_asked_whole() -> None:
    assert sorted(record.id for record in asked(ROWS[:3], 10)) == ["r0", "r1", "r2"]
    assert asked([], 10) == []


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    return publish_answers("base", Asking(), "".join(map(to_line, SAID)).encode())


def test_answers_come_back_as_they_were_written(answers: Answers) -> None:
    assert answers.read() == SAID


def test_an_answer_is_one_line() -> None:
    assert to_line(SAID[0]).encode().count(b"\n") == 1
    assert to_line(SAID[1]) == (
        '{"id": "b", "loss": 0.30000000000000004, "tokens": 1, "text": null, "finished": false, '
        '"read": 0, "written": 0, "seconds": 0.0, "letters": {}}\n'
    )


def test_damaged_answers_are_not_read(answers: Answers, tmp_path: Path) -> None:
    with (tmp_path / answers.path / ANSWERS).open("a") as file:
        file.write(to_line(SAID[0]))
    with pytest.raises(Damaged, match=r"answers\.jsonl"):
        answers.read()
