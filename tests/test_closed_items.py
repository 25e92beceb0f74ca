from math import inf, nan

import pytest

from paragraf.evaluation.closed import Choice, closed_scores, letter_in, most_likely

CHOICES = (("A", "rok od doręczenia"), ("B", "miesiąc od doręczenia"), ("C", "nigdy"))


@pytest.mark.parametrize(
    ("log_likelihoods", "letter"),
    [
        ({"A": -2.0, "B": -0.5, "C": -3.0}, "B"),
        ({"A": -0.5, "B": -0.5, "C": -3.0}, ""),
        ({"A": nan, "B": -7.0, "C": -inf}, "B"),
        ({"A": nan, "B": -inf}, ""),
        ({}, ""),
    ],
)
def test_the_likeliest_letter_is_chosen_and_a_tie_is_no_choice(log_likelihoods: dict[str, float], letter: str) -> None:
    assert most_likely(log_likelihoods) == letter


@pytest.mark.parametrize(
    ("answer", "letter"),
    [
        ("Prawidłowa jest odpowiedź B: miesiąc od doręczenia.", "B"),
        ("B", "B"),
        ("b) miesiąc od doręczenia", "B"),
        ("Odp. A", "A"),
        ("Odpowiedź: C", "C"),
        ("Termin to miesiąc od doręczenia.", "B"),
        ("Odpowiedź D", ""),
        ("Rok od doręczenia albo miesiąc od doręczenia.", ""),
        ("A może w ogóle nie ma terminu?", ""),
        ("", ""),
    ],
)
def test_a_letter_is_read_from_words(answer: str, letter: str) -> None:
    assert letter_in(answer, CHOICES) == letter


def item(number: int, area: str, is_right: bool, choices: int = 3) -> Choice:
    return Choice(id=str(number), area=area, chosen="A", is_right=is_right, choices=choices)


def test_large_areas_do_not_outweigh_small_ones_in_the_macro_mean() -> None:
    items = [item(n, "cywilne", True) for n in range(9)] + [item(9, "karne", False)]
    scores = closed_scores(items)
    assert scores.accuracy.value == 0.9
    assert scores.macro.value == 0.5
    assert scores.by_area["karne"].n == 1


def test_chance_is_what_guessing_reaches() -> None:
    assert closed_scores([item(1, "karne", True, 2), item(2, "karne", True, 4)]).chance == 0.375
    assert closed_scores([]).chance is None


def test_accuracy_has_an_interval() -> None:
    accuracy = closed_scores([item(n, "karne", n < 84) for n in range(100)]).accuracy
    assert (accuracy.value, accuracy.n) == (0.84, 100)
    assert accuracy.low == pytest.approx(0.756, abs=0.001)
    assert accuracy.high == pytest.approx(0.899, abs=0.001)
