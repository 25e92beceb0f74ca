"""What the rules say of whole answers: outcome, citations, form, premises, and that nothing bad ever helps."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragraf.evaluation.items import Judged
from paragraf.evaluation.outcome import judge, yardstick
from paragraf.evaluation.quotes import in_order
from paragraf.records import Record
from paragraf.text import words

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
RECORDS = [Record.from_json(line) for line in SAMPLE.read_bytes().splitlines()]
BY_ID = {record.id: record for record in RECORDS}
NOTICE = BY_ID["praca-001"]
RANK = {"accurate": 0, "incomplete": 1, "abstained": 1, "hallucinated": 2}
KRAJ = Record(
    id="exam-1",
    area="karne",
    question="Zgodnie z Kodeksem karnym przygotowanie jest karalne:",
    answer="Prawidłowa jest odpowiedź A: tylko wtedy, gdy ustawa tak stanowi. Podstawa prawna: art. 16 § 2 k.k.",
    item_type="exam",
    legal_state="2012",
    legal_basis=("art. 16 § 2 k.k.",),
    choices=(("A", "tylko wtedy, gdy ustawa tak stanowi"), ("B", "zawsze"), ("C", "nigdy")),
    correct="A",
)


@pytest.fixture(autouse=True, scope="module")
def _empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARAGRAF_HOME", str(tmp_path_factory.mktemp("home")))
        yield


def rouge_l(answer: str, reference: str) -> float:
    said, wanted = words(answer.lower()), words(reference.lower())
    return 2 * in_order(said, wanted) / (len(said) + len(wanted))


def test_a_wrong_article_and_a_wrong_period_are_a_hallucination_though_nearly_all_words_are_right() -> None:
    answer = NOTICE.answer.replace("2 tygodnie", "3 tygodnie").replace("art. 36 § 1", "art. 63 § 1")
    judged = judge(NOTICE, answer)
    assert rouge_l(answer, NOTICE.answer) > 0.95
    assert judged.outcome == "hallucinated"
    assert judged.contradicted == ("2 tygodnie przy zatrudnieniu krótszym niż 6 miesięcy",)
    assert judged.articles is not None
    assert judged.articles.f1 == 0.0


def test_a_right_short_answer_is_accurate_though_few_words_are_the_same() -> None:
    answer = (
        "Zależy to od stażu u danego pracodawcy: 14 dni przy pracy krótszej niż pół roku, miesiąc przy co najmniej "
        "sześciu miesiącach, a od trzech lat trzy miesiące (art. 36 § 1 k.p.)."
    )
    judged = judge(NOTICE, answer)
    assert rouge_l(answer, NOTICE.answer) < 0.4
    assert (judged.outcome, judged.facts) == ("accurate", 1.0)
    assert judged.provisions is not None
    assert judged.provisions.f1 == 1.0


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("Wynosi 2 tygodnie, gdy pracujesz krócej niż 6 miesięcy. Podstawa prawna: art. 36 § 1 k.p.", "incomplete"),
        ("Nie wiem, jaki jest okres wypowiedzenia. Proszę zapytać radcę prawnego.", "abstained"),
        ("Okres wypowiedzenia wynosi 2 tygodnie. Podstawa prawna: art. 9999 k.p.c.", "hallucinated"),
        ("Okres wypowiedzenia zależy od stażu. Podstawa prawna: art. 118 k.c.", "hallucinated"),
        ("Przy zatrudnieniu krótszym niż 6 miesięcy jest to 5 tygodni.", "hallucinated"),
        ("", "incomplete"),
    ],
)
def test_an_answer_has_one_of_four_outcomes(answer: str, outcome: str) -> None:
    assert judge(NOTICE, answer).outcome == outcome


def test_own_answers_are_accurate_and_answers_to_other_questions_are_not() -> None:
    own = [judge(record, record.answer) for record in RECORDS]
    assert [item.id for item in own if item.outcome != "accurate"] == []
    assert [item.id for item in own if item.premise_handled is False] == []
    assert [item.id for item in own if item.provisions and item.provisions.f1 < 1] == []
    set_aside = [fact for record in RECORDS for fact in yardstick(record).sheet.unread]
    assert len(set_aside) <= 4
    draw = Random(5)
    others = Counter(
        judge(record, other.answer).outcome
        for record in RECORDS
        for other in draw.sample(RECORDS, 5)
        if other is not record
    )
    assert others["accurate"] == 0


def test_malformed_answers_are_wrong_everywhere() -> None:
    right = NOTICE.answer
    broken = {
        "empty": judge(NOTICE, " \n"),
        "unfinished": judge(NOTICE, right, finished=False),
        "loop": judge(NOTICE, " ".join(["Okres wypowiedzenia wynosi dwa tygodnie."] * 30)),
        "not_polish": judge(NOTICE, "The notice period is two weeks if you have worked for less than six months here."),
        "unreadable_citation": judge(NOTICE, "Okres wypowiedzenia zależy od stażu pracy. Podstawa: art. nr k.p."),
    }
    assert {name: item.malformed for name, item in broken.items()} == {name: name for name in broken}
    for item in broken.values():
        assert item.outcome != "accurate"
        assert item.facts == 0.0
        assert item.articles is not None
        assert item.articles.f1 == 0.0


@pytest.mark.parametrize(
    ("answer", "handled"),
    [
        ("Takiego przepisu nie ma: L4 nie chroni przed zwolnieniem dyscyplinarnym.", True),
        ("Niestety, żaden przepis przed tym nie chroni.", True),
        ("To nieprawda, zwolnienie lekarskie nie wyklucza dyscyplinarki.", True),
        ("Nie wiem, czy jest taki przepis.", True),
        ("Chroni Panią art. 41 k.p., który zakazuje każdego zwolnienia w czasie choroby.", False),
        ("Tak, w czasie L4 nie można dostać dyscyplinarki.", False),
        ("Przed dyscyplinarką na L4 chroni kodeks pracy. Wystarczy okazać zwolnienie.", False),
    ],
)
def test_a_false_premise_is_put_right_or_no_answer_given(answer: str, handled: bool) -> None:
    judged = judge(BY_ID["praca-038"], answer)
    assert judged.premise_handled is handled
    assert handled or judged.outcome == "hallucinated"


def test_other_items_have_no_premise_to_handle() -> None:
    assert judge(NOTICE, NOTICE.answer).premise_handled is None


@pytest.mark.parametrize(
    ("answer", "chosen", "outcome"),
    [
        (KRAJ.answer, "A", "accurate"),
        ("A", "A", "accurate"),
        ("Odpowiedź: B", "B", "hallucinated"),
        ("Właściwa jest odpowiedź C, czyli nigdy.", "C", "hallucinated"),
        ("Przygotowanie jest karalne tylko wtedy, gdy ustawa tak stanowi.", "A", "accurate"),
        ("Nie wiem.", "", "abstained"),
        ("To zależy od okoliczności sprawy i zamiaru sprawcy.", "", "incomplete"),
        ("Odpowiedź A. Podstawa prawna: art. 9999 k.k.", "A", "hallucinated"),
    ],
)
def test_a_closed_item_is_judged_by_its_letter(answer: str, chosen: str, outcome: str) -> None:
    judged = judge(KRAJ, answer)
    assert (judged.chosen, judged.outcome, judged.facts) == (chosen, outcome, None)
    assert judged.is_right is (chosen == "A")
    assert judged.slices == ("area:karne", "kind:exam", "closed")


def test_provisions_are_counted_by_their_standing_on_the_day_of_the_record() -> None:
    answer = f"{NOTICE.answer[:-1]}, art. 415 k.c., art. 9999 k.c., art. 5 ustawy o petycjach."
    judged = judge(NOTICE, answer)
    counts = (judged.cited, judged.checked, judged.fabricated, judged.out_of_force, judged.unverifiable)
    assert counts == (4, 2, 1, 0, 2)
    assert judged.fabricates


def test_who_says_that_a_provision_does_not_exist_does_not_fabricate_it() -> None:
    denied = judge(NOTICE, f"Art. 9999 k.c. nie istnieje. {NOTICE.answer}")
    assert (denied.fabricated, denied.outcome) == (0, "accurate")
    relied = judge(NOTICE, f"Wynika to z art. 9999 k.c., który istnieje. {NOTICE.answer}")
    assert (relied.fabricated, relied.outcome) == (1, "hallucinated")


@pytest.mark.parametrize(
    "said",
    [
        "W kodeksie cywilnym nie ma art. 9999 k.c.",
        "Kodeks cywilny nie zna art. 9999 k.c.",
        "Powołano art. 9999 k.c., którego nie ma.",
        "Art. 9999 k.c.: takiego przepisu nie ma.",
        "Art. 9999 k.c. (uchylony) nie daje takiego prawa.",
        "Art. 9998 i 9999 k.c. nie istnieją.",
        "Nie ma art. 9998 k.c. ani art. 9999 k.c.",
        "Ustawodawca uchylił art. 9999 k.c. w 2016 r.",
        "Art. 9999 k.c. jest zmyślony.",
    ],
)
def test_a_provision_may_be_denied_in_many_words(said: str) -> None:
    assert judge(NOTICE, f"{said} {NOTICE.answer}").fabricated == 0


@pytest.mark.parametrize(
    "said",
    [
        "Na podstawie art. 9999 k.c. umowa nie obowiązuje konsumenta.",
        "Zgodnie z art. 9999 k.c. uchylony wyrok traci moc.",
        "Zgodnie z art. 9999 k.c. nie obowiązuje żaden termin.",
        "Zgodnie z art. 9999 k.c. dawny właściciel może żądać zwrotu.",
        "Sąd uchylił wyrok na podstawie art. 9999 k.c.",
        "Art. 9999 k.c. nie zna takiego ograniczenia.",
        "Art. 9999 k.c. nie ma zastosowania do umów ustnych.",
        "Podstawą jest art. 9999 k.c. Uchylono wyrok sądu.",
        "Jeżeli umowa nie zawiera terminu, stosuje się art. 9999 k.c.",
    ],
)
def test_what_something_else_lacks_or_lost_excuses_no_invented_provision(said: str) -> None:
    assert judge(NOTICE, f"{said} {NOTICE.answer}").fabricated == 1


def test_a_record_without_facts_is_asked_for_the_sentences_of_its_answer() -> None:
    bare = replace(NOTICE, facts=())
    assert judge(bare, NOTICE.answer).outcome == "accurate"
    assert judge(bare, "Wynosi 2 tygodnie, gdy pracujesz krócej niż 6 miesięcy.").outcome == "incomplete"


def test_law_that_is_newer_than_the_model_can_know_is_the_temporal_slice() -> None:
    assert "temporal" in judge(NOTICE, NOTICE.answer, known_until=date(2024, 6, 30)).slices
    assert "temporal" not in judge(NOTICE, NOTICE.answer, known_until=date(2025, 6, 30)).slices
    assert "temporal" not in judge(NOTICE, NOTICE.answer).slices


def figures(item: Judged) -> dict[str, float]:
    """Everything that is better when it is higher."""
    told = {"outcome": -RANK[item.outcome], "fabricated": -item.fabricated, "facts": item.facts or 0.0}
    told["premise"] = float(item.premise_handled or False)
    for name, agreement in (("articles", item.articles), ("provisions", item.provisions)):
        told |= {f"{name} {key}": value for key, value in agreement.model_dump().items()} if agreement else {}
    return told


@settings(deadline=None, max_examples=150)
@given(
    record=st.sampled_from(RECORDS),
    source=st.sampled_from(RECORDS),
    is_own=st.booleans(),
    # 6361 may be art. 636¹, 6360 is none; 4310 may be art. 43¹⁰
    number=st.integers(400, 999).map(lambda tens: 10 * tens).filter(lambda number: number != 4310),
    act=st.sampled_from(["k.c.", "k.k.", "k.p.c.", "k.p.a."]),
)
def test_a_fabricated_article_never_improves_anything(
    record: Record, source: Record, is_own: bool, number: int, act: str
) -> None:
    answer = record.answer if is_own else source.answer
    worse = f"{answer} Zobacz też art. {number} {act}"
    before, after = figures(judge(record, answer)), figures(judge(record, worse))
    assert [name for name in before if after[name] > before[name]] == []
    assert after["outcome"] == -RANK["hallucinated"]


@settings(deadline=None, max_examples=100)
@given(record=st.sampled_from([record for record in RECORDS if record.facts]), data=st.data())
def test_a_sentence_left_out_never_covers_more(record: Record, data: st.DataObject) -> None:
    sentences = record.answer.split(". ")
    kept = data.draw(st.lists(st.sampled_from(range(len(sentences))), unique=True).map(sorted))
    part = ". ".join(sentences[place] for place in kept)
    facts = judge(record, part).facts
    assert facts is None or 0.0 <= facts <= 1.0


@given(text=st.text(max_size=400))
@settings(deadline=None, max_examples=200)
def test_whatever_a_model_says_can_be_judged(text: str) -> None:
    judged = judge(NOTICE, text)
    assert judged.outcome in RANK
    assert Judged.model_validate_json(judged.model_dump_json()) == judged


def test_the_same_answer_is_judged_the_same() -> None:
    assert judge(NOTICE, NOTICE.answer) == judge(NOTICE, NOTICE.answer)
    assert json.loads(judge(NOTICE, NOTICE.answer).model_dump_json())["outcome"] == "accurate"
