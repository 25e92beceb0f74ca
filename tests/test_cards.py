"""The cards of a model and of its data: what machines read on top, and the same numbers as in the report."""

import re

import pytest
import yaml

from paragraf.report import RunFacts, write_pages
from tests.pages import HOSTILE, facts, facts_of, text_of

FIGURES = {"comparison": b"PNG", "data": b"PNG", "training": b"PNG"}
CARDS = ("model_card.md", "data_card.md")


def card(given: RunFacts, name: str) -> str:
    return write_pages(given, FIGURES)[name].decode()


def front_matter(text: str) -> dict[str, object]:
    opening, matter, _ = text.split("---\n", 2)
    assert opening == ""
    found: dict[str, object] = yaml.safe_load(matter)
    return found


@pytest.mark.parametrize("given", [facts(), facts_of(HOSTILE)], ids=["usual", "hostile"])
def test_what_machines_read_stands_on_top_whatever_the_names(given: RunFacts) -> None:
    assert front_matter(card(given, "model_card.md")) == {
        "language": "pl",
        "pipeline_tag": "text-generation",
        "tags": ["legal", "polish", "question-answering"],
    }
    assert front_matter(card(given, "data_card.md")) == {
        "language": "pl",
        "task_categories": ["question-answering"],
        "tags": ["legal", "polish"],
    }


@pytest.mark.parametrize("name", CARDS)
def test_a_source_that_looks_like_front_matter_stays_one_line_of_text(name: str) -> None:
    text = card(facts(run="x\n---\nlicense: mit\n---").model_copy(update={"source": "y\n---\nlicense: mit\n---"}), name)
    assert "license" not in front_matter(text)
    assert [line for line in text.splitlines() if line == "---"] == ["---", "---"]


def table(markdown: str) -> dict[str, list[str]]:
    """Rows of all tables by their first cell."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in markdown.splitlines() if line[:1] == "|"]
    return {first: rest for first, *rest in rows}


def test_the_numbers_of_a_model_are_those_of_its_report() -> None:
    files = {name: content.decode() for name, content in write_pages(facts(), FIGURES).items()}
    on_card, in_report = table(files["model_card.md"]), table(files["report.md"])
    measures = ["Strata na odpowiedziach", "Trafne odpowiedzi", "Niedozwolona porada", "Odesłanie do pomocy (F1)"]
    for name in measures:
        better, base, tuned, interval, n = on_card[name]
        assert in_report[name][:3] == [better, in_report[name][1], f"{tuned} ({interval}, n = {n})"]
        assert in_report[name][1].startswith(f"{base} (")
    assert on_card["Trafne odpowiedzi"] == ["▲", "10,0%", "30,0%", "28,5%–31,5%", "120"]


def test_the_card_of_a_model_tells_the_decision_and_its_limits() -> None:
    given = facts()
    text = card(given, "model_card.md")
    assert "**Wstrzymać (HOLD)** wobec „Model bazowy”." in text
    assert f"\n\nSkrót tego, na czym stoi werdykt: {given.decided.verdict.digest}\n" in text
    assert "to nie jest porada prawna" in text
    assert "w dziedzinach, których test nie sprawdził na co najmniej 30 pytaniach: praca." in text.lower()
    assert table(text)["train.epochs"] == ["1.0"]


def test_the_way_of_the_data_on_its_card_is_that_of_the_report() -> None:
    files = {name: content.decode() for name, content in write_pages(facts(), FIGURES).items()}
    text = files["data_card.md"]
    assert "Wczytano 120, po czyszczeniu zostało 100." in text
    assert "trening 70, walidacja 15, test 15; trening z wariantami 77" in text
    dropped = [(line[0], line[-1]) for line in re.findall(r"^\| (.+?) \| (.+?) \| (\d+) \|$", text, re.MULTILINE)]
    assert dropped == [
        ("nieczytelne", "3"),
        ("prawie powtórzone", "18"),
        ("nowy\\_powód", "2"),
        ("wariant bez zmian", "1"),
    ]
    report = text_of(files["report.html"])
    assert "trening 70 z wariantami 77" in report
    assert table(text)["rozmowy"] == table(files["report.md"])["rozmowy"]
