"""Other ways to ask: right Polish of the same legal meaning, or a refusal with its reason."""

import json
import re
from random import Random

import pytest

from paragraf.augment.frames import FRAMES
from paragraf.augment.variations import Refusal, Variation, framed, variations
from paragraf.law import find
from paragraf.load import SAMPLE
from paragraf.records import Record
from paragraf.text import numbers

QUESTIONS = [json.loads(line)["question"] for line in SAMPLE.read_text("utf-8").splitlines()]


def record(question: str) -> Record:
    return Record(id="1", question=question, answer="Tak.")


def ways(question: str) -> list[str]:
    return [made.question for made in variations(record(question)) if isinstance(made, Variation)]


def refusals(question: str) -> list[tuple[str, str]]:
    return [(made.rule, made.reason) for made in variations(record(question)) if isinstance(made, Refusal)]


@pytest.mark.parametrize(
    ("question", "variant"),
    [
        ("Co mówi prawo o urlopie wypoczynkowym?", "Jak prawo reguluje urlop wypoczynkowy?"),
        ("Jakie są konsekwencje fałszywych zeznań?", "Do czego mogą prowadzić fałszywe zeznania?"),
        ("Jakie są konsekwencje kradzieży?", "Co grozi za kradzież?"),
        ("Jaka kara grozi w Niemczech za jazdę po alkoholu?", "Co grozi w Niemczech za jazdę po alkoholu?"),
        ("Czy mogę się odwołać od mandatu?", "Czy wolno mi odwołać się od mandatu?"),
        ("Czy właściciel może mi podnieść czynsz?", "Czy prawo pozwala właścicielowi podnieść mi czynsz?"),
        ("Czy rodzice dziecka mogą korzystać z urlopu?", "Czy rodzice dziecka mają prawo korzystać z urlopu?"),
        ("Mogę nagrywać rozmowę z szefem?", "Czy mam prawo nagrywać rozmowę z szefem?"),
        ("Muszę im to zapłacić?", "Czy mam obowiązek im to zapłacić?"),
        ("Zastanawiam się, czy muszę płacić alimenty.", "Czy mam obowiązek płacić alimenty?"),
        ("Ciekawi mnie, do kiedy mogę się poskarżyć.", "Do kiedy mogę się poskarżyć?"),
        ("Kiedy przedawniają się mandaty karne?", "Jaki jest termin przedawnienia mandatów karnych?"),
        ("Ile mam czasu, żeby to odkręcić?", "Ile mam czasu na to, żeby to odkręcić?"),
        ("Dostałem mandat, ile mam czasu na odwołanie?", "Dostałem mandat, jaki termin mam na odwołanie?"),
        ("Termin na odrzucenie spadku?", "Jaki jest termin na odrzucenie spadku?"),
        ("Ile wynosi zachowek?", "Jaka jest wysokość zachowku?"),
        ("Czy należą mi się alimenty?", "Czy mam prawo do alimentów?"),
        ("Jakie przerwy przysługują pracownicy?", "Do jakich przerw ma prawo pracownica?"),
        ("Jakie prawa ma osoba zatrzymana?", "Jakie prawa przysługują osobie zatrzymanej?"),
        ("Co to są dobra osobiste?", "Czym są dobra osobiste?"),
        ("Czym dzierżawa różni się od najmu?", "Jaka jest różnica między dzierżawą a najmem?"),
        ("Kto płaci za badania lekarskie pracownika?", "Kto ponosi koszty badań lekarskich pracownika?"),
        ("Jak odwołać stary testament?", "W jaki sposób odwołać stary testament?"),
        ("Mam dług. Kiedy dług jest nieważny?", "Mam dług. W jakich przypadkach dług jest nieważny?"),
    ],
)
def test_a_question_is_asked_in_another_way(question: str, variant: str) -> None:
    assert variant in ways(question)


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("Co grozi za spóźnienie do pracy?", ("penalty", "not_an_offence")),
        ("Jakie są konsekwencje rozwodu?", ("penalty_asked", "not_an_offence")),
        ("Czy mogę dostać odszkodowanie?", ("permission_mine", "not_permission")),
        ("Czy mogę bezpiecznie podpisać umowę?", ("permission_mine", "not_permission")),
        ("Czy algorytm może odmówić mi kredytu?", ("permission", "not_a_person")),
        ("Czy piętnastolatek może sam kupić rower?", ("permission", "speaks_of_self")),
        ("Czy muszę mieć świadków?", ("duty_mine", "not_duty")),
        ("Czy muszę zapłacić, żeby odzyskać auto?", ("duty_mine", "states_an_aim")),
        ("Ile wynosi najlepszy wynik?", ("amount", "not_a_sum")),
        ("Kiedy wyrok jest prawomocny?", ("cases", "not_a_state_of_law")),
        ("Co mówi prawo o psie bez kagańca?", ("law_rules", "not_a_matter")),
        ("Co to jest smart kontrakt?", ("what_is", "inflection_unknown_word")),
        ("Czy policjant może jej dziecko zabrać?", ("permission", "no_deed")),
    ],
)
def test_a_doubt_is_a_refusal_with_its_reason(question: str, refusal: tuple[str, str]) -> None:
    assert refusal in refusals(question)


@pytest.mark.parametrize(
    "question",
    [
        "Oddadzą mi kasę czy mogę się pożegnać?",
        "Znalazłem portfel z kasą, znalezione nie kradzione, nie?",
        "Wywalili mnie dyscyplinarnie, mam szansę to odkręcić?",
        "Spółka z o.o. kupiła auto na firmę?",
        "Nie wiem, czy się obroni, bo w uzasadnieniu nic nie ma.",
        "Może tak?",
    ],
)
def test_what_is_no_plain_question_stays(question: str) -> None:
    assert ways(question) == []


def test_no_variation_of_the_sample_loses_a_number_or_a_citation_or_comes_twice() -> None:
    for question in QUESTIONS:
        made = ways(question)
        assert len(set(made)) == len(made)
        assert question not in made
        for variant in made:
            assert numbers(variant) == numbers(question)
            assert [item.key for item in find(variant)] == [item.key for item in find(question)]


def test_a_third_of_the_sample_can_be_asked_in_another_way() -> None:
    assert sum(bool(ways(question)) for question in QUESTIONS) >= 0.33 * len(QUESTIONS)


def test_a_closed_item_stays_as_it_is() -> None:
    item = Record(id="1", question="Kiedy przedawnia się dług?", answer="A", choices=(("A", "nigdy"),), correct="A")
    assert list(variations(item)) == [Refusal("any", "closed_item")]
    assert isinstance(framed(item, Random(1)), Refusal)


def test_a_template_frames_an_instruction_by_its_task() -> None:
    made = framed(record("Co to jest RODO?"), Random(3))
    assert isinstance(made, Variation)
    assert made.rule == "template"
    assert made.question != "Co to jest RODO?"


def test_every_slot_of_every_phrasing_is_a_part_of_its_pattern() -> None:
    for frame in FRAMES:
        names = {name.rstrip("_") for name in frame.pattern.groupindex}
        used = {name for phrasing in frame.phrasings for name in re.findall(r"[{<](\w+)", phrasing)}
        assert used <= names, frame.rule
