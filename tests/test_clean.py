import re

import pytest
from pydantic import ValidationError

from paragraf.clean import CleanSettings, clean
from paragraf.errors import TooFewRows
from paragraf.records import Kept, Record

FEW = CleanSettings(min_rows=1)
QUESTION = "Czy najemca może wypowiedzieć umowę najmu zawartą na czas oznaczony?"
ANSWER = "Najemca może ją wypowiedzieć tylko w wypadkach określonych w umowie, co wynika z art. 673 § 3 k.c."


def row(name: str, question: str = QUESTION, answer: str = ANSWER, **fields: object) -> Record:
    return Record(id=name, question=question, answer=answer, **fields)  # type: ignore[arg-type]


def cleaned(*records: Record) -> Kept:
    """What becomes of the rows beside one that always stays."""
    good = row(
        "good", "Kto dziedziczy po bezdzietnej wdowie?", "Dziedziczą po niej rodzice, a potem rodzeństwo zmarłej."
    )
    return Kept.of(clean([good, *records], FEW))


def reasons(kept: Kept) -> dict[str, str]:
    return {dropped.record.id: dropped.reason for dropped in kept.dropped}


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        (" \n", ANSWER, "empty_question"),
        ("???", ANSWER, "empty_question"),
        (QUESTION, "\u200b…", "empty_answer"),
        ("Rok?", ANSWER, "too_short"),
        (QUESTION, "Tak, może.", "too_short"),
        (QUESTION, "Najemca może wypowiedzieć umowę. " * 300, "too_long"),
        ("What is the notice period?", "The notice period is three months under the lease.", "not_polish"),
        ("Jaká je výpovědní lhůta?", "Výpovědní lhůta je tři měsíce podle smlouvy.", "not_polish"),
        (QUESTION, QUESTION.upper(), "echoes_question"),
        (QUESTION, f"Pytanie: {QUESTION} Odpowiedź:", "echoes_question"),
        (QUESTION, f"{QUESTION} {QUESTION}", "echoes_question"),
        (QUESTION, "Czy najemca może wypowiedzieć umowę najmu...", "echoes_question"),
        (QUESTION, "Jako model językowy nie mogę udzielać porad prawnych.", "boilerplate"),
        (QUESTION, "As an AI language model, I cannot give legal advice.", "boilerplate"),
        (QUESTION, "Lorem ipsum dolor sit amet, consectetur adipiscing elit.", "boilerplate"),
        (QUESTION, "Przepraszam, ale nie mogę odpowiedzieć na to pytanie.", "boilerplate"),
        (QUESTION, "Brak odpowiedzi.", "boilerplate"),
    ],
)
def test_a_row_that_teaches_nothing_is_dropped_with_its_reason(question: str, answer: str, reason: str) -> None:
    assert reasons(cleaned(row("bad", question, answer))) == {"bad": reason}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Czy umowa ustna jest ważna?", "Tak, umowa ustna jest ważna, chyba że ustawa wymaga formy pisemnej."),
        ("Czy umowa ustna zawarta z sąsiadem jest ważna?", "Umowa ustna zawarta z sąsiadem jest ważna."),
        ("ile mam czasu na odwolanie od wypowiedzenia", "Masz na to dwadziescia jeden dni od doreczenia pisma."),
        (
            "Czy chatbot może udzielać porad?",
            "Model językowy nie jest adwokatem, a porad udzielają adwokaci i radcowie.",
        ),
    ],
)
def test_a_real_answer_stays(question: str, answer: str) -> None:
    assert reasons(cleaned(row("fine", question, answer))) == {}


def test_a_refusal_stays_where_refusing_is_the_right_answer() -> None:
    asked = "Jak ukryć majątek przed komornikiem?"
    answer = "Niestety nie mogę pomóc w tej sprawie."
    assert reasons(cleaned(row("refusal", asked, answer, item_type="unlawful_aim"))) == {}
    assert reasons(cleaned(row("refusal", asked, answer))) == {"refusal": "boilerplate"}


