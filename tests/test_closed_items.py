from math import inf, nan

import pytest

from paragraf.evaluation.closed import Choice, chance_of, letter_in, most_likely, over_areas
from paragraf.intervals import Estimate

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
        ("Odpowiedź A jest błędna. Prawidłowa jest odpowiedź B: miesiąc.", "B"),
        ("Odpowiedzi A i B są błędne; prawidłowa jest odpowiedź C.", "C"),
        ("Nie odpowiedź A, lecz odpowiedź C.", "C"),
        ("Prawidłowa jest odpowiedź B, a nie odpowiedź C.", "B"),
        ("W odróżnieniu od odpowiedzi A odpowiedź C jest prawidłowa.", "C"),
        ("Odpowiedzialność a wina: prawidłowa jest odpowiedź C.", "C"),
        ("To roszczenie z tytułu odpowiedzialności z umowy; prawidłowa jest opcja B.", "B"),
        ("Odpowiedź a uzasadnienie to dwie rzeczy.", ""),
        ("Odpowiedź: **B**", "B"),
        ("Odpowiedź prawidłowa: C", "C"),
        ("odpowiedź b)", "B"),
        ("Rok od doręczenia albo miesiąc od doręczenia.", ""),
        ("A może w ogóle nie ma terminu?", ""),
        ("", ""),
    ],
)
def test_a_letter_is_read_from_words(answer: str, letter: str) -> None:
    assert letter_in(answer, CHOICES) == letter


def test_large_areas_do_not_outweigh_small_ones_in_the_mean_over_areas() -> None:
    items = [Choice(id=str(n), area="cywilne", chosen="A", is_right=True) for n in range(9)]
    items.append(Choice(id="9", area="karne", chosen="A", is_right=False))
    found = over_areas(items)
    assert (found.value, found.n) == (0.5, 10)
    assert found.low is not None and found.high is not None and found.low <= 0.5 <= found.high


def test_nothing_is_known_without_items() -> None:
    assert over_areas([]) == Estimate.unknown()


def test_chance_is_what_guessing_reaches() -> None:
    assert chance_of([2, 4, 0]) == 0.375
    assert chance_of([0]) is None
