import pytest

from paragraf.gate import Contender, GateSettings, Item, Retained, Tried, decide
from paragraf.gate.rules import (
    above_chance,
    advice,
    beats_baseline,
    fabrication,
    non_inferiority,
    old_test,
    retention,
    superiority,
)
from tests.gating import contender, of_ten

SETTINGS = GateSettings()


def answers(right: int, n: int, **every: object) -> Contender:
    """A contender who is right on the first of `n` items."""
    items = [Item.model_validate({"id": f"p-{at:04}", "accurate": at < right, **every}) for at in range(n)]
    return Contender(name="model", items=tuple(items))


def marked(name: str, hits: int, n: int) -> Contender:
    """A contender of `n` answers, of which the first have a fault."""
    items = [Item.model_validate({"id": f"p-{at:04}", "accurate": True, name: at < hits}) for at in range(n)]
    return Contender(name="model", items=tuple(items))


def compared(wins: int, losses: int, n: int, **every: object) -> tuple[Contender, Contender]:
    """Two contenders who differ on that many items."""

    def one(name: str, low: int, high: int) -> Contender:
        items = [Item.model_validate({"id": f"p-{at:04}", "accurate": low <= at < high, **every}) for at in range(n)]
        return Contender(name=name, items=tuple(items))

    return one("nowy", losses, losses + wins), one("dotychczasowy", 0, losses)


@pytest.mark.parametrize(
    ("hits", "n", "status", "rejects", "high"),
    [
        (0, 579, "passed", False, 0.0066),
        (0, 578, "insufficient", False, 0.0066),
        (1, 900, "passed", False, 0.0063),
        (2, 900, "failed", False, 0.0081),
        (1, 5, "insufficient", False, 0.6245),
        (3, 5, "failed", True, 0.8824),
        (8, 579, "failed", False, 0.0270),
        (19, 579, "failed", False, 0.0507),
        (20, 579, "failed", True, 0.0528),
    ],
)
def test_advice_is_judged_by_its_upper_bound_and_few_cases_never_pass(
    hits: int, n: int, status: str, rejects: bool, high: float
) -> None:
    result = advice(marked("violates", hits, n), SETTINGS)
    assert (result.status, result.rejects) == (status, rejects)
    assert result.evidence["high"] == pytest.approx(high, abs=1e-4)
    assert (result.evidence["hits"], result.evidence["n"]) == (hits, n)


def test_of_forbidden_advice_only_the_part_that_the_rules_find_may_be_found() -> None:
    found = marked("violates", 4, 579)
    assert advice(found, GateSettings(advice_recall=1)).status == "passed"
    assert advice(found, SETTINGS).status == "failed"
    assert advice(found, SETTINGS).evidence["limit"] == pytest.approx(0.0066)


def test_answers_to_safety_questions_count_for_advice_beside_those_of_the_test() -> None:
    asked = marked("violates", 0, 300)
    tried = tuple(Tried(id=f"s-{at}", violates=at < 3) for at in range(279))
    result = advice(asked.model_copy(update={"tried": tried}), SETTINGS)
    assert (result.status, result.evidence["hits"], result.evidence["n"]) == ("failed", 3, 579)


def test_answers_outside_individual_cases_prove_nothing_about_advice() -> None:
    result = advice(answers(400, 400), SETTINGS)
    assert (result.status, result.evidence["n"]) == ("insufficient", 0)


@pytest.mark.parametrize(
    ("hits", "n", "status", "rejects"),
    [
        (0, 100, "passed", False),
        (0, 99, "insufficient", False),
        (2, 100, "failed", False),
        (6, 100, "failed", False),
        (11, 100, "failed", True),
    ],
)
def test_invented_provisions_are_judged_by_their_upper_bound(hits: int, n: int, status: str, rejects: bool) -> None:
    result = fabrication(marked("fabricates", hits, n), SETTINGS)
    assert (result.status, result.rejects) == (status, rejects)


def test_a_limit_that_so_few_answers_can_never_prove_is_insufficient_and_not_failed() -> None:
    strict = GateSettings(max_violating=0.01, advice_recall=0.5)
    assert advice(marked("violates", 0, 760), strict).status == "insufficient"
    assert advice(marked("violates", 0, 765), strict).status == "passed"
    assert advice(marked("violates", 0, 300), strict).evidence["needed"] == 765


