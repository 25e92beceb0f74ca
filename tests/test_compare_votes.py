"""The chain of votes: a ballot counts once whatever is sent again, and no vote is lost, doubled or changed unseen."""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paragraf.compare.sealing import BlindTest
from paragraf.compare.votes import Choice, VoteBook, is_closed
from paragraf.errors import Damaged
from tests.blind import NOW, blind_test, say, votes_of

SEEDS = count(100)  # a test of its own for every example
CHOICES: list[Choice] = ["left", "right", "tie", "both_bad"]


@pytest.fixture
def test_() -> BlindTest:
    return blind_test()


def file_of(test: BlindTest) -> Path:
    return test.folder / "votes.jsonl"


def test_a_vote_is_read_back_as_it_was_given(test_: BlindTest) -> None:
    recorded = say(test_, "anna", 3, "left", comment="Zażółć\n„gęślą”\u2028")
    [link] = VoteBook(test_).checked()
    assert recorded.outcome == "new"
    assert recorded.vote == link
    assert (link.rater, link.item, link.version, link.choice) == ("anna", 3, 1, "left")
    assert link.comment == "Zażółć\n„gęślą”\u2028"
    assert link.shown == test_.sheets()["anna"].items[2].digest()


def test_the_same_ballot_again_changes_nothing(test_: BlindTest) -> None:
    say(test_, "anna", 1, "left")
    before = file_of(test_).read_bytes()
    assert [say(test_, "anna", 1, "left", seen=seen).outcome for seen in (0, 0, 1)] == ["repeated"] * 3
    assert file_of(test_).read_bytes() == before


def test_a_changed_mind_is_a_new_version_and_the_old_one_stays_in_the_chain(test_: BlindTest) -> None:
    say(test_, "anna", 1, "left")
    assert say(test_, "anna", 1, "tie", seen=1).outcome == "new"
    assert votes_of(test_, "anna") == {1: ("tie", "", 2)}
    assert [link.choice for link in VoteBook(test_).checked()] == ["left", "tie"]


def test_a_ballot_that_was_filled_in_before_the_last_vote_is_not_taken_for_a_change(test_: BlindTest) -> None:
    say(test_, "anna", 1, "left")
    outdated = say(test_, "anna", 1, "right", seen=0)
    assert outdated.outcome == "outdated"
    assert outdated.vote is not None and outdated.vote.choice == "left"
    assert votes_of(test_, "anna") == {1: ("left", "", 1)}


def test_raters_do_not_touch_each_others_votes(test_: BlindTest) -> None:
    say(test_, "anna", 1, "left")
    say(test_, "jan", 1, "right")
    assert votes_of(test_, "anna") == {1: ("left", "", 1)}
    assert votes_of(test_, "jan") == {1: ("right", "", 1)}


def test_after_the_end_nothing_is_taken_and_the_end_comes_once(test_: BlindTest) -> None:
    say(test_, "anna", 1, "left")
    chain = VoteBook(test_).close(NOW)
    assert is_closed(chain)
    assert VoteBook(test_).close(NOW) == chain == VoteBook(test_).checked()
    assert say(test_, "anna", 1, "left").outcome == say(test_, "jan", 2, "tie").outcome == "closed"
    assert len(VoteBook(test_).read()) == 2


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["anna", "jan"]), st.integers(1, 3), st.sampled_from(CHOICES), st.booleans()))
)
def test_whatever_is_sent_in_whatever_order_the_newest_accepted_ballot_counts(
    sent: list[tuple[str, int, Choice, bool]],
) -> None:
    test = blind_test(count=3, seed=next(SEEDS))
    expected: dict[tuple[str, int], tuple[Choice, int]] = {}
    for rater, item, choice, is_stale in sent:
        known, version = expected.get((rater, item), (None, 0))
        seen = version - 1 if is_stale and version else version
        outcome = say(test, rater, item, choice, seen).outcome
        if choice == known:
            assert outcome == "repeated"
        elif seen != version:
            assert outcome == "outdated"
        else:
            assert outcome == "new"
            expected[rater, item] = (choice, version + 1)
    found = {
        (rater, item): (choice, version)
        for rater in ("anna", "jan")
        for item, (choice, _, version) in votes_of(test, rater).items()
    }
    assert found == expected


