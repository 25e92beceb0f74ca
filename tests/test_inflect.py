"""Noun phrases from case to case: what is answered is right, and what is in doubt is declined with its reason."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.inflect import Answered, Case, Declined, attempt, inflect

GOLD = Path(__file__).parent / "gold"
SETS = ("inflection.jsonl", "inflection_of_all_cases.jsonl")
CASES: tuple[Case, ...] = ("nom", "gen", "dat", "acc", "inst", "loc")


def rows_of(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (GOLD / name).read_text("utf-8").splitlines()]


def asked(row: dict[str, object]) -> tuple[str, Case, Case]:
    return str(row["phrase"]), row["from"], row["to"]  # type: ignore[return-value]


@pytest.mark.parametrize("name", SETS)
def test_what_is_answered_is_right_and_most_is_answered(name: str) -> None:
    rows = rows_of(name)
    answers = [(inflect(*asked(row)), row["gold"]) for row in rows]
    wrong = [(answer, gold) for answer, gold in answers if answer is not None and answer not in gold]  # type: ignore[operator]
    assert wrong == []
    assert sum(answer is not None for answer, _ in answers) / len(rows) >= 0.93


def test_a_phrase_turned_there_and_back_is_the_same_or_declined() -> None:
    changed = []
    for row in [row for name in SETS for row in rows_of(name)]:
        phrase, source, target = asked(row)
        there = inflect(phrase, source, target)
        back = inflect(there, target, source) if there else None
        if back not in (None, phrase):
            changed.append((phrase, there, back))
    assert changed == [("należności z umowy najmu", "należności z umowy najmu", "należność z umowy najmu")]


@pytest.mark.parametrize(
    ("phrase", "source", "target", "expected"),
    [
        ("śmierci jednej ze stron", "gen", "acc", None),
        ("choroby psychicznej", "gen", "acc", "chorobę psychiczną"),
        ("kradzieży cudzej rzeczy", "gen", "acc", "kradzież cudzej rzeczy"),
        ("odpowiedzialności cywilnej szkoły", "loc", "acc", "odpowiedzialność cywilną szkoły"),
        ("odpowiedzialności cywilnej i karnej lekarza", "loc", "acc", "odpowiedzialność cywilną i karną lekarza"),
        ("umowy o pracę zawartej na czas określony", "gen", "acc", "umowę o pracę zawartą na czas określony"),
        ("tego samego tytułu wykonawczego", "gen", "nom", "ten sam tytuł wykonawczy"),
        ("rzeczy określonych w umowie", "gen", "nom", "rzeczy określone w umowie"),
        ("dniach wolnych od pracy", "loc", "acc", "dni wolne od pracy"),
        ("ujawnienia danych klienta", "gen", "acc", "ujawnienie danych klienta"),
        ("dwa wyroki", "nom", "loc", "dwóch wyrokach"),
        ("polsko-niemieckiej granicy", "loc", "acc", "polsko-niemiecką granicę"),
        ("Kodeksie pracy", "loc", "inst", "Kodeksem pracy"),
        ("RODO", "loc", "gen", "RODO"),
        ("pani Kowalskiej", "gen", "nom", "pani Kowalska"),
        ("jakie przerwy w ciągu dnia", "nom", "gen", "jakich przerw w ciągu dnia"),
        ("pięć umów", "nom", "dat", None),
        ("syna Kowalskiego", "gen", "nom", None),
    ],
)
def test_a_phrase_stands_in_the_other_case(phrase: str, source: Case, target: Case, expected: str | None) -> None:
    assert inflect(phrase, source, target) == expected


@pytest.mark.parametrize(
    ("phrase", "source", "target", "reason"),
    [
        ("smart kontraktach", "loc", "gen", "unknown_word"),
        ("palenia śmieci i plastiku", "gen", "acc", "ambiguous"),
        ("niewypłacalności spółki lub upadłości", "loc", "acc", "ambiguous"),
        ("pracodawca musi", "nom", "dat", "no_reading"),
        ("sąd, który", "dat", "nom", "no_reading"),
        ("", "nom", "gen", "too_long"),
        ("jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć i i i i i", "nom", "gen", "too_long"),
    ],
)
def test_a_refusal_has_its_reason(phrase: str, source: Case, target: Case, reason: str) -> None:
    answer = attempt(phrase, source, target)
    assert isinstance(answer, Declined)
    assert answer.reason == reason


@pytest.mark.parametrize(
    ("phrase", "source", "head", "number"),
    [
        ("fałszywych zeznań", "gen", "zeznanie", "pl"),
        ("kradzieży roweru", "gen", "kradzież", "sg"),
        ("nieudzielenia pomocy", "gen", "nieudzielenie", "sg"),
        ("skarg i wniosków", "gen", "skarga", "pl"),
        ("matki i ojca", "gen", "matka", "pl"),
    ],
)
def test_an_answer_names_the_head_and_the_number_of_its_verb(phrase: str, source: Case, head: str, number: str) -> None:
    answer = attempt(phrase, source, "nom")
    assert isinstance(answer, Answered)
    assert (answer.head, answer.number) == (head, number)


@given(st.text(max_size=40), st.sampled_from(CASES), st.sampled_from(CASES))
def test_any_text_is_answered_or_declined(text: str, source: Case, target: Case) -> None:
    assert isinstance(attempt(text, source, target), Answered | Declined)
