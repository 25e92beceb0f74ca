import json
from pathlib import Path

import ftfy.bad_codecs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.repair import repair

ftfy.bad_codecs.ok()

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
EXAMS = Path(__file__).parents[2] / "shared" / "data" / "exams-2012-2019.jsonl"
MISREAD = [  # written in, read as
    ("utf-8", "sloppy-windows-1252"),
    ("utf-8", "latin-1"),
    ("utf-8", "sloppy-windows-1250"),
    ("utf-8", "iso-8859-2"),
    ("cp1250", "sloppy-windows-1252"),
    ("cp1250", "iso-8859-2"),
    ("cp1250", "latin-1"),
    ("iso-8859-2", "sloppy-windows-1250"),
    ("iso-8859-2", "latin-1"),
    ("iso-8859-2", "sloppy-windows-1252"),
    ("cp852", "sloppy-windows-1250"),
]
ALSO_MISREAD = [
    ("cp852", "sloppy-windows-1252"),
    ("cp852", "iso-8859-2"),
    ("cp852", "latin-1"),
    ("utf-8", "cp852"),
    ("cp1250", "cp852"),
]
SENTENCES = [
    "Wierzyciel może żądać odsetek za czas opóźnienia.",
    "Żona wniosła o rozwód i połowę majątku wspólnego.",
    "Gmina odpowiada za szkodę wyrządzoną przy wykonywaniu władzy publicznej.",
    "Świadek nie może odmówić złożenia przysięgi bez ważnego powodu (§ 2).",
    "Łączny wymiar urlopu wynosi dwadzieścia sześć dni.",
    "Źle doręczone pismo uważa się za niedoręczone, chyba że adresat je odebrał.",
]
HELD_OUT = [
    "Kto płaci za sąd?",
    "Ubezpieczyciel wypłaca świadczenie w ciągu trzydziestu dni od zgłoszenia szkody.",
    "Dłużnik ukrył majątek przed Żanetą Wąchocką z Łęczycy.",
    "ZASTĘPSTWO PROCESOWE PRZED SĄDEM NAJWYŻSZYM",
    "Czy mogę wziąć ślub za granicą?",
]
SOUND = "Najem kończy się z upływem okresu wypowiedzenia, chyba że strony ustaliły coś innego."


def misread(text: str, written_in: str, read_as: str) -> tuple[str, str]:
    """What an encoding can hold of a text, and the same read in the wrong one."""
    held = text.encode(written_in, "ignore")
    return held.decode(written_in), held.decode(read_as, "replace")


@pytest.mark.parametrize("sentence", [*SENTENCES, *HELD_OUT])
@pytest.mark.parametrize(("written_in", "read_as"), MISREAD)
def test_a_misread_sentence_is_read_again(sentence: str, written_in: str, read_as: str) -> None:
    right, wrong = misread(sentence, written_in, read_as)
    assert repair(wrong) == right


@pytest.mark.parametrize("sentence", HELD_OUT)
@pytest.mark.parametrize(("written_in", "read_as"), ALSO_MISREAD)
def test_a_sentence_that_went_through_a_console_is_read_again(sentence: str, written_in: str, read_as: str) -> None:
    right, wrong = misread(sentence, written_in, read_as)
    assert repair(wrong) == right


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(("written_in", "read_as"), MISREAD)
def test_one_misread_sentence_is_found_in_a_sound_text(sentence: str, written_in: str, read_as: str) -> None:
    right, wrong = misread(sentence, written_in, read_as)
    assert repair(f"{SOUND} {wrong}\n{SOUND}") == f"{SOUND} {right}\n{SOUND}"


def test_quotation_marks_and_dashes_are_read_again_with_the_words() -> None:
    right, wrong = misread("Pojęcie „rażąca niewdzięczność” – zob. art. 898 § 1.", "cp1250", "latin-1")
    assert repair(wrong) == right


def test_a_text_that_was_misread_twice_is_read_twice() -> None:
    once = misread("Najemca musi zapłacić kaucję.", "utf-8", "sloppy-windows-1252")[1]
    twice = misread(once, "utf-8", "sloppy-windows-1252")[1]
    assert repair(twice) == "Najemca musi zapłacić kaucję."


@pytest.mark.parametrize(
    "text",
    [
        "błąd pomiaru ±5 mm",
        "10 m³ wody i 12 m² podłogi",
        "art. 5¹ k.c. i art. 22¹a k.p.",
        "Škoda Octavia z Českého Těšína",
        "Franz Müller kupił dom w Győr",
        "¿Qué es el daño moral del año pasado, señor Peña?",
        "L'État, c'est moi: prêt, être, cœur, forêt",
        "słowo „prêt” to po francusku pożyczka",
        "„Umowa” – § 5, «cytat» i “quotes”, it’s",
        "temperatura 10 °C, pH ≈ 7, ≤ 8, ½ etatu",
        "dziękuję 😀👍",
        "Ελληνικά δίκαιο",
        "Договір оренди квартири",
        "Smlouva o dílo, šest měsíců, kůň",
        "Ľudovít Štúr, kôň, päť",
        "naïve façade, vis-à-vis, prêt-à-porter",
        "umowa¹ najmu², sprzedawca³ oraz rzecz¹",
        "© 2024 Wydawnictwo®",
        "São Paulo, Søren, Ærøskøbing, Đorđe, Žemaitis, ąžuolas",
        "a¹ + b² = x³, 1¹/₂, CO₂, 10³ zł",
        "BAR CAFÉ” i Ä",
        "日本語 עברית",
        "Łódź³ i Źdźbłowska",
    ],
)
def test_what_is_sound_stays(text: str) -> None:
    assert repair(text) == text


def test_an_article_with_a_superscript_never_becomes_another_article() -> None:
    assert repair("art. 22¹ k.p.") == "art. 22¹ k.p."


def test_what_was_lost_stays_lost() -> None:
    assert repair("wypowied\ufffdenie umowy") == "wypowied\ufffdenie umowy"


def test_the_sample_stays_as_it_is() -> None:
    rows = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    assert [
        row["id"] for row in rows if repair(row["question"] + row["answer"]) != row["question"] + row["answer"]
    ] == []


@pytest.mark.skipif(not EXAMS.is_file(), reason="the exams are not here")
def test_the_exams_stay_as_they_are() -> None:
    rows = [json.loads(line) for line in EXAMS.read_text("utf-8").splitlines()]
    texts = [text for row in rows for text in (row["question"], row["legal_basis_content"], *row["choices"].values())]
    assert [text for text in texts if repair(text) != text] == []


@given(st.lists(st.sampled_from([*"ąęłóżź¹³±¿ê†© \n.x", "Ä…", "Å‚", "mo¿e", "\x9c", "\x85", "\ufffd"])).map("".join))
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    assert repair(repair(text)) == repair(text)


@given(st.text())
def test_no_text_breaks_the_repair(text: str) -> None:
    assert isinstance(repair(text), str)