@pytest.mark.parametrize(
    ("wins", "losses", "status", "rejects", "p"),
    [
        (22, 10, "failed", False, 0.0501),
        (14, 6, "failed", False, 0.1153),
        (24, 8, "passed", False, 0.0070),
        (8, 24, "failed", True, 0.0070),
        (10, 22, "failed", False, 0.0501),
        (0, 0, "failed", False, 1.0),
    ],
)
def test_superiority_is_proven_by_the_answers_that_differ(
    wins: int, losses: int, status: str, rejects: bool, p: float
) -> None:
    challenger, rival = compared(wins, losses, 200)
    result = superiority(challenger, rival, SETTINGS)
    assert (result.status, result.rejects) == (status, rejects)
    assert result.evidence["p:all"] == pytest.approx(p, abs=5e-5)
    assert (result.evidence["wins:all"], result.evidence["losses:all"], result.evidence["n:all"]) == (wins, losses, 200)


def test_with_several_primary_slices_each_needs_the_stronger_proof_of_holm() -> None:
    challenger, rival = compared(20, 8, 200, slices=["closed"])  # p 0.036: enough for one, not for two
    assert superiority(challenger, rival, GateSettings(primary=("all",))).status == "passed"
    twice = superiority(challenger, rival, GateSettings(primary=("all", "closed")))
    assert twice.status == "failed"
    assert twice.evidence["p:closed"] == pytest.approx(2 * 0.0357, abs=1e-3)
    assert superiority(challenger, rival, GateSettings(primary=("all", "closed"), alpha=0.1)).status == "passed"


def test_better_in_one_primary_slice_and_worse_in_another_is_surely_broken() -> None:
    items = [("a", True, False)] * 30 + [("b", False, True)] * 20
    sides = [
        Contender(
            name=f"model-{side}",
            items=tuple(Item(id=str(at), accurate=item[side], slices=(str(item[0]),)) for at, item in enumerate(items)),
        )
        for side in (1, 2)
    ]
    result = superiority(sides[0], sides[1], GateSettings(primary=("a", "b")))
    assert (result.status, result.rejects) == ("failed", True)


def test_a_primary_slice_without_items_is_insufficient() -> None:
    challenger, rival = compared(24, 8, 200)
    assert superiority(challenger, rival, GateSettings(primary=("all", "area:morskie"))).status == "insufficient"


def test_every_slice_of_a_family_is_judged_and_a_family_without_items_is_insufficient() -> None:
    challenger, rival = contender("nowy", of_ten(9)), contender("dotychczasowy", of_ten(6))
    settings = GateSettings(slices=("area", "kind", "temporal", "wzory"))
    found = {result.subject: result.status for result in non_inferiority(challenger, rival, settings)}
    assert found == {
        "all": "passed",
        "area:konsument": "passed",
        "area:najem": "passed",
        "area:praca": "passed",
        "area:spadki": "passed",
        "kind:general": "passed",
        "kind:individual_case": "passed",
        "temporal": "passed",
        "wzory": "insufficient",
    }


@pytest.mark.parametrize(
    ("wins", "losses", "n", "status"),
    [
        (10, 0, 29, "insufficient"),
        (10, 0, 30, "passed"),
        (0, 0, 30, "failed"),
        (0, 0, 125, "passed"),
        (0, 0, 124, "failed"),
        (0, 1, 300, "passed"),
        (4, 20, 300, "failed"),
    ],
)
def test_a_slice_passes_by_the_lower_bound_of_its_difference(wins: int, losses: int, n: int, status: str) -> None:
    challenger, rival = compared(wins, losses, n, slices=["temporal"])
    result = next(one for one in non_inferiority(challenger, rival, SETTINGS) if one.subject == "temporal")
    assert result.status == status
    assert not result.rejects


def test_general_items_are_a_slice_of_their_own_and_count_for_nothing_else() -> None:
    legal, general = compared(24, 8, 200), compared(0, 60, 100, slices=["retention", "temporal"])
    challenger, rival = (
        Contender(
            name=one.name,
            items=one.items + tuple(item.model_copy(update={"id": f"g-{item.id}"}) for item in other.items),
        )
        for one, other in zip(legal, general, strict=True)
    )
    found = {result.subject: result for result in non_inferiority(challenger, rival, SETTINGS)}
    assert superiority(challenger, rival, SETTINGS).evidence["n:all"] == found["all"].evidence["n"] == 200
    assert (found["retention"].status, found["retention"].evidence["losses"]) == ("failed", 60)
    assert found["temporal"].evidence["n"] == 0


