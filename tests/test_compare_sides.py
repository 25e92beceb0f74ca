"""Two sides of a comparison: files of ready answers, model's answers, and what cannot be compared."""

import json
from pathlib import Path

import pytest

from paragraf.answer import Answer
from paragraf.compare.sides import Pair, Reply, Side, pair, read_side, side_of, wanted_rows
from paragraf.errors import BadRow, BadSettings, MissingInput, TooFewRows
from paragraf.records import Record
from paragraf.snapshots import Snapshot


def answers_file(folder: Path, *rows: object) -> Path:
    path = folder / "odpowiedzi.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def side(name: str, **answers: str) -> Side:
    return Side(name, {row: Reply(f"Pytanie {row}?", answer) for row, answer in answers.items()})


def test_ready_answers_are_read_by_id_without_blanks_around_them(tmp_path: Path) -> None:
    path = answers_file(
        tmp_path,
        {"id": "q1", "question": " Ile? ", "answer": "Trzy\nlata. \n"},
        {"id": 2, "question": "Kto?", "answer": "", "area": "cywilne"},
    )
    assert read_side(path) == Side("odpowiedzi.jsonl", {"q1": Reply("Ile?", "Trzy\nlata."), "2": Reply("Kto?", "")})


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"question": "Ile?", "answer": "Trzy."}, "odpowiedzi.jsonl:2: expected text in 'id', found null"),
        ({"id": "q2", "question": " ", "answer": "Trzy."}, "expected text in 'question', found text (' ')"),
        ({"id": "q2", "question": "Ile?", "answer": 3}, "expected text in 'answer', found a number ('3')"),
        ({"id": "q1", "question": "Ile?", "answer": "Trzy."}, "odpowiedzi.jsonl:2: the id 'q1' stands here again"),
        ([1], "expected a JSON object"),
    ],
)
def test_a_row_that_is_no_answer_is_named(tmp_path: Path, row: object, said: str) -> None:
    path = answers_file(tmp_path, {"id": "q1", "question": "Ile?", "answer": "Trzy."}, row)
    with pytest.raises(BadRow) as caught:
        read_side(path)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_or_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"nic\.jsonl: no such file"):
        read_side(tmp_path / "nic.jsonl")
    with pytest.raises(TooFewRows, match="no rows"):
        read_side(answers_file(tmp_path))


def test_answers_are_paired_by_id_and_equal_ones_are_counted_and_set_aside() -> None:
    compared = pair(side("a", q1="Tak.", q2="Nie.", q3="To samo."), side("b", q3="To samo.", q2="Tak.", q1="Nie."))
    assert compared.differing == [Pair("q1", "Pytanie q1?", "Tak.", "Nie."), Pair("q2", "Pytanie q2?", "Nie.", "Tak.")]
    assert (compared.first, compared.second, compared.equal) == ("a", "b", 1)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (side("a", q1="x"), side("b", q1="y", q2="y", q3="y"), "a: no answer to question 'q2' and 1 more, which b"),
        (side("a", q1="x", q2="x"), side("b", q1="y"), "b: no answer to question 'q2', which a answers"),
        (side("a", q1="x"), Side("b", {"q1": Reply("Inne?", "y")}), "b: question 'q1' asks something else than in a"),
    ],
)
def test_sides_that_answer_different_questions_are_refused(first: Side, second: Side, said: str) -> None:
    with pytest.raises(BadRow) as caught:
        pair(first, second)
    assert said in str(caught.value)


def test_a_side_is_not_compared_with_itself() -> None:
    with pytest.raises(BadSettings, match="both sides are called 'a'"):
        pair(side("a", q1="x"), side("a", q1="y"))
    with pytest.raises(BadSettings, match="a and b give the same 1 answers"):
        pair(side("a", q1="x"), side("b", q1="x"))


def test_a_models_side_holds_the_rows_that_it_answered_in_full() -> None:
    records = [Record(id="q1", question="Ile?", answer="Trzy."), Record(id="q2", question="Kto?", answer="Sąd.")]
    answers = [Answer("q1", loss=1.0, tokens=3, text=" Dwa. ", finished=True), Answer("q2", loss=1.0, tokens=2)]
    assert side_of("model", records, answers) == Side("model", {"q1": Reply("Ile?", "Dwa.")})


def test_with_a_file_on_one_side_the_model_is_asked_what_the_file_answers() -> None:
    test = Snapshot.write("test", [Record(id=name, question=f"Pytanie {name}?", answer="To.") for name in ("q1", "q2")])
    assert wanted_rows(test, []) == test
    assert [record.id for record in wanted_rows(test, [side("b", q2="x", q9="x")]).read()] == ["q2"]
    with pytest.raises(BadRow, match="b: answers none of the 2 test questions"):
        wanted_rows(test, [side("b", q9="x")])
