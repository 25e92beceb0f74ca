"""The checklist before a fine-tuning: every question answered from what was measured, and a verdict that may be no."""

import json
import re

import pytest

from paragraf.advise.candidates import Candidate
from paragraf.advise.findings import Findings
from paragraf.advise.probe import Machine, Probe, Span
from paragraf.baselines.contenders import Contest
from paragraf.baselines.settings import PriceSettings
from paragraf.events import record_event
from paragraf.publish import publish
from paragraf.readiness import ReadinessFacts, publish_readiness, verdict_of
from paragraf.readiness.facts import advised_times
from paragraf.readiness.items import Item
from paragraf.readiness.page import text_of as terminal_text
from paragraf.train.settings import LoraSettings
from paragraf.verdict import Check
from paragraf.workspace import at_rest, home
from tests.pages import HOSTILE, Skeleton, as_harmless, contender, text_of

UNEVEN = Check(
    suite="numbers",
    rule="N12",
    text="Areas of law are evenly represented",
    severity="warning",
    passed=False,
    observed="0.4",
)


def facts(**changes: object) -> ReadinessFacts:
    given: dict[str, object] = {
        "source": "pytania.csv",
        "base": "mały",
        "kept": 1200,
        "train": 900,
        "valid": 150,
        "test": 150,
        "areas": {"praca": 700, "karne": 500},
        "alike": 0.99,
        "diversity": [],
        "answered": 60,
        "contest": held(("base_rag", 0.2), ("tuned", 0.7)),
        "asked": "test",
        "times": Span(1800, 1700, 1900),
        "price": PriceSettings(hour=4.0),
        "schedules": ["weekly"],
    }
    return ReadinessFacts.model_validate(given | changes)


def held(*marks: tuple[str, float]) -> Contest:
    contenders = [contender(name, value) for name, value in marks]
    return Contest(rows=40, currency="PLN", prices_as_of="", contenders=contenders)


def item(facts: ReadinessFacts, name: str) -> Item:
    return next(item for item in verdict_of(facts).items if item.name == name)


def test_with_everything_in_place_one_may_train() -> None:
    verdict = verdict_of(facts())
    assert verdict.decision == "go"
    assert [item.answer for item in verdict.items] == ["yes"] * 7


def test_the_questions_are_those_of_the_checklist() -> None:
    assert [item.question for item in verdict_of(facts()).items] == [
        "Czy prompt engineering nie wystarczy?",
        "Czy mam min. 500-1000 wysokiej jakości przykładów?",
        "Czy dane są zróżnicowane i reprezentatywne?",
        "Czy mam dane walidacyjne i testowe?",
        "Czy określiłem metryki sukcesu?",
        "Czy mam budżet na eksperymenty?",
        "Czy mam plan utrzymania modelu?",
    ]


@pytest.mark.parametrize("tuned", [0.5, 0.3])
def test_who_gains_nothing_by_fine_tuning_is_told_not_to(tuned: float) -> None:
    verdict = verdict_of(facts(contest=held(("base", 0.1), ("base_rag", 0.5), ("tuned", tuned))))
    assert verdict.decision == "do_not"
    assert "Nie trenuj. Fine-tuning nie dał więcej niż najlepszy sposób bez niego" in verdict.sentence
    assert "materiały (RAG): trafne odpowiedzi 50,0%, trafność przepisów 25,0%" in verdict.sentence


def test_a_prompt_that_is_good_enough_needs_no_training_even_where_training_is_better() -> None:
    good = contender("base_prompted", 0.8)
    enough = {name: good.measures[name].model_copy(update={"value": 0.95}) for name in ("citation_f1", "polish")}
    good = good.model_copy(update={"measures": good.measures | enough})
    contest = held().model_copy(update={"contenders": [good, contender("tuned", 0.9)]})
    verdict = verdict_of(facts(contest=contest))
    assert verdict.decision == "do_not"
    assert "Wystarcza sposób bez fine-tuningu. Model bazowy, dobrany prompt" in verdict.sentence


