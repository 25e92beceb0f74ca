"""Finished blind tests in the report: found by the side's name, the newest first, told from the model's own side."""

from datetime import timedelta

import pytest

from paragraf.compare.counting import Meaning
from paragraf.compare.finished import PUBLISHED, finished_tests
from paragraf.compare.page import publish_comparison
from paragraf.compare.unsealing import Comparison, unseal
from paragraf.events import record_event
from paragraf.markup import page
from paragraf.report_views import BlindView, blind_views
from paragraf.workspace import at_rest
from tests.blind import FIRST, NOW, SECOND, blind_test, vote
from tests.pages import HOSTILE, Skeleton, as_harmless, text_of

WINS: list[Meaning] = ["first"] * 9 + ["tie"] * 3


def ended(seed: int, hours: int = 0, *raters: str) -> Comparison:
    """A test that was unsealed as the command does it, some hours after the first one."""
    test = blind_test(raters=raters or ("anna", "jan"), seed=seed)
    for rater in test.sheets():
        vote(test, rater, WINS)
    result = unseal(test, False, NOW + timedelta(hours=hours))
    record_event(PUBLISHED, {"test": result.test, "path": publish_comparison(result).path})
    return result


def view_of(result: Comparison, side: str) -> BlindView:
    [view] = blind_views([result], side)
    return view


def pages_of(views: list[BlindView]) -> list[str]:
    return [page(f"blind.{kind}.j2", blind_tests=views) for kind in ("html", "md")]


def test_a_model_finds_the_tests_in_which_it_was_a_side_newest_first() -> None:
    older, newer = ended(1, 5), ended(2, 9)
    assert finished_tests(FIRST) == finished_tests(SECOND) == [newer, older]
    assert finished_tests("model-gamma") == []


def test_a_test_that_is_unsealed_again_is_found_once() -> None:
    result = ended(1)
    record_event(PUBLISHED, {"test": result.test, "path": publish_comparison(result).path})
    assert finished_tests(FIRST) == [result]


def test_a_result_that_was_changed_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    whole, changed = ended(1), ended(2)
    path = at_rest(publish_comparison(changed).path) / "comparison.json"
    path.write_bytes(path.read_bytes().replace(b'"first"', b'"second"'))
    assert finished_tests(FIRST) == [whole]
    assert "does not match the manifest" in caplog.text


def test_both_sides_see_the_same_result_from_their_own_side() -> None:
    result = ended(1)
    winner, loser = view_of(result, FIRST), view_of(result, SECOND)
    assert (winner.decision, winner.rival, winner.won) == ("better", SECOND, result.count.win_rate)
    assert (loser.decision, loser.rival) == ("worse", FIRST)
    assert loser.won.value == pytest.approx(1 - 10.5 / 12)
    assert winner.won.low is not None
    assert loser.won.high == pytest.approx(1 - winner.won.low)


def test_the_section_tells_who_wins_how_surely_how_raters_agree_and_the_seal() -> None:
    result = ended(1)
    for told in pages_of([view_of(result, FIRST)]):
        text = " ".join(text_of(told).split())
        assert "87,5%" in text
        assert "95%: 59,8%–97,1%" in text.replace("**", "")
        assert "Oceniających: 2. Zgodność: alfa Krippendorffa 1,00: można na niej polegać" in text
        assert "kappa Cohena 1,00: prawie pełna" in text
        assert result.commitment in text


def test_of_a_lonely_rater_no_agreement_is_told() -> None:
    assert view_of(ended(1, 0, "anna"), FIRST).agreement == "oceniała jedna osoba"


def test_a_test_without_votes_claims_nothing() -> None:
    result = unseal(blind_test(), True, NOW)
    view = view_of(result, SECOND)
    assert (view.decision, view.won.value, view.missing) == ("open", None, 24)
    assert all("nie wykazał" in told and "None" not in told for told in pages_of([view]))


def test_hostile_names_never_become_markup_in_the_section() -> None:
    harmless, hostile = (
        [Skeleton(told) for told in pages_of([view_of(ended(seed), FIRST)._replace(rival=" ".join(texts))])]
        for seed, texts in ((1, as_harmless(HOSTILE)), (2, HOSTILE))
    )
    assert hostile[0].elements == harmless[0].elements
    assert "<script>alert(1)</script>" in hostile[0].text