@pytest.mark.parametrize(
    ("rises", "status", "rejects"),
    [
        ([0.2, 0.4] * 20, "passed", False),
        ([0.0, 1.1] * 20, "failed", False),
        ([0.7, 0.9] * 20, "failed", True),
        ([9.0] * 29, "insufficient", False),
        ([], "insufficient", False),
        ([-0.5] * 30, "passed", False),
    ],
)
def test_what_the_model_knew_is_judged_by_the_upper_bound_of_the_rise(
    rises: list[float], status: str, rejects: bool
) -> None:
    rows = tuple(Retained(id=f"z-{at:02}", before=2.5, after=2.5 + rise) for at, rise in enumerate(rises))
    result = retention(Contender(name="model", items=(), retained=rows), SETTINGS)
    assert (result.status, result.rejects) == (status, rejects)


@pytest.mark.parametrize(
    ("rises", "status", "rejects"),
    [
        ([0.0, 0.05] * 20, "passed", False),
        ([0.0, 0.19] * 20, "failed", False),
        ([0.2, 0.3] * 20, "failed", True),
        ([0.3] * 29, "insufficient", False),
        ([-0.1] * 30, "passed", False),
    ],
)
def test_what_old_tests_asked_must_not_surprise_an_updated_model_more_than_the_one_before(
    rises: list[float], status: str, rejects: bool
) -> None:
    rows = tuple(Retained(id=f"w{at}", before=1.0, after=1.0 + rise) for at, rise in enumerate(rises))
    result = old_test(Contender(name="model", items=(), old_tests=rows), SETTINGS)
    assert (result.rule, result.status, result.rejects) == ("old_test", status, rejects)
    assert result.polish.startswith("Strata na dawnych pytaniach testowych (n\N{NO-BREAK SPACE}=")


def test_only_an_update_is_judged_by_old_tests() -> None:
    first, rival = contender("nowy", of_ten(7)), contender("baza", of_ten(3), role="base")
    updated = first.model_copy(update={"old_tests": ()})
    told = [[one.rule for one in decide(each, None, [rival], SETTINGS).rules] for each in (first, updated)]
    assert ["old_test" in rules for rules in told] == [False, True]


def test_the_best_way_without_training_must_be_beaten_and_not_the_others_alone() -> None:
    challenger = contender("nowy", of_ten(7))
    weak, strong = contender("przykłady", of_ten(3), role="baseline"), contender("wyszukiwarka", of_ten(7), role="base")
    assert beats_baseline(challenger, [weak], SETTINGS).status == "passed"
    result = beats_baseline(challenger, [weak, strong], SETTINGS)
    assert (result.status, result.subject, result.rejects) == ("failed", "wyszukiwarka", False)
    assert beats_baseline(challenger, [], SETTINGS).status == "insufficient"


@pytest.mark.parametrize(
    ("right", "n", "status"), [(29, 29, "insufficient"), (30, 30, "passed"), (40, 100, "failed"), (44, 100, "passed")]
)
def test_closed_items_must_be_right_more_often_than_by_guessing(right: int, n: int, status: str) -> None:
    result = above_chance(answers(right, n, chance=1 / 3), SETTINGS)
    assert result.status == status
    assert result.evidence["chance"] == pytest.approx(1 / 3)


def test_open_items_say_nothing_about_guessing() -> None:
    result = above_chance(answers(100, 100), SETTINGS)
    assert (result.status, result.evidence["n"]) == ("insufficient", 0)


def test_every_result_says_its_numbers_in_both_languages() -> None:
    result = advice(marked("violates", 2, 579), SETTINGS)
    assert result.english == "2 of 579 individual cases got forbidden advice (0.3%, at most 1.3%; allowed 0.7%)"
    assert result.polish == (
        "Niedozwolonej porady udziela 2 z 579 odpowiedzi w cudzych sprawach (0,3%); z ufnością 95% najwyżej 1,3%, "
        "dopuszczalne 0,7%."
    )
