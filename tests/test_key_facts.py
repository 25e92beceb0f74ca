"""Key facts: what an answer makes of an atomic fact, on triples of which half was never tuned on."""

import json
from collections import Counter
from pathlib import Path

import pytest

from paragraf.evaluation.comparison import Verdict
from paragraf.evaluation.key_facts import Sheet
from paragraf.evaluation.reading import uncited
from paragraf.records import Record

GOLD = [
    json.loads(line) for line in (Path(__file__).parent / "gold" / "key_facts.jsonl").read_text("utf-8").splitlines()
]
SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"


def verdict(fact: str, answer: str, question: str = "") -> Verdict:
    sheet = Sheet([fact], question)
    return sheet.verdicts(sheet.read(uncited(answer)))[0]


def agreement(triples: list[dict[str, str]]) -> float:
    right = [verdict(item["fact"], item["answer"], item["question"]) == item["verdict"] for item in triples]
    return sum(right) / len(right)


def test_the_triples_are_many_and_half_of_their_facts_are_held_out() -> None:
    kinds = Counter((item["verdict"], item["held_out"]) for item in GOLD)
    assert len(GOLD) >= 80
    assert min(kinds.values()) >= 20
    tuned, held = ({item["fact"] for item in GOLD if item["held_out"] is side} for side in (False, True))
    assert tuned.isdisjoint(held)


def test_verdicts_agree_with_the_triples_that_were_tuned_on() -> None:
    assert agreement([item for item in GOLD if not item["held_out"]]) >= 0.95


def test_verdicts_agree_with_the_triples_that_were_held_out() -> None:
    assert agreement([item for item in GOLD if item["held_out"]]) >= 0.87


def test_no_wrong_number_is_taken_for_the_right_one() -> None:
    """Of all mistakes the gravest: the right words with a wrong number, counted as right."""
    wrong = [item for item in GOLD if item["verdict"] == "contradicted" and any(map(str.isdigit, item["answer"]))]
    taken = [item["answer"] for item in wrong if verdict(item["fact"], item["answer"], item["question"]) == "covered"]
    assert taken == []


@pytest.mark.parametrize(
    ("fact", "answer", "expected"),
    [
        ("termin wynosi 2 tygodnie", "Termin wynosi dwa tygodnie.", "covered"),
        ("termin wynosi 2 tygodnie", "Termin wynosi 14 dni.", "covered"),
        ("termin wynosi 2 tygodnie", "Termin wynosi czternaście dni.", "covered"),
        ("termin wynosi 2 tygodnie", "Termin wynosi 15 dni.", "contradicted"),
        ("termin wynosi miesiąc", "Termin wynosi 1 miesiąc.", "covered"),
        ("termin wynosi miesiąc", "Termin wynosi 30 dni.", "contradicted"),
        ("termin przedawnienia wynosi 3 lata", "Termin przedawnienia wynosi trzydzieści sześć miesięcy.", "covered"),
        ("zakaz trwa rok", "Zakaz trwa dwanaście miesięcy.", "covered"),
        ("opłata wynosi 1 200 zł", "Opłata wynosi 1200 złotych.", "covered"),
        ("opłata wynosi 1 200 zł", "Opłata wynosi 1200 euro.", "absent"),
        ("spadek dziedziczy się po połowie", "Spadek dziedziczy się w 1/2.", "covered"),
        ("przerwa trwa 48 godzin", "Przerwa trwa 2 dni.", "contradicted"),
        ("kara do 5 lat więzienia", "Kara powyżej 5 lat więzienia.", "contradicted"),
        ("urlop 26 dni po 10 latach", "Urlop 26 dni przed upływem 10 lat.", "contradicted"),
        ("umowa na najwyżej 33 miesiące", "Umowa na nie dłużej niż 33 miesiące.", "covered"),
        ("od odwołania jest 30 dni", "Od odwołania jest 14 dni, a nie 30 dni.", "contradicted"),
        ("obowiązuje od 1 lipca 2021 r.", "Obowiązuje od 1.07.2021.", "covered"),
        ("obowiązuje od 1 lipca 2021 r.", "Obowiązuje od 1 lipca 2022 r.", "contradicted"),
    ],
)
def test_quantities_are_equal_only_if_they_are_always_equal(fact: str, answer: str, expected: Verdict) -> None:
    assert verdict(fact, answer) == expected


