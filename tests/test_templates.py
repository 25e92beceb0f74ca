"""What an instruction is by its grammar, which frames fit it, and that its words survive them."""

import json
import re
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.load import SAMPLE
from paragraf.task_type import TaskType, task_type
from paragraf.templates import Form, apply, fitting, form_of

QUESTIONS = [json.loads(line)["question"] for line in SAMPLE.read_text("utf-8").splitlines()]
OPENINGS = re.compile(
    r"(?:Odpowiedz na pytanie|Potrzebuję odpowiedzi na pytanie|Polecenie|Wykonaj polecenie|Wykonaj zadanie|Zadanie|"
    r"Temat|Wyjaśnij zagadnienie|Omów zagadnienie|Przygotuj tekst): |"
    r"(?:Mam pytanie|Mam prośbę|Mam wątpliwość|Potrzebuję porady|Potrzebuję pomocy|Potrzebuję tłumaczenia|Proszę o "
    r"wyjaśnienie|Potrzebuję streszczenia)\. |"
    r"(?:Wyjaśnij|Wytłumacz mi|Powiedz mi|Chcę wiedzieć|Proszę o informację|Proszę), "
)
ACRONYM = re.compile(r"\b[A-ZĄĆĘŁŃÓŚŹŻ]{2,}\b")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Co to jest RODO?", "question"),
        ("ile wynosi zachowek", "question"),
        ("kupilem auto, czy moge je oddac", "question"),
        ("Jestem najemcą. Co mi wolno?", "question"),
        ("Czym różni się separacja od rozwodu? Bo mam dość.", "question"),
        ("Napisz pozew o zapłatę.", "command"),
        ("stresc ten wyrok", "command"),
        ("Powiedz mi, ile to kosztuje?", "command"),
        ("Proszę o streszczenie wyroku.", "command"),
        ("Uporządkuj przepisy.", "command"),
        ("Mam umowę na rok.", "statement"),
        ("Zastanawiam się, czy mogę odmówić.", "statement"),
        ("nie wiem czy moge odmowic", "statement"),
        ("Prawa konsumenta", "statement"),
        ("Tłumacz przysięgły się pomylił.", "statement"),
        ("Kolega zapytał: „Co robić?” i wyszedł.", "question"),
        ("", "statement"),
    ],
)
def test_the_form_of_an_instruction_is_told_by_its_marks_and_words(text: str, form: Form) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(
    ("text", "task", "framed"),
    [
        ("Co to jest RODO?", "qa", "Wyjaśnij, co to jest RODO."),
        ("Co to jest RODO?", "qa", "Odpowiedz na pytanie: Co to jest RODO?"),
        ("Czy ZUS może żądać zwrotu?", "qa", "Proszę o informację, czy ZUS może żądać zwrotu."),
        ("W jakim terminie KRS odpowiada?", "qa", "Powiedz mi, w jakim terminie KRS odpowiada."),
        ("Co mówi art. 415 k.c.?", "qa", "Wyjaśnij, co mówi art. 415 k.c."),
        ("ile wynosi zachowek", "qa", "Mam pytanie. Ile wynosi zachowek?"),
        ("Jestem najemcą. Co mi wolno?", "qa", "Mam pytanie. Jestem najemcą. Co mi wolno?"),
        ("Napisz pozew o zapłatę.", "generation", "Proszę, napisz pozew o zapłatę."),
        ("napisz pozew", "generation", "Mam prośbę. Napisz pozew."),
        ("Przetłumacz „umowa”", "translation", "Wykonaj zadanie: Przetłumacz „umowa”."),
        ("Sklasyfikuj to pismo", "classification", "Wykonaj zadanie: Sklasyfikuj to pismo."),
        ("Prawa konsumenta", "qa", "Omów zagadnienie: Prawa konsumenta."),
        ("Mam kłopot z umową.", "qa", "Potrzebuję porady. Mam kłopot z umową."),
        ("Czy mogę to oddać???", "qa", "Chcę wiedzieć, czy mogę to oddać."),
        (
            "Streść tekst:\n\nSąd zważył, co następuje",
            "summarization",
            "Proszę, streść tekst:\n\nSąd zważył, co następuje",
        ),
    ],
)
def test_a_frame_takes_an_instruction_as_grammar_asks(text: str, task: TaskType, framed: str) -> None:
    assert framed in fitting(text, task)


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("CZY MOGĘ ODMÓWIĆ?", "Wyjaśnij, "),
        ("Ile czasu na sprzeciw?", "Wyjaśnij, "),
        ("Jestem najemcą. Co mi wolno?", "Odpowiedz na pytanie: "),
        ("Gwarancja czy rękojmia?", "Wyjaśnij, "),
        ("Co do zasady można tak zrobić?", "Wyjaśnij, "),
        ("Jak wyjadę za granicę, to stracę zasiłek?", "Wyjaśnij, "),
        ("Kiedy podpisałem umowę, byłem chory, czy jest ważna?", "Wyjaśnij, "),
        ("Czy mogę to oddać, prawda?", "Wyjaśnij, "),
        ("Czy możesz mi pomóc?", "Wyjaśnij, "),
        ("Mam pytanie o spadek. Kto dziedziczy?", "Mam pytanie. "),
        ("Proszę o streszczenie wyroku.", "Proszę, "),
        ("iPhone się zepsuł, co robić?", "Mam pytanie. "),
    ],
)
def test_a_frame_that_would_be_wrong_is_left_out(text: str, unfit: str) -> None:
    assert [framed for framed in fitting(text, "qa") if framed.startswith(unfit)] == []


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("", "qa"),
        ("???", "qa"),
        ("Napisz pozew,", "generation"),
        ("Sąd oddalił powództwo.", "other"),
        ("RODO", "other"),
        ("przy zakupie doplacilam, da sie to odzyskac", "qa"),
        ("Czy mogę?", "other"),
    ],
)
def test_nothing_is_made_of_what_no_frame_fits(text: str, task: TaskType) -> None:
    assert apply(text, task, Random(1)) is None


