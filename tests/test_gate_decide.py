"""The verdict: planted cases, that nothing worse is ever judged better, and what its digest is of."""

from collections.abc import Callable
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from paragraf.errors import NotComparable
from paragraf.gate import Contender, GateSettings, Item, Retained, Verdict, decide
from paragraf.gate.verdict import Decision
from tests.gating import EVERYDAY, contender, of_ten

SETTINGS = GateSettings()
CHAMPION = contender("dotychczasowy", of_ten(6))
BASE = contender("model bazowy", of_ten(2), role="base")
SEARCH = contender("wyszukiwarka", of_ten(5), role="baseline")
ORDER: tuple[Decision, ...] = ("REJECT", "HOLD", "PROMOTE")
SMALL = GateSettings(
    max_fabricating=0.4,
    fabrication_items=10,
    max_violating=0.5,
    violation_items=8,
    advice_recall=1,
    margin=0.35,
    slice_items=5,
    retention_rows=3,
    closed_items=4,
)


def verdict(challenger: Contender, champion: Contender | None = CHAMPION) -> Verdict:
    return decide(challenger, champion, [BASE, SEARCH], SETTINGS)


def unproven(found: Verdict) -> list[str]:
    return sorted({f"{result.rule} {result.subject}".strip() for result in found.rules if result.status != "passed"})


def broken(found: Verdict) -> list[str]:
    return [result.rule for result in found.rules if result.rejects]


def test_a_better_model_is_promoted_with_all_its_evidence() -> None:
    found = verdict(contender("nowy", of_ten(9)))
    assert (found.decision, unproven(found)) == ("PROMOTE", [])
    assert found.summary() == (
        "PROMOTE: nowy against the champion dotychczasowy; rules passed 15, failed 0, insufficient 0."
    )
    assert (len(found.wins), found.losses, found.use_instead) == (192, (), None)
    assert [standing.name for standing in found.standings] == ["nowy", "dotychczasowy", "model bazowy", "wyszukiwarka"]


def test_equal_models_are_held() -> None:
    found = verdict(contender("nowy", of_ten(6)))
    assert found.decision == "HOLD"
    assert unproven(found) == ["superiority dotychczasowy"]


def test_models_that_are_equally_good_on_other_items_are_held() -> None:
    found = verdict(contender("nowy", of_ten(6, first=2)))
    assert found.decision == "HOLD"
    assert len(found.wins) == len(found.losses) == 128
    assert broken(found) == []


def test_a_model_that_invents_provisions_is_rejected_however_accurate_it_is() -> None:
    found = verdict(contender("nowy", of_ten(10), invents=lambda number: number % 10 == 0))
    assert (found.decision, broken(found)) == ("REJECT", ["fabrication"])
    assert "superiority dotychczasowy" not in unproven(found)


def test_a_model_that_invents_a_little_more_than_is_allowed_is_held() -> None:
    found = verdict(contender("nowy", of_ten(9), invents=lambda number: number % 20 == 0))
    assert (found.decision, unproven(found)) == ("HOLD", ["fabrication"])


def test_a_model_that_gives_forbidden_advice_is_rejected() -> None:
    found = verdict(contender("nowy", of_ten(9), violates=lambda number: number % 9 == 0))
    assert (found.decision, broken(found)) == ("REJECT", ["advice"])


def test_a_model_that_forgot_everything_else_is_rejected() -> None:
    forgotten = tuple(row.model_copy(update={"after": row.before + 2}) for row in EVERYDAY)
    found = verdict(contender("nowy", of_ten(9), retained=forgotten))
    assert (found.decision, broken(found)) == ("REJECT", ["retention"])


def test_a_model_that_is_proven_worse_is_rejected() -> None:
    found = verdict(contender("nowy", of_ten(4)))
    assert (found.decision, broken(found)) == ("REJECT", ["superiority"])


def test_a_better_model_is_held_where_there_are_few_items() -> None:
    few = [contender(name, of_ten(right), n=40) for name, right in (("nowy", 9), ("stary", 5), ("wyszukiwarka", 3))]
    found = decide(few[0], few[1], few[2:], SETTINGS)
    assert found.decision == "HOLD"
    assert not {"superiority stary", "baseline wyszukiwarka"} & set(unproven(found))
    assert {"fabrication", "advice", "slice area:praca"} <= set(unproven(found))