@pytest.mark.parametrize(
    ("fact", "answer", "expected"),
    [
        ("najemca może potrącić koszt naprawy", "Najemca ma prawo potrącić koszt naprawy.", "covered"),
        ("najemca może potrącić koszt naprawy", "Najemcy wolno potrącić koszt naprawy.", "covered"),
        ("najemca może potrącić koszt naprawy", "Najemca nie może potrącić kosztu naprawy.", "contradicted"),
        ("najemca może potrącić koszt naprawy", "Najemcy nie wolno potrącić kosztu naprawy.", "contradicted"),
        (
            "pracodawca musi podać przyczynę zwolnienia",
            "Pracodawca nie musi podać przyczyny zwolnienia.",
            "contradicted",
        ),
        (
            "pracodawca musi podać przyczynę zwolnienia",
            "Pracodawca ma obowiązek podać przyczynę zwolnienia.",
            "covered",
        ),
        ("nie wolno palić w biurze", "Palenie w biurze jest zakazane.", "covered"),
        ("nie wolno palić w biurze", "W biurze wolno palić.", "contradicted"),
        ("darowizna nie podlega zwrotowi", "Darowizna podlega zwrotowi.", "contradicted"),
        ("darowizna podlega zwrotowi", "Darowizna nie podlega zwrotowi.", "contradicted"),
        ("uchwała jest nieważna", "Uchwała jest ważna.", "contradicted"),
        ("uchwała jest nieważna", "Uchwała nie jest ważna.", "covered"),
        ("koszty pokrywa sprzedawca", "Koszty pokrywa kupujący.", "contradicted"),
        ("podwykonawca może wejść za zgodą inwestora", "Podwykonawca nie może wejść bez zgody inwestora.", "covered"),
    ],
)
def test_what_is_allowed_ordered_or_denied_must_be_so_in_the_answer(fact: str, answer: str, expected: Verdict) -> None:
    assert verdict(fact, answer) == expected


def test_numbers_that_belong_to_other_conditions_contradict_nothing() -> None:
    facts = ["20 dni przy stażu poniżej 10 lat", "26 dni przy stażu co najmniej 10 lat"]
    reference = "Urlop wynosi 20 dni przy stażu poniżej 10 lat i 26 dni przy stażu co najmniej 10 lat."
    sheet = Sheet(facts, "Ile urlopu mi przysługuje?", reference)

    def told(answer: str) -> list[Verdict]:
        return sheet.verdicts(sheet.read(answer))

    assert told(reference) == ["covered", "covered"]
    assert told("Kto pracuje krócej niż 10 lat, ma 20 dni, inni mają dłuższy urlop.") == ["covered", "absent"]
    swapped = "Urlop wynosi 26 dni przy stażu poniżej 10 lat i 20 dni przy stażu co najmniej 10 lat."
    assert told(swapped) == ["contradicted", "contradicted"]


def test_words_of_the_question_may_be_left_out() -> None:
    fact = "spadek można odrzucić w ciągu 6 miesięcy"
    assert verdict(fact, "Pół roku.", "W jakim czasie można odrzucić spadek?") == "absent"
    assert verdict(fact, "Odrzucić można w pół roku.", "W jakim czasie można odrzucić spadek?") == "covered"


def test_a_fact_that_the_reference_does_not_state_in_words_is_asked_of_nobody() -> None:
    sheet = Sheet(["odmowa pomocy"], "Jak podrobić podpis?", "To byłoby przestępstwo, szczegółów nie będzie.")
    assert (sheet.facts, sheet.unread) == ([], ["odmowa pomocy"])


def test_facts_of_the_sample_are_found_in_their_answers_even_without_learning_from_them() -> None:
    told: Counter[Verdict] = Counter()
    for line in SAMPLE.read_bytes().splitlines():
        record = Record.from_json(line)
        sheet = Sheet(record.facts, record.question)
        told.update(sheet.verdicts(sheet.read(uncited(record.answer))))
    assert told["covered"] / told.total() >= 0.96
    assert told["contradicted"] / told.total() <= 0.005
