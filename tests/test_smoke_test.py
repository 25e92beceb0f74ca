"""The smoke test: an answer must be there, whole, Polish, and must disclose what it is where the model was told to."""

import pytest

from paragraf.ask import DISCLOSURE, Reply
from paragraf.smoke_test import QUESTIONS, smoke_test

GOOD = Reply("Zachowek to część wartości udziału spadkowego.", True, f"Zachowek. {DISCLOSURE}", must_disclose=True)


def test_answers_as_they_should_be_have_no_faults() -> None:
    assert smoke_test(lambda _: GOOD) == []


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(" ", True, DISCLOSURE, must_disclose=True), "the answer is empty"),
        (Reply(GOOD.text, False, GOOD.shown, must_disclose=True), "the answer was cut off at its longest length"),
        (
            Reply("A share of the estate is owed to them.", True, GOOD.shown, must_disclose=True),
            "the answer is not Polish: 'A share of the estate is owed to them.'",
        ),
        (
            Reply(GOOD.text, True, GOOD.text, must_disclose=True),
            "the answer does not say that a program gave it and that it is no legal advice",
        ),
    ],
)
def test_a_fault_is_named_with_every_question_that_met_it(reply: Reply, fault: str) -> None:
    assert smoke_test(lambda _: reply) == [f"{question} {fault}" for question in QUESTIONS]


def test_one_bad_answer_among_good_ones_is_found() -> None:
    bad = Reply("", True, "", must_disclose=False)
    found = smoke_test(lambda question: bad if question == QUESTIONS[1] else GOOD)
    assert found == [f"{QUESTIONS[1]} the answer is empty"]


def test_a_model_that_was_not_told_to_disclose_need_not() -> None:
    assert smoke_test(lambda _: Reply(GOOD.text, True, GOOD.text, must_disclose=False)) == []