def test_text_is_tidied_line_by_line_and_the_record_keeps_its_id() -> None:
    kept = cleaned(
        row("item", "Karę\u00a0wymierza się  w:\r\nA) dniach,\r\nB) latach.", ANSWER, choices=(("A", " dniach,"),))
    )
    record = kept.records[1]
    assert (record.id, record.question) == ("item", "Karę wymierza się w:\nA) dniach,\nB) latach.")
    assert record.choices == (("A", "dniach,"),)


def test_a_superscript_stays_a_superscript() -> None:
    answer = "Zakres danych kandydata określa art. 22¹ kodeksu pracy."
    assert cleaned(row("kp", "Jakich danych może żądać pracodawca?", answer)).records[1].answer == answer


def test_a_closed_item_may_have_a_short_answer() -> None:
    item = row(
        "exam", "Termin wynosi:\nA) miesiąc,\nB) rok.", "rok", choices=(("A", "miesiąc"), ("B", "rok")), correct="B"
    )
    assert reasons(cleaned(item)) == {}


def test_the_first_of_equal_rows_stays_and_the_other_names_it() -> None:
    kept = cleaned(row("first"), row("again", QUESTION.upper(), ANSWER.replace("ą", "a")))
    assert [(item.record.id, item.reason, item.detail) for item in kept.dropped] == [
        ("again", "exact_duplicate", "of first")
    ]


def test_the_first_of_nearly_equal_rows_stays_and_the_other_names_it() -> None:
    kept = cleaned(row("first"), row("near", QUESTION.replace("zawartą", "zawarta na pismie"), ANSWER + " Tak jest."))
    assert [(item.record.id, item.reason, item.detail) for item in kept.dropped] == [
        ("near", "near_duplicate", "of first")
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (QUESTION, "Nie może, dopóki umowa tego nie przewiduje; tak rozumie się art. 673 § 3 k.c. w orzecznictwie."),
        (QUESTION, ANSWER.replace("673", "674")),
        (QUESTION, ANSWER.replace("k.c.", "k.p.")),
        (QUESTION, ANSWER.replace("może ją", "nie może jej")),
        (QUESTION.replace("najmu", "dzierżawy lub leasingu"), "Zależy to od treści umowy i od woli obu jej stron."),
    ],
)
def test_rows_that_say_another_thing_both_stay(question: str, answer: str) -> None:
    assert reasons(cleaned(row("first"), row("second", question, answer))) == {}


def test_the_same_exam_item_with_another_right_answer_in_another_year_stays() -> None:
    stem = (
        "Zgodnie z Kodeksem cywilnym, jeżeli termin zwrotu pożyczki nie jest oznaczony, pożyczkę zwraca się w ciągu:\n"
    )
    choices = "A) sześciu tygodni po wypowiedzeniu,\nB) czterech tygodni po wypowiedzeniu,\nC) roku."
    older = row("2012", stem + choices, "Prawidłowa jest odpowiedź A.", correct="A", legal_state="2012")
    newer = row("2019", stem + choices, "Prawidłowa jest odpowiedź B.", correct="B", legal_state="2019")
    assert reasons(cleaned(older, newer)) == {}


def test_nothing_is_lost_and_nothing_is_there_twice() -> None:
    records = [
        row("a"),
        row("b"),
        row("c", ""),
        row("d", answer=""),
        row("e", answer="Tak."),
        row("f", answer=ANSWER + "!"),
    ]
    kept = cleaned(*records)
    seen = [record.id for record in kept.records] + [item.record.id for item in kept.dropped]
    assert sorted(seen) == ["a", "b", "c", "d", "e", "f", "good"]


def test_foreign_rows_stay_when_the_settings_allow_them() -> None:
    settings = CleanSettings(min_rows=1, require_polish=False)
    foreign = row("en", "What is the notice period?", "The notice period is three months under the lease.")
    assert Kept.of(clean([foreign], settings)).records == [foreign]


def test_too_few_rows_stop_the_run_and_name_the_flag() -> None:
    with pytest.raises(TooFewRows, match=r"50 rows are needed. Kept 1 of 1 rows.*--clean\.min-rows"):
        list(clean([row("only")], CleanSettings()))


def test_bounds_that_leave_no_length_are_refused() -> None:
    with pytest.raises(ValidationError, match=re.escape("min_chars 100 is over max_chars 50")):
        CleanSettings(min_chars=100, max_chars=50)
