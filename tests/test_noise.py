"""Typing in a hurry: words suffer, the law does not."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.augment.noise import NoiseSettings, noise
from paragraf.law import find
from paragraf.load import SAMPLE
from paragraf.task_words import parts_of_speech
from paragraf.text import normal_form, numbers, words

QUESTIONS = [json.loads(line)["question"] for line in SAMPLE.read_text("utf-8").splitlines()]
EXACT = (
    "Czy zgodnie z art. 52 § 1 pkt 1 k.p. w zw. z art. 30 k.p. pracodawca może zwolnić [OSOBA 1], jeżeli Kodeks pracy, "
    "RODO i ustawa o prawach konsumenta tego nie przewidują? Pisałem na jan@example.pl do ZUS 12.05.2024."
)


@pytest.mark.parametrize(
    "kept",
    [
        "art. 52 § 1 pkt 1 k.p. w zw. z art. 30 k.p.",
        "[OSOBA 1]",
        "Kodeks pracy",
        "RODO",
        "ustawa o prawach konsumenta",
        "jan@example.pl",
        "ZUS",
        "12.05.2024",
    ],
)
def test_what_must_be_exact_stays(kept: str) -> None:
    assert all(kept in noise(EXACT, 1.0, Random(seed)) for seed in range(40))


def test_the_same_seed_types_the_same_and_another_one_not() -> None:
    assert noise(EXACT, 0.5, Random(1)) == noise(EXACT, 0.5, Random(1))
    assert noise(EXACT, 0.5, Random(1)) != noise(EXACT, 0.5, Random(2))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("zażółć", {"zazolc", "zazółć", "zażólć", "zażołć", "zażółc"}),
        ("Tak", {"tak"}),
        ("nie, bo", {"nie bo", "nie,bo"}),
        ("Kaucja?", {"kaucja?", "Kaucja"}),
    ],
)
def test_people_leave_out_tails_capitals_marks_and_blanks(text: str, seen: set[str]) -> None:
    assert seen <= {noise(text, 1.0, Random(seed)) for seed in range(300)}


def test_keys_slip_to_their_neighbours_twice_or_in_the_wrong_order() -> None:
    made = {noise("umowa", 1.0, Random(seed)) for seed in range(300)}
    assert {"umoowa", "umwoa", "uniwa"} & made == {"umoowa", "umwoa"}
    assert {"unowa", "umiwa"} <= made
    assert not {"umpza", "xmowa"} & made


@given(st.sampled_from(QUESTIONS), st.floats(0, 1), st.integers(0, 10_000))
def test_numbers_and_citations_survive(question: str, strength: float, seed: int) -> None:
    made = noise(question, strength, Random(seed))
    assert numbers(made) == numbers(question)
    assert [item.key for item in find(made)] == [item.key for item in find(question)]


@given(st.text(max_size=80), st.integers(0, 100))
def test_any_text_can_be_typed(text: str, seed: int) -> None:
    assert noise(text, 0.0, Random(seed)) == text
    noise(text, 1.0, Random(seed))


def test_no_slip_of_the_keys_makes_another_word() -> None:
    for seed in range(50):
        made = words(noise("kara sadu mowa", 1.0, Random(seed)))
        assert all(word in ("kara", "sadu", "mowa") or not parts_of_speech(word) for word in made)


def test_strength_is_the_share_of_words_touched() -> None:
    touched = total = 0
    for seed, question in enumerate(QUESTIONS):
        made = noise(question, 0.3, Random(seed)).split()
        if len(made) == len(question.split()):
            touched += sum(new != old for new, old in zip(made, question.split(), strict=True))
            total += len(made)
    assert 0.2 < touched / total < 0.3


def test_most_of_a_text_is_still_read() -> None:
    question = "Czy pracodawca musi wypłacić ekwiwalent za zaległy urlop wypoczynkowy?"
    same = normal_form(question).split()
    made = normal_form(noise(question, 0.25, Random(4))).split()
    assert len(set(made) & set(same)) >= 6


def test_the_settings_are_shares() -> None:
    assert NoiseSettings() == NoiseSettings(share=0.1, strength=0.25)
    with pytest.raises(ValueError, match="less than or equal to 1"):
        NoiseSettings(strength=1.5)