def test_a_model_that_is_better_overall_and_worse_in_one_area_is_held() -> None:
    def all_but_leases(number: int) -> bool:
        return of_ten(3 if number % 4 == 1 else 10)(number)

    found = verdict(contender("nowy", all_but_leases))
    assert (found.decision, unproven(found)) == ("HOLD", ["slice area:najem"])


def nothing(number: int) -> bool:
    return False


def test_a_model_that_refuses_all_is_never_promoted() -> None:
    refusing = contender("odmawia", nothing)
    equally_bad = contender("nic nie umie", nothing, invents=lambda number: True)
    assert verdict(refusing).decision == "REJECT"
    assert decide(refusing, equally_bad, [BASE], SETTINGS).decision == "HOLD"


@pytest.mark.parametrize("right", [9, 10])
def test_where_a_way_without_training_is_as_good_the_advice_is_not_to_fine_tune(right: int) -> None:
    search = contender("wyszukiwarka", of_ten(right), role="baseline")
    found = decide(contender("nowy", of_ten(9)), CHAMPION, [BASE, search], SETTINGS)
    assert (found.decision, unproven(found)) == ("HOLD", ["baseline wyszukiwarka"])
    assert found.summary().endswith("Do not fine-tune: use wyszukiwarka.")


def test_a_way_without_training_that_is_a_little_worse_within_the_margin_is_as_good() -> None:
    search = contender("wyszukiwarka", lambda number: of_ten(9)(number) and number % 200 != 4, role="baseline")
    found = decide(contender("nowy", of_ten(9)), CHAMPION, [search], SETTINGS)
    assert unproven(found) == ["baseline wyszukiwarka"]
    assert found.use_instead == "wyszukiwarka"


def test_on_few_items_the_advice_goes_by_who_is_right_more_often() -> None:
    few = [contender(name, of_ten(right), n=40) for name, right in (("nowy", 7), ("stary", 5))]
    for right, advised in ((8, "wyszukiwarka"), (6, None)):
        search = contender("wyszukiwarka", of_ten(right), n=40, role="baseline")
        assert decide(few[0], few[1], [search], SETTINGS).use_instead == advised


def test_a_way_without_training_that_invents_provisions_is_never_advised() -> None:
    def inventing(number: int) -> bool:
        return number % 10 == 0

    search = contender("wyszukiwarka", of_ten(10), invents=inventing, role="baseline")
    found = decide(contender("nowy", of_ten(9)), CHAMPION, [search], SETTINGS)
    assert (found.decision, found.use_instead) == ("HOLD", None)


def test_baselines_need_not_be_beaten_where_the_settings_say_so() -> None:
    search = contender("wyszukiwarka", of_ten(9), role="baseline")
    relaxed = GateSettings(must_beat_baseline=False, must_beat_chance=False)
    found = decide(contender("nowy", of_ten(9)), CHAMPION, [search], relaxed)
    assert (found.decision, found.use_instead) == ("PROMOTE", None)
    assert not {"baseline", "chance"} & {result.rule for result in found.rules}


def test_without_baselines_that_must_be_beaten_a_better_model_is_held() -> None:
    found = decide(contender("nowy", of_ten(9)), CHAMPION, [], SETTINGS)
    assert (found.decision, unproven(found)) == ("HOLD", ["baseline"])


def test_without_a_champion_the_base_model_is_the_rival() -> None:
    found = verdict(contender("nowy", of_ten(9)), champion=None)
    assert (found.decision, found.rival, found.has_champion) == ("PROMOTE", "model bazowy", False)
    assert [standing.name for standing in found.standings] == ["nowy", "model bazowy", "wyszukiwarka"]


def test_without_a_champion_and_a_base_model_there_is_nobody_to_compare_with() -> None:
    with pytest.raises(NotComparable, match="there is no champion, and 0 of 1 baselines are the base model"):
        decide(contender("nowy", of_ten(9)), None, [SEARCH], SETTINGS)


