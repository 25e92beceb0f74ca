import json
from pathlib import Path

import pytest

from paragraf.language import is_known, is_polish

GOLD = Path(__file__).parent / "gold" / "language.jsonl"


def test_the_rule_is_right_on_nearly_all_of_the_gold_rows() -> None:
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    right = [is_polish(row["text"]) == row["is_polish"] for row in rows]
    assert sum(right) / len(rows) >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        "Do kiedy trzeba złożyć PIT za zeszły rok?",
        "czy moge zwrocic buty kupione w sklepie stacjonarnym",
        "Ile mam czasu na odwolanie? Masz siedem dni od doreczenia wypowiedzenia.",
        "CZY WOLNO NAGRYWAC ROZMOWY?",
        "Umowa SaaS i prawa autorskie",
        "Pactum de non petendo - co oznacza?",
        "What is zachowek? Zachowek to instytucja prawa spadkowego, która chroni najbliższych spadkodawcy.",
        "Pan Nguyen Van Anh wynajmuje mieszkanie w Warszawie.",
    ],
)
def test_polish_stays_polish_without_diacritics_in_capitals_and_with_foreign_words(text: str) -> None:
    assert is_polish(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kto platí trovy konania?",
        "Jak dlouho trva rozvod?",
        "Mrs Katarzyna Nowak sued her landlord in Warsaw.",
        "The tenant must pay rent on time.",
        "Das Gericht in Łódź hat entschieden.",
        "Чи може роботодавець розірвати договір?",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
        "Kiedy wygasa służebność? Služobnosť zaniká rozhodnutím súdu alebo dohodou strán, prípadne smrťou osoby.",
    ],
)
def test_neighbours_and_polish_names_in_foreign_sentences_are_not_polish(text: str) -> None:
    assert not is_polish(text)


def test_a_bare_citation_counts_as_polish() -> None:
    assert is_polish("art. 233 § 1 k.p.c.")


@pytest.mark.parametrize("text", ["", "  \n", "12345", "https://isap.sejm.gov.pl", "\x00\ufdd0\ud800", "jan@firma.pl"])
def test_text_without_words_is_not_polish_and_never_breaks_the_identifiers(text: str) -> None:
    assert not is_polish(text)


def test_a_letter_that_was_lost_makes_no_noise(capfd: pytest.CaptureFixture[str]) -> None:
    assert is_polish("Termin wynosi trzy lata od dnia wymagalno\ufffd")
    assert not is_known("\ufffd")
    assert capfd.readouterr().err == ""
