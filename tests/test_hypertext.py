import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.hypertext import without_html
from tests.timing import is_in_proportion

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
PIECES = [
    "<p>",
    "</p>",
    "<br/>",
    "<b",
    ">",
    "<",
    "&amp;",
    "&lt;",
    "&",
    "lt;",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "x",
]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Najemca <b>nie</b> może.</p>", "\nNajemca nie może.\n"),
        ("Termin:<br/>14 dni<BR>od", "Termin:\n14 dni\nod"),
        ("<ul><li>raz</li></ul>", "\n\nraz\n\n"),
        ("<td>a</td><td>b</td>", " a  b "),
        ('<a href="https://x.pl?a=1&b=2">link</a>', "link"),
        ("<strong class='x' id=y>mocne</strong>", "mocne"),
        ("<img src='a.png' alt='x'/>", ""),
        ("<o:p></o:p>x", "x"),
        ("<!-- uwaga -->Tak", "Tak"),
        ("<!DOCTYPE html><html>z</html>", "\nz\n"),
        ("<![if !supportLists]>a<![endif]>", "a"),
        ("a<script>alert(1 < 2)</script >b<style>p{}</style>c", "abc"),
        ("&quot;umowa&quot; &amp; aneks&nbsp;nr 5 &sect; 2", '"umowa" & aneks\xa0nr 5 § 2'),
        ("&#380;ona, &#x17C;ona, &oacute;w", "żona, żona, ów"),
        ("&amp;lt;p&amp;gt;tekst", "\ntekst"),
        ("&lt;jan@x.pl&gt;", "<jan@x.pl>"),
        ('tekst <a href="http', "tekst "),
        ("art. 22<sup>1</sup> k.p.", "art. 22¹ k.p."),
        ("art. 43<sup>1a</sup>", "art. 43¹a"),
        ("10 m<sup>2</sup>, CO<sub>2</sub>", "10 m², CO2"),
    ],
)
def test_a_page_becomes_what_its_reader_sees(page: str, text: str) -> None:
    assert without_html(page) == text


@pytest.mark.parametrize(
    "text",
    [
        "kwota < 5000 zł i > 3000 zł",
        "pisz do <jan@x.pl>",
        "a<b",
        "a<b i c>d",
        "<art. 5>",
        "<i inne>",
        "R&D, AT&T, P&L; A&B;",
        "a&not b, &copy 2024, &foo;",
        "if a<3 && b>4",
        "wstrzyknięcie <script> to atak",
        "< p >",
        "&#0;",
    ],
)
def test_what_html_does_not_know_stays(text: str) -> None:
    assert without_html(text) == text


def test_the_sample_stays_as_it_is() -> None:
    texts = [row["answer"] for row in map(json.loads, SAMPLE.read_text("utf-8").splitlines())]
    assert [text for text in texts if without_html(text) != text] == []


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
def test_a_page_is_read_once(text: str) -> None:
    assert without_html(without_html(text)) == without_html(text)


@pytest.mark.parametrize(
    "piece", ["<script>", "</script>", "<!--", "<a ", "<a href=", "x=1 ", "&", "amp;", "<sup>1", "<![if", "<p x='", " "]
)
def test_hostile_pages_take_time_in_proportion_to_their_length(piece: str) -> None:
    def read(size: int) -> None:
        many = piece * size
        for page in (many, f"<p {many}", f"{many}</script>", f"</style>-->{many}"):
            without_html(page)

    assert is_in_proportion(read, 5_000)