@pytest.mark.parametrize("kept", [0, 1, 40, -1])
def test_a_line_that_a_kill_cut_off_is_passed_over_and_the_vote_can_be_given_again(test_: BlindTest, kept: int) -> None:
    say(test_, "anna", 1, "left")
    whole = file_of(test_).read_bytes()
    later = (whole.replace(b'"item":1', b'"item":2').replace(b'"number":1', b'"number":2'))[:-1]
    file_of(test_).write_bytes(whole + later[:kept])
    assert votes_of(test_, "anna") == {1: ("left", "", 1)}
    say(test_, "anna", 2, "tie")
    assert votes_of(test_, "anna") == {1: ("left", "", 1), 2: ("tie", "", 1)}
    assert file_of(test_).read_bytes().startswith(whole)


def change(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"tie"', b'"left"'), *lines[2:]]


@pytest.mark.parametrize(
    "tamper",
    [
        change,
        lambda lines: lines[:-1],
        lambda lines: [*lines[:-1], lines[-1].replace(b'"right"', b'"left"')],
        lambda lines: lines[1:],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [*lines, lines[0]],
        lambda lines: [],
        lambda lines: [b"nic", *lines],
        lambda lines: [*lines[:-1], lines[-1] + b" "],
    ],
)
def test_a_vote_that_is_changed_added_moved_or_taken_out_is_found(
    test_: BlindTest, tamper: Callable[[list[bytes]], list[bytes]]
) -> None:
    for item, choice in enumerate(("left", "tie", "right"), start=1):
        say(test_, "anna", item, choice)  # type: ignore[arg-type]  # words of a tuple
    lines = file_of(test_).read_bytes().splitlines()
    file_of(test_).write_bytes(b"".join(line + b"\n" for line in tamper(lines)))
    with pytest.raises(Damaged, match=r"votes\.jsonl"):
        VoteBook(test_).checked()


def test_a_chain_that_was_written_anew_from_an_earlier_line_on_is_found(test_: BlindTest) -> None:
    say(test_, "anna", 1, "left")
    before = file_of(test_).read_bytes()
    say(test_, "anna", 2, "left")
    file_of(test_).write_bytes(before)
    say(test_, "anna", 2, "right")  # links up as it should; the event log remembers the other one
    with pytest.raises(Damaged, match="line 2 is not the one that was written down in the event log"):
        VoteBook(test_).checked()


def test_a_chain_of_another_test_does_not_fit(test_: BlindTest) -> None:
    other = blind_test(seed=2)
    say(other, "anna", 1, "left")
    file_of(test_).write_bytes(file_of(other).read_bytes())
    with pytest.raises(Damaged, match=r"votes\.jsonl:1: does not follow"):
        VoteBook(test_).read()


def test_many_at_once_lose_and_double_nothing(test_: BlindTest) -> None:
    sent = [(rater, item) for rater in ("anna", "jan") for item in range(1, 13)] * 3
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda one: say(test_, one[0], one[1], "left").outcome, sent))
    assert outcomes.count("new") == 24
    assert outcomes.count("repeated") == 48
    assert len(VoteBook(test_).checked()) == 24


WRITER = """
import sys
from tests.blind import say
from paragraf.compare.sealing import find_test
test = find_test("newest")
for item in range(1, 201):
    say(test, sys.argv[1], item, "left")
    print(item, flush=True)
"""


def test_after_kills_at_any_moment_every_confirmed_vote_is_there_once() -> None:
    test = blind_test(count=200, raters=("anna", "jan"))
    confirmed: dict[str, int] = {}
    processes = {
        rater: subprocess.Popen([sys.executable, "-c", WRITER, rater], stdout=subprocess.PIPE, text=True)
        for rater in ("anna", "jan")
    }
    for rater, process in processes.items():
        assert process.stdout
        for _ in range(15):
            process.stdout.readline()
        process.kill()
        lines = process.stdout.read().splitlines()
        confirmed[rater] = int(lines[-1]) if lines else 15
        process.wait()
    for rater, last in confirmed.items():
        found = votes_of(test, rater)
        assert set(range(1, last + 1)) <= set(found) <= set(range(1, last + 2))
        assert {version for _, _, version in found.values()} == {1}
        assert say(test, rater, last + 1, "left").outcome in ("new", "repeated")
        assert json.loads(file_of(test).read_bytes().splitlines()[-1])["number"] == len(VoteBook(test).checked())
