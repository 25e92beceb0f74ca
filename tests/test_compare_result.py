"""How a blind test ends: votes counted by who is who, an end that is logged and verified, the page, and MLflow."""

import json
from pathlib import Path
from typing import Literal

import pytest

from paragraf.compare.counting import count
from paragraf.compare.page import publish_comparison, render
from paragraf.compare.sealing import BlindTest
from paragraf.compare.unsealing import Comparison, progress, unseal
from paragraf.compare.votes import Ballot, VoteBook
from paragraf.compare.wording import alpha_label, kappa_label, meaning_name
from paragraf.errors import BadSettings, Damaged
from paragraf.events import read_events
from paragraf.intervals import Estimate
from paragraf.publish import verify
from paragraf.workspace import at_rest
from tests.blind import FIRST, NOW, SECOND, blind_test, choice_for, say, vote
from tests.pages import HOSTILE, Skeleton, as_harmless, text_of

Meaning = Literal["first", "second", "tie", "both_bad"]
ANNA: list[Meaning] = ["first"] * 7 + ["tie", "both_bad", "second", "first", "first"]
JAN: list[Meaning] = ["first"] * 6 + ["second", "tie", "tie", "second", "first", "first"]


def voted(*, missing: int = 0) -> BlindTest:
    test = blind_test()
    vote(test, "anna", ANNA)
    vote(test, "jan", JAN[: len(JAN) - missing])
    return test


def test_left_and_right_become_first_and_second_for_each_rater() -> None:
    test = voted()
    counted = count(test.seal(), VoteBook(test).read())
    meanings = {
        rater: [vote.meaning for one in counted.judged for vote in one.votes if vote.rater == rater]
        for rater in ("anna", "jan")
    }
    assert meanings == {"anna": ANNA, "jan": JAN}


def test_questions_weigh_the_same_and_ties_count_half() -> None:
    test = voted(missing=6)
    counted = count(test.seal(), VoteBook(test).read())
    scores = [1.0] * 7 + [0.5, 0.5, 0.0, 1.0, 1.0]
    assert [one.score() for one in counted.judged] == scores
    assert counted.win_rate.value == pytest.approx(sum(scores) / 12)
    assert counted.win_rate.n == 12
    assert counted.missing == 6
    assert {tally.rater: (tally.votes, tally.counts) for tally in counted.tallies} == {
        "anna": (12, {"first": 9, "second": 1, "tie": 1, "both_bad": 1}),
        "jan": (6, {"first": 6, "second": 0, "tie": 0, "both_bad": 0}),
    }


def test_only_questions_before_the_first_gap_count_for_the_stop() -> None:
    test = blind_test()
    vote(test, "anna", ["first"] * 12)
    for item in [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]:
        say(test, "jan", item, choice_for(test.seal(), "jan", item, "first"))
    assert progress(test).complete == 2
    assert progress(test).may_stop_after is None
    say(test, "jan", 3, choice_for(test.seal(), "jan", 3, "first"))
    assert progress(test).may_stop_after == 8


def test_agreement_is_counted_by_who_is_better_and_not_by_place() -> None:
    test = blind_test()
    vote(test, "anna", ["first", "second"] * 6)
    vote(test, "jan", ["first", "second"] * 6)
    agreement = count(test.seal(), VoteBook(test).read()).agreement
    assert (agreement.nominal, agreement.ordinal) == (1.0, 1.0)
    [kappa] = agreement.pairs
    assert (kappa.raters, kappa.value, kappa.questions) == (("anna", "jan"), 1.0, 12)
    placed = [link.choice for link in VoteBook(test).read()]
    assert placed[:12] != placed[12:]


def test_the_standing_tells_how_far_raters_are_and_not_who_leads() -> None:
    test = voted(missing=2)
    now = progress(test)
    assert now.votes == {"anna": 12, "jan": 10}
    assert (now.questions, now.missing, now.complete, now.closed) == (12, 2, 10, False)
    assert now.summary() == "2 votes are missing and no difference is established yet; go on."
    told = now.model_dump_json()
    assert [word for word in (FIRST, SECOND, "first", "second", "left", "right") if word in told] == []


def test_a_test_with_missing_votes_ends_only_when_somebody_says_so() -> None:
    test = voted(missing=2)
    with pytest.raises(BadSettings, match="2 votes are missing and no difference is established yet"):
        unseal(test, False, NOW)
    assert say(test, "jan", 11, "tie").outcome == "new"
    assert unseal(test, True, NOW).count.missing == 1


def test_an_established_difference_ends_a_test_without_a_word() -> None:
    test = blind_test()
    for rater in ("anna", "jan"):
        vote(test, rater, ["second"] * 8)
    assert "may stop" in progress(test).summary()
    result = unseal(test, False, NOW)
    assert result.count.sequential.decision == "second"
    assert result.count.sequential.stopped_after == 8
    assert result.summary() == (
        f"{FIRST} wins 0.0 % (95 %: 0.0 to 32.4) against {SECOND} on 8 questions; at alpha 0.05: {SECOND} is better."
    )


def test_the_end_is_logged_with_the_votes_and_comes_once() -> None:
    test = voted()
    result = unseal(test, False, NOW)
    [event] = read_events("compare_unsealed")
    assert (event["test"], event["commitment"], event["votes"]) == (test.name, test.digest, 24)
    assert event["chain"] == result.chain == VoteBook(test).checked()[-1].digest
    assert unseal(test, False, NOW) == result
    assert len(read_events("compare_unsealed")) == 1
    assert progress(test).summary() == "The voting is closed."
    assert say(test, "anna", 1, "tie", seen=1).outcome == "closed"


