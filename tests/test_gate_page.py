"""The page of a verdict: what it tells first, that every rule stands on it, and that no text becomes markup."""

import pytest

from paragraf.gate import Contender, GateSettings, Verdict, decide
from paragraf.gate.page import verdict_page
from paragraf.gate.wording import mark, rule_meaning, rule_name, slice_name
from tests.gating import contender, of_ten
from tests.pages import HOSTILE, Skeleton, as_harmless

CHAMPION = contender("dotychczasowy", of_ten(6))
SEARCH = contender("wyszukiwarka", of_ten(5), role="baseline")


def verdict(challenger: Contender) -> Verdict:
    return decide(challenger, CHAMPION, [SEARCH], GateSettings())


def text_of(found: Verdict) -> str:
    return " ".join(Skeleton(verdict_page(found)).text.split())


@pytest.mark.parametrize(
    ("challenger", "told"),
    [
        (contender("nowy", of_ten(9)), "Dopuścić PROMOTE Nowy model może zastąpić dotychczasowy"),
        (contender("nowy", of_ten(6)), "Wstrzymać HOLD Nowy model na razie nie zastępuje dotychczasowego"),
        (contender("nowy", of_ten(3)), "Odrzucić REJECT Nowy model nie może zastąpić dotychczasowego"),
    ],
)
def test_the_decision_stands_on_top(challenger: Contender, told: str) -> None:
    assert told in text_of(verdict(challenger))


def test_every_rule_stands_on_the_page_with_its_mark_evidence_and_meaning() -> None:
    found = verdict(contender("nowy", of_ten(6), n=640, invents=lambda number: number % 10 == 0))
    text = text_of(found)
    for result in found.rules:
        assert mark(result) in text
        assert rule_meaning(result.rule) in text
        if result.rule == "slice":
            assert slice_name(result.subject) in text
        else:
            assert " ".join(result.polish.split()) in text
    assert found.digest in text


def test_what_speaks_against_a_model_comes_before_what_speaks_for_it() -> None:
    text = text_of(verdict(contender("nowy", of_ten(9), violates=lambda number: number % 9 == 0)))
    assert "Złamane: nie udziela niedozwolonych porad." in text
    rules = text[text.index("Co to znaczy dla prawnika") :]
    assert rules.index(rule_name("advice")) < rules.index(rule_name("fabrication"))


def test_the_advice_not_to_fine_tune_is_told_only_where_it_is_given() -> None:
    search = contender("wyszukiwarka", of_ten(9), role="baseline")
    found = decide(contender("nowy", of_ten(9)), CHAMPION, [search], GateSettings())
    assert "Nie warto trenować: użyj „wyszukiwarka”." in text_of(found)
    assert "Nie warto trenować" not in text_of(verdict(contender("nowy", of_ten(9))))


def test_the_items_that_differ_are_named_and_a_long_list_is_counted() -> None:
    text = text_of(verdict(contender("nowy", of_ten(10))))
    assert "Trafnie tylko „nowy”: 256" in text
    assert "i 56 dalszych" in text
    assert "Trafnie tylko „dotychczasowy”: 0" in text


def test_a_rival_that_is_the_base_model_is_called_so() -> None:
    base = contender("surowy", of_ten(2), role="base")
    text = text_of(decide(contender("nowy", of_ten(9)), None, [base], GateSettings()))
    assert "model bazowy surowy" in text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("all", "wszystkie pytania prawne"),
        ("area:praca", "dziedzina: praca"),
        ("kind:false_premise", "rodzaj: fałszywe założenie"),
        ("paraphrase", "to samo innymi słowami"),
        ("wzory", "wzory"),
    ],
)
def test_slices_have_polish_names(name: str, told: str) -> None:
    assert slice_name(name) == told


def test_hostile_text_never_becomes_markup() -> None:
    def page(texts: list[str]) -> str:
        challenger, champion, search = (
            contender(f"{at} {text}", of_ten(right), role=role)
            for at, text, right, role in (
                (1, texts[0], 9, "trained"),
                (2, texts[1], 6, "trained"),
                (3, texts[2], 9, "baseline"),
            )
        )
        named = [
            one.model_copy(
                update={
                    "items": tuple(
                        item.model_copy(update={"id": f"{at} {text}", "slices": (f"area:{text}",)})
                        for at, (item, text) in enumerate(zip(one.items, texts * 99, strict=False))
                    )
                }
            )
            for one in (challenger, champion, search)
        ]
        return verdict_page(decide(named[0], named[1], named[2:], GateSettings()))

    harmless, hostile = page(as_harmless(HOSTILE)), page(HOSTILE)
    assert Skeleton(harmless).elements == Skeleton(hostile).elements
    assert all(address.startswith("#") for address in Skeleton(hostile).addresses)
    assert "\x1b" not in hostile
