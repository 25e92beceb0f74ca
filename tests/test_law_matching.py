from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.law import find
from paragraf.law.matching import Match, articles, cited, compared, expanded, provisions

KEYS = st.lists(st.sampled_from(["kp:art=36", "kp:art=30", "kc:art=1", "kc:art=415", "kk:art=278"]), max_size=5)


@pytest.mark.parametrize(
    ("expected", "said", "f1"),
    [
        ([], [], 1.0),
        (["kp:art=36"], [], 0.0),
        ([], ["kp:art=36"], 0.0),
        (["kp:art=36"], ["kp:art=36"], 1.0),
        (["kp:art=36"], ["kp:art=37"], 0.0),
        (["kp:art=36", "kp:art=30"], ["kp:art=36"], 2 / 3),
        (["kp:art=36"], ["kp:art=36", "kp:art=30", "kc:art=1"], 0.5),
        (["a", "b"], ["b", "c"], 0.5),
        (["a", "a"], ["a"], 1.0),
        (["a"], ["a", "a", "a"], 1.0),
    ],
)
def test_f1_is_between_keys_and_each_counts_once(expected: list[str], said: list[str], f1: float) -> None:
    assert compared(expected, said).f1 == pytest.approx(f1)


def test_precision_is_of_what_is_said_and_recall_of_what_is_expected() -> None:
    assert compared(["a", "b"], ["a", "c", "d", "e"]) == Match(0.25, 0.5, pytest.approx(1 / 3))


@given(expected=KEYS, said=KEYS)
def test_a_key_that_nobody_expects_never_helps(expected: list[str], said: list[str]) -> None:
    before, after = compared(expected, said), compared(expected, [*said, "kc:art=9999"])
    assert all(now <= was for now, was in zip(after, before, strict=True))


def test_citations_are_compared_at_the_level_of_the_article() -> None:
    assert cited("Zob. art. 36 § 1 k.p. i art. 36 § 2 k.p.") == ["kp:art=36", "kp:art=36"]
    assert cited("Wyrok II CSK 123/15, Dz.U. z 2018 r. poz. 1000.") == []
    assert cited("") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("art. 118-120 k.c.", ["kc:art=118", "kc:art=119", "kc:art=120"]),
        ("art. 43a-43c ustawy o prawach konsumenta", [f"upk:art=43{letter}" for letter in "abc"]),
        ("art. 22(1)-22(3) k.p.", ["kp:art=22(1)", "kp:art=22(2)", "kp:art=22(3)"]),
        ("art. 36 § 1-3 k.p.", [f"kp:art=36;par={number}" for number in (1, 2, 3)]),
        ("art. 36 § 1 pkt 1 k.p.", ["kp:art=36;par=1;pkt=1"]),
    ],
)
def test_a_range_is_all_that_lies_between_its_ends(text: str, found: list[str]) -> None:
    assert provisions(find(text)) == found


def test_a_range_whose_inside_is_not_known_is_its_ends() -> None:
    assert expanded("kp:art=22..22(3)") == ("kp:art=22", "kp:art=22(3)")


@given(start=st.integers(1, 900), length=st.integers(1, 400))
def test_no_range_stands_for_more_than_50_provisions(start: int, length: int) -> None:
    found = expanded(f"kc:art={start}..{start + length}")
    assert len(found) == min(50, length + 1)
    numbers = [int(key.rpartition("=")[2]) for key in found]
    assert numbers[0] == start
    assert all(after == before + 1 for before, after in pairwise(numbers))


def test_paragraphs_and_articles_of_one_range_do_not_multiply_beyond_the_cap() -> None:
    assert len(expanded("kc:art=1..40;par=1..40")) == 50


def test_a_range_of_articles_is_spelled_out_at_the_level_of_the_article_too() -> None:
    assert articles(find("art. 118-119 § 1 k.c.")) == ["kc:art=118", "kc:art=119"]