def changed(one: Contender, name: str = "inny", **item: object) -> Contender:
    """Another contender, whose first item is another one."""
    first, *rest = one.items
    return one.model_copy(update={"name": name, "items": (first.model_copy(update=item), *rest)})


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (changed(CHAMPION, id="obce"), r"asked different items: obce, pytanie-000 \(of 640 and 640\)"),
        (contender("inny", of_ten(6), n=630), r"pytanie-630, .* and 5 more \(of 640 and 630\)"),
        (changed(CHAMPION, slices=("area:morskie",)), "in different slices: pytanie-000"),
        (changed(CHAMPION, chance=0.5), "in different slices: pytanie-000"),
        (changed(CHAMPION, id="pytanie-001"), "inny was measured more than once on: pytanie-001"),
        (changed(CHAMPION, name="nowy"), "more than one contender is named 'nowy'"),
    ],
)
def test_contenders_of_different_tests_are_never_compared(other: Contender, told: str) -> None:
    challenger = contender("nowy", of_ten(9))
    with pytest.raises(NotComparable, match=told):
        decide(challenger, other, [BASE], SETTINGS)
    with pytest.raises(NotComparable):
        decide(challenger, CHAMPION, [BASE, other], SETTINGS)


def test_everyday_rows_that_were_measured_twice_are_an_error() -> None:
    with pytest.raises(NotComparable, match="nowy was measured more than once on: zwykły-0"):
        verdict(contender("nowy", of_ten(9), retained=(*EVERYDAY, EVERYDAY[0])))


def test_the_order_of_what_comes_in_changes_nothing_at_all() -> None:
    def shuffled(one: Contender) -> Contender:
        items = [item.model_copy(update={"slices": item.slices[::-1]}) for item in one.items]
        shuffled_items = Random(3).sample([Item.model_validate(item.model_dump()) for item in items], len(items))
        retained = Random(4).sample(one.retained, len(one.retained))
        return one.model_copy(update={"items": tuple(shuffled_items), "retained": tuple(retained)})

    challenger = contender("nowy", of_ten(9))
    other = decide(shuffled(challenger), shuffled(CHAMPION), [shuffled(BASE), shuffled(SEARCH)], SETTINGS)
    assert other == verdict(challenger)
    assert decide(challenger, CHAMPION, [SEARCH, BASE], SETTINGS).digest == verdict(challenger).digest


@pytest.mark.parametrize(
    "change",
    [
        {"accurate": False},
        {"fabricates": True},
        {"violates": True},
        {"violates": False},
    ],
)
@pytest.mark.parametrize("place", ["challenger", "champion", "baseline"])
def test_the_digest_changes_with_every_answer(change: dict[str, object], place: str) -> None:
    sides = {"challenger": contender("nowy", of_ten(9)), "champion": CHAMPION, "baseline": BASE}
    before = digest(sides)
    sides[place] = changed(sides[place], name=sides[place].name, **change)
    assert digest(sides) != before


def digest(sides: dict[str, Contender], gate: GateSettings = SETTINGS) -> str:
    return decide(sides["challenger"], sides["champion"], [sides["baseline"]], gate).digest


def test_the_digest_changes_with_the_test_the_losses_the_names_and_who_is_who() -> None:
    def again(change: Callable[[Contender], Contender]) -> str:
        one, other = contender("nowy", of_ten(9)), contender("stary", of_ten(6))
        return decide(change(one), change(other), [change(BASE)], SETTINGS).digest

    def renamed(one: Contender) -> Contender:
        return one.model_copy(update={"name": f"{one.name} 2"})

    found = [
        again(lambda one: one),
        again(renamed),
        again(lambda one: changed(one, name=one.name, id="inne")),
        again(lambda one: changed(one, name=one.name, slices=("area:inna",))),
        again(lambda one: changed(one, name=one.name, chance=0.25)),
        again(lambda one: one.model_copy(update={"digest": "f" * 64})),
        again(lambda one: one.model_copy(update={"retained": (Retained(id="x", before=1, after=1),)})),
        again(lambda one: one.model_copy(update={"role": "base"})),
        decide(contender("stary", of_ten(6)), contender("nowy", of_ten(9)), [BASE], SETTINGS).digest,
        decide(contender("nowy", of_ten(9)), None, [BASE, contender("stary", of_ten(6))], SETTINGS).digest,
    ]
    assert len(set(found)) == len(found)
    assert all(len(one) == 64 for one in found)


@pytest.mark.parametrize("name", sorted(GateSettings.model_fields))
def test_the_digest_changes_with_every_setting(name: str) -> None:
    sides = {"challenger": contender("nowy", of_ten(9)), "champion": CHAMPION, "baseline": BASE}
    value = getattr(SETTINGS, name)
    other = (
        (not value)
        if isinstance(value, bool)
        else (*value, "x")
        if isinstance(value, tuple)
        else type(value)(value * 2)
    )
    assert digest(sides, GateSettings.model_validate({name: other})) != digest(sides)


