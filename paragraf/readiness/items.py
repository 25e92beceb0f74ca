"""Items: facts in, the questions of the checklist with their answers, in Polish, and the verdict out."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from paragraf.baselines.contenders import Contender
from paragraf.readiness.facts import ReadinessFacts
from paragraf.wording import contender_name, counted, expectation, number, percent

Answer = Literal["yes", "no", "unknown"]
Decision = Literal["do_not", "not_yet", "measure", "go"]

_FEWEST, _ENOUGH = 500, 1000  # rows, as every guide to fine-tuning asks for
_HELD_OUT = 30  # rows; fewer tell nothing of a difference
# Our policy for what needs no mending: four of five answers are right, of two provisions at most one is wrong.
_GOOD_ENOUGH = {"accurate": 0.8, "citation_f1": 0.6, "polish": 0.95}


class Item(BaseModel):
    """One question of the checklist: the answer that speaks for fine-tuning is "yes"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    question: str
    answer: Answer
    found: str
    advice: str = ""


class Verdict(BaseModel):
    """What the checklist comes to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Decision
    sentence: str
    items: list[Item]


def verdict_of(facts: ReadinessFacts) -> Verdict:
    """Prompting that does as well comes first, then what the data lacks."""
    items = [
        _prompting(facts),
        _rows(facts),
        _diversity(facts),
        _held_out(facts),
        _measures(facts),
        _budget(facts),
        _upkeep(facts),
    ]
    answers = {item.name: item.answer for item in items}
    missing = [item for item in items if item.name in ("rows", "diversity", "held_out") and item.answer == "no"]
    if answers["prompting"] == "no":
        return Verdict(decision="do_not", sentence=f"Nie trenuj. {items[0].found}", items=items)
    if missing:
        told = " ".join(item.found for item in missing)
        return Verdict(decision="not_yet", sentence=f"Jeszcze nie trenuj: najpierw dane. {told}", items=items)
    if answers["prompting"] == "unknown":
        sentence = "Najpierw zmierz, czy nie wystarczy sam prompt: paragraf preflight --measure."
        return Verdict(decision="measure", sentence=sentence, items=items)
    return Verdict(decision="go", sentence=f"Można trenować. {items[0].found}", items=items)


def _prompting(facts: ReadinessFacts) -> Item:
    untrained, tuned = facts.contest.best_untrained(), facts.contest.best_tuned()
    question = "Czy prompt engineering nie wystarczy?"
    if untrained is None:
        advice = "paragraf preflight --measure zada modelowi bazowemu kilka pytań walidacyjnych."
        return Item(name="prompting", question=question, answer="unknown", found="Nie zmierzono.", advice=advice)
    rows = f"n = {facts.contest.rows}, {'test' if facts.asked == 'test' else 'walidacja'}"
    best = f"{contender_name(untrained.name)}: {_marks(untrained)} ({rows})"
    if _is_good_enough(untrained):
        found = f"Wystarcza sposób bez fine-tuningu. {best}."
        return Item(name="prompting", question=question, answer="no", found=found, advice="Użyj tego sposobu.")
    if tuned and tuned.merit() <= untrained.merit():
        found = f"Fine-tuning nie dał więcej niż najlepszy sposób bez niego. {best}; {_of_tuned(tuned)}."
        advice = "Zanim wytrenujesz znowu, zmień dane albo model bazowy (--train.base-model)."
        return Item(name="prompting", question=question, answer="no", found=found, advice=advice)
    compared = f"; {_of_tuned(tuned)}" if tuned else ""
    return Item(name="prompting", question=question, answer="yes", found=f"Nie wystarcza. {best}{compared}.")


def _of_tuned(tuned: Contender) -> str:
    return f"{contender_name(tuned.name)}: {_marks(tuned)}"


def _marks(one: Contender) -> str:
    values = {name: one.measures[name].value for name in _GOOD_ENOUGH}
    return (
        f"trafne odpowiedzi {percent(values['accurate'])}, trafność przepisów {percent(values['citation_f1'])}, "
        f"po polsku {percent(values['polish'])}"
    )


def _is_good_enough(one: Contender) -> bool:
    return all((one.measures[name].value or 0.0) >= least for name, least in _GOOD_ENOUGH.items())


def _rows(facts: ReadinessFacts) -> Item:
    said = counted(facts.kept, "wiersz", "wiersze", "wierszy")
    found = f"{said} po czyszczeniu; potrzeba co najmniej {_FEWEST}, lepiej {_ENOUGH}."
    advice = "Zbierz więcej pytań z dobrymi odpowiedziami." if facts.kept < _ENOUGH else ""
    return Item(
        name="rows",
        question="Czy mam min. 500-1000 wysokiej jakości przykładów?",
        answer="yes" if facts.kept >= _FEWEST else "no",
        found=found,
        advice=advice,
    )


def _diversity(facts: ReadinessFacts) -> Item:
    failed = [check for check in facts.diversity if not check.passed and check.severity != "info"]
    named = {area: rows for area, rows in facts.areas.items() if area}
    largest = max(named.values(), default=0) / max(1, facts.kept)
    areas = counted(len(named), "dziedzina prawa", "dziedziny prawa", "dziedzin prawa")
    once = f"; raz pada {percent(facts.alike)} pytań" if facts.alike is not None else ""
    told = [expectation(check.text) for check in failed]
    found = f"{areas}, największa ma {percent(largest)} wierszy{once}."
    return Item(
        name="diversity",
        question="Czy dane są zróżnicowane i reprezentatywne?",
        answer="no" if failed else "yes",
        found=f"{found} Niespełnione: {'; '.join(told)}." if told else found,
        advice="Uzupełnij to, czego brakuje, albo wyrównaj wariantami (--augment.balance.by area)." if told else "",
    )


def _held_out(facts: ReadinessFacts) -> Item:
    is_enough = min(facts.valid, facts.test) >= _HELD_OUT
    return Item(
        name="held_out",
        question="Czy mam dane walidacyjne i testowe?",
        answer="yes" if is_enough else "no",
        found=f"Walidacja: {number(facts.valid)}, test: {number(facts.test)}, trening: {number(facts.train)} wierszy; "
        f"wierszy jednego pochodzenia nie dzieli granica części.",
        advice="" if is_enough else f"Potrzeba co najmniej {_HELD_OUT} wierszy w każdej z tych części.",
    )


def _measures(facts: ReadinessFacts) -> Item:
    answered = min(facts.answered, facts.test)
    is_enough = answered >= _HELD_OUT
    return Item(
        name="measures",
        question="Czy określiłem metryki sukcesu?",
        answer="yes" if is_enough else "no",
        found="Strata na odpowiedziach, trafność przepisów, forma, język, powtórzenia, powściągliwość, porównanie z "
        f"najlepszym sposobem bez fine-tuningu; własnych odpowiedzi: {number(answered)}.",
        advice="" if is_enough else f"Tyle odpowiedzi niczego nie rozstrzygnie; --answer.rows {_HELD_OUT} lub więcej.",
    )


def _budget(facts: ReadinessFacts) -> Item:
    question = "Czy mam budżet na eksperymenty?"
    if facts.times is None:
        advice = "paragraf advise zmierzy kilka kroków treningu na tej maszynie."
        return Item(name="budget", question=question, answer="unknown", found="Nie zmierzono.", advice=advice)
    hours = facts.times.expected / 3600
    price = facts.price
    cost = f", {number(hours * price.hour, 2)} {price.currency}" if price.hour else ""
    found = f"Jeden trening: około {number(hours * 60, 0)} min{cost} (sam czas kroków)."
    return Item(
        name="budget",
        question=question,
        answer="yes",
        found=found,
        advice="" if price.hour else "Podaj cenę godziny maszyny (--baselines.price.hour), by poznać koszt.",
    )


def _upkeep(facts: ReadinessFacts) -> Item:
    names = ", ".join(facts.schedules)
    return Item(
        name="upkeep",
        question="Czy mam plan utrzymania modelu?",
        answer="yes" if names else "no",
        found=f"Harmonogram: {names}." if names else "Żaden harmonogram nie uruchamia treningu na nowo.",
        advice="" if names else "deployments/prefect.yaml ma harmonogramy; wgraj je: paragraf deploy.",
    )