def test_the_same_seed_gives_the_same_frame_and_others_other_ones() -> None:
    made = {apply("Ile wynosi zachowek?", "qa", Random(seed)) for seed in range(50)}
    assert apply("Ile wynosi zachowek?", "qa", Random(3)) == apply("Ile wynosi zachowek?", "qa", Random(3))
    assert made == set(fitting("Ile wynosi zachowek?", "qa"))


def test_nearly_every_question_of_the_sample_fits_a_frame() -> None:
    unframed = [text for text in QUESTIONS if not fitting(text, task_type(text))]
    assert len(unframed) / len(QUESTIONS) <= 0.03


@pytest.mark.parametrize("task", get_args(TaskType))
def test_frames_leave_every_word_of_the_sample_and_its_acronyms_as_they_are(task: TaskType) -> None:
    for question in QUESTIONS:
        for framed in fitting(question, task):
            rest = OPENINGS.sub("", framed, count=1)
            assert rest != framed
            assert rest[0].lower() == question[0].lower()
            assert rest[1:].rstrip(".?!") == question[1:].rstrip(".?!")
            assert ACRONYM.findall(rest) == ACRONYM.findall(question)


def test_framed_questions_of_the_sample_end_in_one_right_mark() -> None:
    for question in QUESTIONS:
        for framed in fitting(question, "qa"):
            assert re.search(r"[^?!,;:.…]\.$|[^?!,;:]\?$", framed), framed
            is_told = framed.startswith(
                ("Wyjaśnij, ", "Wytłumacz mi, ", "Powiedz mi, ", "Chcę wiedzieć, ", "Proszę o inf")
            )
            assert not (is_told and "?" in framed)
            assert not re.search(r"\?[.,:;]|[,:;]\?|\?\?|[,:;]\.", framed), framed
            assert not framed.startswith("Proszę " + question[:3].lower())


@given(st.text(), st.sampled_from(get_args(TaskType)), st.integers())
def test_any_text_is_framed_whole_or_not_at_all(text: str, task: TaskType, seed: int) -> None:
    framed = apply(text, task, Random(seed))
    core = text.strip()[1:].rstrip("?!")
    assert framed is None or core.rstrip(".") in framed
