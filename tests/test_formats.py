"""How a row of each format becomes a record, and which rows are refused."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paragraf.errors import BadRow
from paragraf.formats import Format, format_of, renamed, to_record
from paragraf.lines import Place
from paragraf.reader import Row, read_rows
from paragraf.records import Record

EXAMS = Path(__file__).parents[2] / "shared" / "data" / "exams-2012-2019.jsonl"
PLACE = Place(Path("folder/rows.jsonl"), 17)
CLOSED: dict[str, Any] = {
    "id": 3,
    "question": "Zgodnie z Kodeksem karnym, karę ograniczenia wolności wymierza się: ",
    "choices": {"A": "tylko w miesiącach,", "B": "tylko w latach;", "C": "w miesiącach\n i latach."},
    "answer": "C",
    "legal_basis": "art. 38 § 2 k.k.",
    "legal_basis_content": "Karę wymierza się w miesiącach i latach.",
    "exam_type": "komorniczy",
    "year": 2012,
}


def turns(*pairs: tuple[str, str]) -> Row:
    return {"messages": [{"role": role, "content": content} for role, content in pairs]}


def refusal(row: Row, form: Format) -> str:
    with pytest.raises(BadRow) as caught:
        to_record(row, form, PLACE)
    assert str(caught.value).startswith("folder/rows.jsonl:17: ")
    return str(caught.value)


def exam(**changes: object) -> Record:
    return to_record(CLOSED | changes, "exam", PLACE)


@pytest.mark.parametrize(
    ("row", "form"),
    [
        ({"question": "Czy?", "answer": "Tak."}, "qa"),
        ({"instruction": "Czy?", "input": "", "output": "Tak."}, "qa"),
        ({"instruction": "Czy?", "response": "Tak."}, "qa"),
        ({"messages": []}, "openai"),
        (CLOSED, "exam"),
        (CLOSED | {"answer": "b"}, "exam"),
        (CLOSED | {"answer": 2}, "exam"),
        (CLOSED | {"answer": "Prawidłowa jest odpowiedź C."}, "qa"),
        (CLOSED | {"choices": None}, "qa"),
        ({"question": "Czy?"}, None),
        ({"question": "Czy?", "answer": None}, None),
        ({}, None),
    ],
)
def test_the_fields_of_a_row_show_its_format(row: Row, form: Format | None) -> None:
    assert format_of(row) == form


def test_a_question_with_its_answer_takes_along_what_else_is_known() -> None:
    row: Row = {
        "id": 7,
        "question": "Ile wynosi termin?",
        "answer": "Sześć lat.",
        "area": "cywilne",
        "item_type": "deadline",
        "year": 2018.0,
        "legal_basis": ["art. 118 k.c.", "", None],
        "facts": "sześć lat",
        "basis_text": "Termin wynosi sześć lat.",
        "choices": {"A": "ignored"},
        "unknown": [1, 2],
    }
    assert to_record(row, "qa", PLACE) == Record(
        id="7",
        question="Ile wynosi termin?",
        answer="Sześć lat.",
        area="cywilne",
        item_type="deadline",
        legal_state="2018",
        legal_basis=("art. 118 k.c.",),
        basis_text="Termin wynosi sześć lat.",
        facts=("sześć lat",),
        source="rows.jsonl:17",
    )


def test_a_bare_question_and_answer_stay_as_they_are() -> None:
    row: Row = {"question": " Ile\u200b? ", "answer": "", "id": None, "legal_basis": "", "year": ""}
    assert to_record(row, "qa", PLACE) == Record(id="", question=" Ile\u200b? ", answer="", source="rows.jsonl:17")


@pytest.mark.parametrize(
    ("row", "question", "answer"),
    [
        ({"instruction": "Oceń.", "input": "Umowa ustna.", "output": "Ważna."}, "Oceń.\n\nUmowa ustna.", "Ważna."),
        ({"instruction": "Oceń.", "input": None, "output": "Ważna."}, "Oceń.", "Ważna."),
        ({"instruction": "Oceń.", "response": "Ważna."}, "Oceń.", "Ważna."),
        ({"question": "Czy?", "input": "not of this format", "answer": "Tak."}, "Czy?", "Tak."),
    ],
)
def test_an_instruction_and_its_input_make_the_question(row: Row, question: str, answer: str) -> None:
    record = to_record(row, "qa", PLACE)
    assert (record.question, record.answer) == (question, answer)


def test_a_date_of_the_legal_state_is_kept_in_iso_form() -> None:
    row: Row = {"question": "Czy?", "answer": "Tak.", "legal_state": datetime.date(2024, 1, 31), "year": 1999}
    assert to_record(row, "qa", PLACE).legal_state == "2024-01-31"


def test_fields_of_the_source_are_read_under_our_names() -> None:
    row: Row = {"pytanie": "Czy?", "odpowiedź": "Tak.", "nr": 5, "answer": "of something else"}
    ours = renamed(row, {"question": "pytanie", "answer": "odpowiedź", "id": "nr", "area": "absent"})
    record = to_record(ours, "qa", PLACE)
    assert (record.question, record.answer, record.id, record.area) == ("Czy?", "Tak.", "5", "")


@pytest.mark.parametrize(
    ("row", "fragments"),
    [
        (
            {"pytanie": "Czy?", "answer": "Tak."},
            [
                "no field 'question' or 'instruction'",
                "found the fields 'pytanie', 'answer'",
                "--load.fields question=NAME",
            ],
        ),
        ({"question": "Czy?", "answer": None}, ["no field 'answer'", "'answer' (null)", "--load.fields answer=NAME"]),
        ({}, ["no field 'question'", "found the fields none"]),
        ({"question": 5, "answer": "Tak."}, ["question is a number ('5')", "write text", "--load.fields question="]),
        ({"question": "Czy?", "answer": ["Tak."]}, ["answer is a list", "--load.fields answer=NAME"]),
        ({"question": "Czy?", "answer": "Tak.", "id": True}, ["id is a truth value", "write text or a whole number"]),
        ({"question": "Czy?", "answer": "Tak.", "year": float("nan")}, ["year is a number ('nan')"]),
        ({"question": "Czy?", "answer": "Tak.", "legal_basis": [1]}, ["legal_basis is a list", "a list of texts"]),
        (
            {"question": "Czy?", "answer": "Tak.", "item_type": "quiz"},
            ["item_type is 'quiz'", "general, individual_case"],
        ),
    ],
)
def test_a_row_of_another_shape_is_refused_with_what_it_lacks(row: Row, fragments: list[str]) -> None:
    message = refusal(row, "qa")
    assert [fragment for fragment in fragments if fragment not in message] == []


def test_a_conversation_of_one_turn_gives_its_question_and_answer() -> None:
    row = turns(("system", "Jesteś botem."), ("user", "Czy?"), ("assistant", "Tak.")) | {"id": "c1", "year": 2020}
    record = to_record(row, "openai", PLACE)
    assert record == Record(id="c1", question="Czy?", answer="Tak.", legal_state="2020", source="rows.jsonl:17")


def test_earlier_turns_stand_before_the_question_with_their_speakers() -> None:
    row = turns(
        ("user", "Co to zachowek?"), ("assistant", "Roszczenie."), ("user", "Ile wynosi?"), ("assistant", "Pół.")
    )
    record = to_record(row, "openai", PLACE)
    assert record.question == "Użytkownik: Co to zachowek?\nAsystent: Roszczenie.\nUżytkownik: Ile wynosi?"
    assert record.answer == "Pół."


@pytest.mark.parametrize(
    ("row", "fragments"),
    [
        (turns(), ["the roles in messages end with nothing"]),
        (turns(("user", "Czy?")), ["end with user;", "turns of user and assistant"]),
        (turns(("assistant", "Tak."), ("user", "Czy?")), ["end with assistant, user;"]),
        (turns(("user", "Czy?"), ("system", "x"), ("assistant", "Tak.")), ["end with user, system, assistant;"]),
        (turns(("tool", "x"), ("user", "Czy?"), ("assistant", "Tak.")), ["end with tool, user, assistant;"]),
        (turns(("user", " \n"), ("assistant", "Tak.")), ["content of a message is text", "not empty"]),
        ({"messages": [{"role": "user"}]}, ["content of a message is null"]),
        ({"messages": [{"content": "Czy?"}]}, ["role of a message is null"]),
        ({"messages": ["Czy?"]}, ["a message is text ('Czy?')", "role and content"]),
        ({"messages": "Czy?"}, ["messages is text ('Czy?')", "write a list"]),
        ({"question": "Czy?"}, ["no field 'messages'", "--load.fields messages=NAME"]),
    ],
)
def test_a_conversation_that_is_no_question_with_an_answer_is_refused(row: Row, fragments: list[str]) -> None:
    message = refusal(row, "openai")
    assert [fragment for fragment in fragments if fragment not in message] == []


def test_an_exam_item_becomes_a_question_with_lettered_choices_and_an_answer_in_prose() -> None:
    record = exam(area="karne")
    assert record == Record(
        id="komorniczy-2012-3",
        question="Zgodnie z Kodeksem karnym, karę ograniczenia wolności wymierza się:\n"
        "A) tylko w miesiącach\nB) tylko w latach\nC) w miesiącach i latach",
        answer="Prawidłowa jest odpowiedź C: w miesiącach i latach. Podstawa prawna: art. 38 § 2 k.k.",
        area="karne",
        item_type="exam",
        legal_state="2012",
        legal_basis=("art. 38 § 2 k.k.",),
        basis_text="Karę wymierza się w miesiącach i latach.",
        choices=(("A", "tylko w miesiącach"), ("B", "tylko w latach"), ("C", "w miesiącach i latach")),
        correct="C",
        source="rows.jsonl:17",
    )


def test_the_area_of_an_exam_item_is_that_of_its_act() -> None:
    assert len({exam(legal_basis=f"art. 5 {act}").area for act in ("k.k.", "k.c.", "k.p.a.")} - {"", "inne"}) == 3
    assert exam(legal_basis="").area == "inne"


@pytest.mark.parametrize(
    ("basis", "ending"),
    [
        ("art. 5 k.s.h", " Podstawa prawna: art. 5 k.s.h."),
        ("art. 5 ustawy o notariacie", " Podstawa prawna: art. 5 ustawy o notariacie."),
        ("art. 5 ustawy o notariacie.", " Podstawa prawna: art. 5 ustawy o notariacie."),
        (["art. 5 k.c.", "art. 6 k.c."], " Podstawa prawna: art. 5 k.c., art. 6 k.c."),
        (None, " i latach."),
        ([], " i latach."),
    ],
)
def test_the_answer_of_an_exam_item_ends_in_one_full_stop(basis: object, ending: str) -> None:
    answer = exam(legal_basis=basis, area="x").answer
    assert answer.endswith(ending)
    assert ".." not in answer


@pytest.mark.parametrize(
    ("choice", "shown", "prose"),
    [
        ("tak.,", "tak", "tak."),
        ("z art. 5 k.c.", "z art. 5 k.c.", "z art. 5 k.c."),
        ("w 2015 r.;", "w 2015 r.", "w 2015 r."),
        ("w trybie k.r. i o.", "w trybie k.r. i o.", "w trybie k.r. i o."),
        ("tak; z wyjątkami.", "tak; z wyjątkami", "tak; z wyjątkami."),
        ("czy na pewno?", "czy na pewno?", "czy na pewno?"),
    ],
)
def test_a_choice_loses_the_list_punctuation_and_keeps_the_dot_of_an_abbreviation(
    choice: str, shown: str, prose: str
) -> None:
    record = exam(choices={"A": choice, "B": "inaczej"}, answer="A", area="x")
    assert record.choices[0] == ("A", shown)
    assert record.answer == f"Prawidłowa jest odpowiedź A: {prose} Podstawa prawna: art. 38 § 2 k.k."


@pytest.mark.parametrize(
    ("choices", "answer", "correct", "lines"),
    [
        ({"A": "tak", "B": "nie"}, "b", "B", "A) tak\nB) nie"),
        ({"a": "tak", "b": "nie"}, "A.", "A", "A) tak\nB) nie"),
        ({"a)": "tak", "b)": "nie"}, "(b)", "B", "A) tak\nB) nie"),
        ({"A": "A) tak,", "B": "b. nie."}, "B", "B", "A) tak\nB) nie"),
        (
            {"A": "tak", "B": "nie", "C": "czasem", "D": "rzadko", "E": None},
            "D",
            "D",
            "A) tak\nB) nie\nC) czasem\nD) rzadko",
        ),
        ({"1": "tak", "2": "nie"}, 2, "2", "1) tak\n2) nie"),
        (["tak", "nie", "czasem", "rzadko", "wcale"], 4, "E", "A) tak\nB) nie\nC) czasem\nD) rzadko\nE) wcale"),
        (["tak", "nie"], "0", "A", "A) tak\nB) nie"),
        (["tak", "nie"], "b", "B", "A) tak\nB) nie"),
    ],
)
def test_exams_of_other_makers_write_choices_and_answers_otherwise(
    choices: object, answer: object, correct: str, lines: str
) -> None:
    record = exam(choices=choices, answer=answer, area="x")
    assert record.correct == correct
    assert record.question.partition("\n")[2] == lines
    assert record.answer.startswith(f"Prawidłowa jest odpowiedź {correct}: ")


def test_an_exam_item_without_content_type_or_year_still_works() -> None:
    record = to_record({"question": "Czy?", "choices": {"A": "tak", "B": "nie"}, "answer": "A"}, "exam", PLACE)
    assert (record.id, record.legal_state, record.basis_text, record.area) == ("", "", "", "inne")
    assert exam(exam_type=None).id == "2012-3"
    assert exam(id="").id == ""


@pytest.mark.parametrize(
    ("changes", "fragments"),
    [
        ({"answer": "D"}, ["answer is text ('D')", "none of the choices", "give one of A, B, C"]),
        ({"answer": 1}, ["answer is a number ('1')", "give one of A, B, C"]),
        ({"answer": 3, "choices": ["tak", "nie"]}, ["answer is a number ('3')", "give one of A, B"]),
        ({"answer": None}, ["no field 'answer'"]),
        ({"choices": {"A": "tak"}}, ["choices is an object", "two or more texts"]),
        ({"choices": {"A": "tak", "a": "nie"}}, ["choices is an object", "each under its own letter"]),
        ({"choices": {"A": "tak", "B": 5}}, ["choices is an object", "two or more texts"]),
        ({"choices": "A) tak B) nie"}, ["choices is text", "write an object such as {'A': 'tak', 'B': 'nie'}"]),
    ],
)
def test_an_exam_item_without_one_right_choice_is_refused(changes: Row, fragments: list[str]) -> None:
    message = refusal(CLOSED | changes, "exam")
    assert [fragment for fragment in fragments if fragment not in message] == []


@pytest.fixture(scope="module")
def real_items() -> Iterator[list[tuple[Row, Record]]]:
    if not EXAMS.is_file():
        pytest.skip("needs the exam file beside the project")
    yield [(row, to_record(row, "exam", Place(EXAMS, number))) for number, row in read_rows(EXAMS)]


def test_every_item_of_the_real_exams_is_read(real_items: list[tuple[Row, Record]]) -> None:
    assert len(real_items) == 1451
    assert len({record.id for _, record in real_items}) == 1451
    assert all(format_of(row) == "exam" for row, _ in real_items)
    assert all(record.correct == row["answer"] and len(record.choices) == 3 for row, record in real_items)


def test_every_answer_of_the_real_exams_is_tidy_and_every_area_known(real_items: list[tuple[Row, Record]]) -> None:
    for _, record in real_items:
        assert record.answer.endswith(".")
        assert ".." not in record.answer
        assert ",." not in record.answer
        assert record.question.count("\n") == 3
        assert record.area not in ("", "inne"), record.legal_basis


def test_a_record_of_a_real_item_survives_being_written_and_read(real_items: list[tuple[Row, Record]]) -> None:
    for _, record in real_items[:50]:
        again = to_record(json.loads(record.to_json()), "qa", Place(Path("rows.jsonl"), 1))
        assert (again.id, again.question, again.answer) == (record.id, record.question, record.answer)
        assert (again.legal_basis, again.basis_text, again.item_type) == (record.legal_basis, record.basis_text, "exam")