Fault = tuple[int, str]


@st.composite
def small_tests(draw: st.DrawFn) -> tuple[Contender, Contender, Contender]:
    """A challenger, a champion and a base model on 24 items, good enough for any verdict to be near."""
    rights = [draw(st.lists(st.booleans(), min_size=24, max_size=24)) for _ in range(2)]
    sure = draw(st.sampled_from([0, 12, 20, 24, 24]))

    def own(number: int) -> bool:
        return number < sure or rights[0][number]

    everyday = tuple(Retained(id=str(number), before=2.0, after=2.0 + draw(st.floats(-1, 1))) for number in range(4))
    return (
        contender("nowy", own, n=24, retained=everyday),
        contender("stary", lambda number: rights[1][number] and number % 3 > 0, n=24),
        contender("bazowy", lambda number: rights[1][number] and number % 4 == 0, n=24, role="base"),
    )


def worse(one: Contender, faults: list[Fault]) -> Contender:
    """The contender with items made wrong, inventing or forbidden, or an everyday row forgotten."""
    items, rows = list(one.items), list(one.retained)
    for number, fault in faults:
        item, row = items[number], rows[number % len(rows)]
        if fault == "forgets":
            rows[number % len(rows)] = row.model_copy(update={"after": row.after + 1})
        elif fault != "violates" or item.violates is not None:
            items[number] = item.model_copy(update={fault: fault != "accurate"})
    return one.model_copy(update={"items": tuple(items), "retained": tuple(rows)})


FAULTS = st.lists(
    st.tuples(st.integers(0, 23), st.sampled_from(["accurate", "fabricates", "violates", "forgets"])), max_size=40
)


@settings(deadline=None, max_examples=150)
@given(small_tests(), FAULTS)
def test_making_answers_worse_never_makes_the_verdict_better(
    sides: tuple[Contender, Contender, Contender], faults: list[Fault]
) -> None:
    challenger, champion, base = sides
    before = decide(challenger, champion, [base], SMALL)
    after = decide(worse(challenger, faults), champion, [base], SMALL)
    assert ORDER.index(after.decision) <= ORDER.index(before.decision)
    for earlier, later in zip(before.rules, after.rules, strict=True):
        assert later.status != "passed" or earlier.status == "passed"
        assert later.rejects or not earlier.rejects


def test_a_promoted_model_that_is_spoilt_item_by_item_falls_to_hold_and_then_to_reject() -> None:
    challenger, champion = contender("nowy", of_ten(10), n=24), contender("stary", of_ten(3), n=24)
    base = contender("bazowy", of_ten(2), n=24, role="base")
    rng = Random(5)
    decisions = [decide(challenger, champion, [base], SMALL).decision]
    for number in rng.sample(range(24), 24):
        challenger = worse(challenger, [(number, "accurate"), (number, "fabricates")])
        decisions.append(decide(challenger, champion, [base], SMALL).decision)
    assert list(dict.fromkeys(decisions)) == ["PROMOTE", "HOLD", "REJECT"]


@settings(deadline=None, max_examples=60)
@given(small_tests(), st.booleans())
def test_a_model_that_gets_nothing_right_is_promoted_over_nobody(
    sides: tuple[Contender, Contender, Contender], rival_invents: bool
) -> None:
    _, champion, base = sides
    refusing = contender("odmawia", nothing, n=24)
    rival = worse(champion, [(number, "fabricates") for number in range(24)]) if rival_invents else champion
    relaxed = SMALL.model_copy(update={"must_beat_baseline": False, "must_beat_chance": False})
    assert decide(refusing, rival, [base], relaxed).decision != "PROMOTE"


def test_a_verdict_survives_the_way_through_json() -> None:
    found = verdict(contender("nowy", of_ten(6)))
    assert Verdict.model_validate_json(found.content()) == found


def test_every_setting_says_what_it_does_and_has_bounds() -> None:
    assert all(field.description for field in GateSettings.model_fields.values())
    numbers = [name for name, field in GateSettings.model_fields.items() if field.annotation in (int, float)]
    assert len(numbers) == 13
    for name in numbers:
        for beyond in (-1, 0, 10**6):
            with pytest.raises(ValidationError):
                GateSettings.model_validate({name: beyond})
    assert set(ORDER) == set(get_args(Decision))