def test_what_was_not_measured_is_to_be_measured_first() -> None:
    verdict = verdict_of(facts(contest=Contest.empty(), asked="nothing"))
    assert verdict.decision == "measure"
    assert "paragraf preflight --measure" in verdict.sentence


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({"kept": 440}, "rows", "440 wierszy po czyszczeniu; potrzeba co najmniej 500"),
        ({"diversity": [UNEVEN]}, "diversity", "Dziedziny prawa są reprezentowane równomiernie"),
        ({"test": 12}, "held_out", "test: 12"),
    ],
)
def test_without_the_data_one_does_not_train_yet(changes: dict[str, object], name: str, words: str) -> None:
    given = facts(**changes)
    assert verdict_of(given).decision == "not_yet"
    assert item(given, name).answer == "no"
    assert words in item(given, name).found.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("kept", "answer"), [(499, "no"), (500, "yes"), (1000, "yes")])
def test_five_hundred_rows_are_the_least(kept: int, answer: str) -> None:
    assert item(facts(kept=kept), "rows").answer == answer
    assert bool(item(facts(kept=kept), "rows").advice) == (kept < 1000)


def test_few_answers_decide_nothing() -> None:
    assert item(facts(answered=20), "measures").answer == "no"
    assert verdict_of(facts(answered=20)).decision == "go"


def test_time_and_cost_of_a_training_are_told() -> None:
    assert item(facts(), "budget").found == "Jeden trening: około 30 min, 2,00 PLN (sam czas kroków)."
    assert "30 min (sam" in item(facts(price=PriceSettings()), "budget").found
    assert item(facts(times=None), "budget").answer == "unknown"


def test_without_a_schedule_nobody_keeps_the_model() -> None:
    assert item(facts(schedules=[]), "upkeep").answer == "no"


def test_times_are_those_of_the_newest_advice_for_the_same_base_model() -> None:
    for name, seconds in (("a", 0.001), ("b", 0.002)):
        candidate = Candidate(name="as given", flags="", settings=LoraSettings(epochs=1))
        probe = Probe(
            name=candidate.name,
            flags="",
            outcome="measured",
            kind="cpu",
            free_gib=10.0,
            peak_gib=1.0,
            rows_at_once=1,
            token_seconds=(seconds,),
        )
        machine = Machine(kind="cpu", device="CPU", free_gib=10, rows=1, epoch_tokens=1000, longest=10)
        found = Findings(base=name, parameters=1, machine=machine, settings=LoraSettings(epochs=1), probes=(probe,))
        with publish(home() / "advice" / name) as folder:
            (folder / "advice.json").write_text(found.model_dump_json())
        record_event("advice_published", {"path": f"advice/{name}"})
    assert advised_times("a") == Span(1.0, 1.0, 1.0)
    assert advised_times("b") == Span(2.0, 2.0, 2.0)
    assert advised_times("c") is None


def test_the_text_fits_a_terminal_and_the_page_says_the_same() -> None:
    report = publish_readiness(facts())
    text = (at_rest(report.path) / "readiness.txt").read_text("utf-8")
    html = text_of((at_rest(report.path) / "readiness.html").read_text("utf-8"))
    assert max(map(len, text.splitlines())) <= 100
    assert "[tak] Czy mam plan utrzymania modelu?\n    Harmonogram: weekly." in text
    for one in verdict_of(facts()).items:
        assert one.question in html
        assert one.found.replace("\N{NO-BREAK SPACE}", " ") in html
    assert report.decision == "go"


def test_hostile_names_become_no_markup() -> None:
    pages = []
    for texts in (as_harmless(HOSTILE), HOSTILE):
        named = facts(source=" ".join(texts), base=texts[0], schedules=texts, areas=dict.fromkeys(texts, 1))
        report = publish_readiness(named)
        pages.append(Skeleton((at_rest(report.path) / "readiness.html").read_text("utf-8")))
        assert not re.search("[\x00\x07\x1b\x9b\u202e]", terminal_text(named, verdict_of(named)))
    assert pages[0].elements == pages[1].elements
    assert json.dumps(pages[1].addresses) == "[]"
