"""Showing: answers in pieces with every citation marked, and the words of the provisions that they rest on."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.law import law
from paragraf.report import write_pages
from paragraf.showing import Provision, Shown, Stretch
from tests.pages import Skeleton, example, facts, text_of

KC = {str(number): f"Artykuł {number}." for number in range(1, 200)}
STATUTES = {
    "kc": KC
    | {
        "118": "Termin przedawnienia wynosi <b>sześć</b> lat.",
        "127": "(uchylony)",
        "120": [{"text": "Dawny.", "until": "2017-12-31"}, {"text": "Obecny.", "from": "2018-01-01"}],
        "121": "Bardzo długi przepis. " * 200,
    }
}
FIGURES = ("comparison", "data", "training")
TEXT = "Zob. art. 118 k.c., art. 9999 k.c. i art. 127 k.c.; także art. 118 § 1 k.c. oraz art. 5 k.p."


@pytest.fixture
def imported(tmp_path: Path) -> None:
    for act, articles in STATUTES.items():
        path = tmp_path / f"{act}.json"
        path.write_text(json.dumps(articles), "utf-8")
        law(["import", str(path)], lambda line: None, lambda line: None)


@pytest.mark.parametrize(
    "text", ["", "Bez przepisu.", TEXT, "art. 118 k.c.", "Art. 118 i 120 k.c. oraz art. 9999-10002 k.c."]
)
def test_pieces_together_are_the_text(text: str) -> None:
    pieces = Shown.open().stretches(text)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


@given(st.lists(st.sampled_from(["art. 118 ", "i 120 ", "k.c.", "art. 9999 k.c.", "§ 1 ", "-", ", ", "<b>", "\n"])))
def test_pieces_are_the_text_however_citations_run_into_each_other(parts: list[str]) -> None:
    text = "".join(parts)
    assert "".join(piece.text for piece in Shown.open().stretches(text)) == text


def test_without_imported_statutes_citations_are_marked_and_nothing_is_linked() -> None:
    shown = Shown.open()
    assert shown.stretches("Zob. art. 118 k.c., art. 9999 k.c. i art. 127 k.c.") == [
        Stretch("Zob. "),
        Stretch("art. 118 k.c.", "there"),
        Stretch(", "),
        Stretch("art. 9999 k.c.", "fabricated"),
        Stretch(" i "),
        Stretch("art. 127 k.c.", "repealed"),
    ]
    assert shown.provisions() == []


@pytest.mark.usefixtures("imported")
def test_what_is_in_force_is_linked_to_its_words_and_told_once() -> None:
    shown = Shown.open()
    senses = {piece.text: (piece.sense, piece.link) for piece in shown.stretches(TEXT) if piece.text.startswith("art")}
    assert senses == {
        "art. 118 k.c.": ("there", "przepis-kc-art-118"),
        "art. 9999 k.c.": ("fabricated", ""),
        "art. 127 k.c.": ("repealed", ""),
        "art. 118 § 1 k.c.": ("", ""),  # its text was not imported by paragraph
        "art. 5 k.p.": ("", ""),
    }
    assert shown.provisions() == [
        Provision("przepis-kc-art-118", "art. 118 k.c.", "Termin przedawnienia wynosi <b>sześć</b> lat.", False)
    ]


@pytest.mark.usefixtures("imported")
def test_the_words_are_those_of_the_day_that_is_asked_about() -> None:
    then, now = Shown.open(), Shown.open()
    then.stretches("art. 120 k.c.", date(2010, 1, 1))
    now.stretches("art. 120 k.c.")
    assert [one.text for one in then.provisions()] == ["Dawny."]
    assert [one.text for one in now.provisions()] == ["Obecny."]


@pytest.mark.usefixtures("imported")
def test_a_long_provision_is_cut_and_says_so() -> None:
    shown = Shown.open()
    shown.stretches("art. 121 k.c.")
    [provision] = shown.provisions()
    assert (len(provision.text), provision.is_cut) == (2500, True)


@pytest.mark.usefixtures("imported")
def test_a_page_marks_citations_links_provisions_and_keeps_hostile_text_a_text() -> None:
    hostile = "<script>alert(1)</script> art. 118 k.c. <img src=x onerror=alert(1)> art. 9999 k.c.<b> art. 127 k.c."
    harmless = hostile.translate(str.maketrans("<>", "ab"))
    pages = {
        text: write_pages(facts(examples=[example("q-1", "cywilne", tuned=text)]), dict.fromkeys(FIGURES, b""))
        for text in (hostile, harmless)
    }
    html = pages[hostile]["report.html"].decode()
    assert Skeleton(html).elements == Skeleton(pages[harmless]["report.html"].decode()).elements
    assert hostile in text_of(html)
    assert '<a href="#przepis-kc-art-118">art. 118 k.c.</a>' in html
    assert '<mark class="wrong" title="takiego przepisu nie ma">art. 9999 k.c.</mark>' in html
    assert '<mark class="old" title="przepis uchylony">art. 127 k.c.</mark>' in html
    assert html.count('id="przepis-kc-art-118"') == 1
    assert "Termin przedawnienia wynosi &lt;b&gt;sześć&lt;/b&gt; lat." in html