def test_a_vote_on_something_else_than_what_was_sealed_is_found_at_the_end() -> None:
    test = blind_test()
    sheet = test.sheets()["anna"].items
    VoteBook(test).cast(Ballot(rater="anna", item=1, choice="left"), sheet[1].digest(), NOW)
    with pytest.raises(Damaged, match="about something else than what was sealed"):
        unseal(test, True, NOW)
    assert not read_events("compare_unsealed")


def test_a_test_that_was_changed_is_not_ended() -> None:
    test = voted()
    path = test.folder / "votes.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"tie"', b'"left"', 1))
    with pytest.raises(Damaged):
        unseal(test, False, NOW)
    assert not read_events("compare_unsealed")


def test_without_votes_nothing_is_claimed() -> None:
    result = unseal(blind_test(), True, NOW)
    assert result.count.win_rate == Estimate.unknown()
    assert result.summary() == f"{FIRST} against {SECOND}: no votes."
    assert "Test nie wykazał" in text_of(render(result)["comparison.html"].decode())


def test_the_page_tells_who_won_how_surely_and_how_far_raters_agree() -> None:
    text = text_of(render(unseal(voted(), False, NOW))["comparison.html"].decode())
    assert f"{FIRST} wygrywa w 79,2% pytań (remis liczy się za pół), przedział 95%: 50,9%–93,3%" in text
    assert "Pytań jest mało (12)" in text
    assert "Kappa Cohena: anna i jan" in text
    assert "Brakuje" not in text
    assert text.count("Kiedy przedawnia się dług") == 12


def test_the_page_of_a_lonely_rater_says_that_nobody_else_was_asked() -> None:
    test = blind_test(raters=("anna",))
    vote(test, "anna", ["tie"] * 12)
    text = text_of(render(unseal(test, False, NOW))["comparison.html"].decode())
    assert "Oceniała jedna osoba." in text
    assert "Kappa" not in text


def test_hostile_text_never_becomes_markup_on_the_page_of_a_result() -> None:
    harmless, hostile = hostile_page(as_harmless(HOSTILE), 1), hostile_page(HOSTILE, 2)
    assert hostile.elements == harmless.elements
    assert "<script>alert(1)</script>" in hostile.text
    assert all(address.startswith("#") for address in hostile.addresses)


def hostile_page(texts: list[str], seed: int) -> Skeleton:
    """A result in which names, a question, its answers and a comment are these texts."""
    text = " ".join(texts)
    test = blind_test(seed=seed)
    vote(test, "anna", ANNA)
    say(test, "anna", 1, "both_bad", seen=1, comment=text)
    result = unseal(test, True, NOW)
    item = result.count.judged[0].item.model_copy(update={"question": text, "first": text, "second": text})
    judged = (result.count.judged[0].model_copy(update={"item": item}), *result.count.judged[1:])
    counted = result.count.model_copy(update={"judged": judged})
    changed = result.model_copy(update={"first": text, "second": text, "count": counted})
    return Skeleton(render(changed)["comparison.html"].decode())


def test_a_result_is_published_whole_and_its_json_is_the_result() -> None:
    result = unseal(voted(), False, NOW)
    published = publish_comparison(result)
    folder = at_rest(published.path)
    assert verify(folder) == published.digest
    assert Comparison.model_validate_json((folder / "comparison.json").read_bytes()) == result
    assert publish_comparison(result) == published
    assert json.loads((folder / "comparison.json").read_bytes())["first"] == FIRST


@pytest.mark.parametrize(
    ("value", "label"),
    [
        *[(None, "—"), (-0.1, "gorsza niż przypadek"), (0.0, "znikoma"), (0.21, "słaba"), (0.6, "umiarkowana")],
        *[(0.8, "znaczna"), (0.81, "prawie pełna"), (1.0, "prawie pełna")],
    ],
)
def test_kappa_is_told_in_the_words_of_landis_and_koch(value: float | None, label: str) -> None:
    assert kappa_label(value) == label


def test_alpha_is_told_by_what_it_is_enough_for() -> None:
    assert alpha_label(0.8) == "można na niej polegać"
    assert alpha_label(0.7) == "wystarcza do ostrożnych wniosków"
    assert alpha_label(0.2).startswith("za mała")
    assert alpha_label(None) == "—"
    assert [meaning_name(kind, "a", "b") for kind in ("first", "second", "tie", "both_bad")] == [
        "lepszy a",
        "lepszy b",
        "remis",
        "obie złe",
    ]


@pytest.mark.slow
def test_mlflow_holds_one_run_a_test_however_often_it_is_unsealed(workspace: Path) -> None:
    from tasks.track_comparison import track_comparison
    from tasks.tracking import client

    result = unseal(voted(), False, NOW)
    page = publish_comparison(result)
    tracked = track_comparison(result, page)
    assert track_comparison(result, page) == tracked
    run = client().get_run(tracked.run)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["compare/win_rate"] == pytest.approx(19 / 24)
    assert run.data.metrics["compare/votes"] == 24
    assert run.data.tags["digest.commitment"] == result.commitment
    assert {item.path for item in client().list_artifacts(tracked.run, "comparison")} >= {
        "comparison/comparison.html",
        "comparison/comparison.json",
    }
