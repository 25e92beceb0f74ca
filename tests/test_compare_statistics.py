"""Agreement, win rate and stopping: the values of the literature, and what they promise, by simulation."""

from collections.abc import Sequence
from math import comb
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragraf.agreement import cohens_kappa, krippendorffs_alpha, nominal, ordinal
from paragraf.compare.stopping import capital, interval, stop_after
from paragraf.intervals import share

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, examples C (four observers, twelve units, votes
# missing), A (two observers, two values) and B (two observers, five values)
MISSING = ["123321412...", "1233224125.3", ".3332342251.", "1233244125 1.".replace(" ", "")]
BINARY = ["0100000010", "1110010000"]
FIVE = ["aabbdcccedda", "babbbccceddd"]


def units(observers: Sequence[str]) -> list[list[int]]:
    return [[ord(value) for value in unit if value != "."] for unit in zip(*observers, strict=True)]


def table(rows: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    return [(one, other) for one, row in enumerate(rows) for other, times in enumerate(row) for _ in range(times)]


@pytest.mark.parametrize(
    ("observers", "by_name", "by_rank"), [(MISSING, 0.743, 0.815), (BINARY, 0.095, 0.095), (FIVE, 0.692, None)]
)
def test_krippendorffs_alpha_has_the_values_of_his_paper(
    observers: list[str], by_name: float, by_rank: float | None
) -> None:
    assert krippendorffs_alpha(units(observers), nominal) == pytest.approx(by_name, abs=5e-4)
    if by_rank is not None:
        assert krippendorffs_alpha(units(observers), ordinal) == pytest.approx(by_rank, abs=5e-4)


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([[44, 7, 9], [5, 20, 5], [1, 3, 6]], 0.492),  # Cohen 1960, table 1
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.676),  # Fleiss, Levin and Paik 2003, table 18.1
        ([[10, 0], [0, 10]], 1.0),
        ([[0, 10], [10, 0]], -1.0),
        ([[25, 25], [25, 25]], 0.0),
    ],
)
def test_cohens_kappa_has_the_values_of_the_literature(rows: list[list[int]], value: float) -> None:
    assert cohens_kappa(table(rows)) == pytest.approx(value, abs=6e-4)


def test_where_all_say_the_same_no_agreement_can_be_told_from_chance() -> None:
    assert krippendorffs_alpha([[1, 1], [1, 1, 1]], nominal) is None
    assert krippendorffs_alpha([[1], [2], []], ordinal) is None
    assert cohens_kappa([(1, 1)]) is None
    assert cohens_kappa([]) is None


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(0, 3), max_size=4), min_size=2, max_size=8), st.randoms())
def test_agreement_depends_neither_on_the_order_of_units_and_raters_nor_on_lonely_votes(
    given_units: list[list[int]], random: Random
) -> None:
    shuffled = [random.sample(unit, len(unit)) for unit in random.sample(given_units, len(given_units))]
    for distance in (nominal, ordinal):
        value = krippendorffs_alpha(given_units, distance)
        assert value is None or value <= 1 + 1e-12
        assert krippendorffs_alpha([*shuffled, [2]], distance) == (None if value is None else pytest.approx(value))


def test_raters_who_draw_lots_agree_as_chance_does() -> None:
    random = Random(3)
    drawn = [[random.choice([0, 0, 1, 2, 3]) for _ in range(3)] for _ in range(3000)]
    assert krippendorffs_alpha(drawn, nominal) == pytest.approx(0, abs=0.03)
    assert cohens_kappa([(one, other) for one, other, _ in drawn]) == pytest.approx(0, abs=0.05)


def drawn_scores(random: Random, rate: float, raters: int, agree: float, ties: float = 0.2) -> float:
    """One question's score; of its raters a share follows the question and the others draw for themselves."""

    def outcome() -> float:
        return 0.5 if random.random() < ties else float(random.random() < rate)

    together = outcome()
    return sum(together if random.random() < agree else outcome() for _ in range(raters)) / raters


@pytest.mark.parametrize(("rate", "raters", "agree"), [(0.5, 1, 0.0), (0.75, 3, 0.0), (0.75, 3, 0.7), (0.5, 3, 1.0)])
def test_the_interval_of_the_win_rate_holds_the_truth_however_raters_share_questions(
    rate: float, raters: int, agree: float
) -> None:
    random = Random(11)
    truth = 0.2 * 0.5 + 0.8 * rate
    held = 0
    for _ in range(400):
        estimate = share([drawn_scores(random, rate, raters, agree) for _ in range(40)])
        assert estimate.low is not None and estimate.high is not None
        held += estimate.low <= truth <= estimate.high
    assert held / 400 >= 0.94


def test_an_interval_that_counted_votes_for_questions_would_be_too_narrow() -> None:
    random = Random(11)
    held = 0
    for _ in range(400):
        votes = [score for _ in range(40) for score in [drawn_scores(random, 0.5, 1, 0, ties=0)] * 3]
        estimate = share(votes)
        assert estimate.low is not None and estimate.high is not None
        held += estimate.low <= 0.5 <= estimate.high
    assert held / 400 < 0.85


@pytest.mark.parametrize(("wins", "losses"), [(8, 0), (5, 0), (30, 10), (12, 12)])
def test_for_wins_and_losses_the_evidence_is_the_bayes_factor_of_a_flat_prior(wins: int, losses: int) -> None:
    n = wins + losses
    assert capital([1.0] * wins + [0.0] * losses)[-1] == pytest.approx(2**n / ((n + 1) * comb(n, wins)), rel=0.01)


@settings(max_examples=50)
@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), max_size=40), st.randoms())
def test_evidence_knows_neither_order_nor_side_and_ties_move_nothing(scores: list[float], random: Random) -> None:
    end = capital([0.5, *scores])[-1]
    assert capital([*random.sample(scores, len(scores)), 0.5, 0.5])[-1] == pytest.approx(end)
    assert capital([0.5, *(1 - score for score in scores)])[-1] == pytest.approx(end)
    low, high = interval(scores, 0.05)
    assert low < high
    assert ((low > 0.5) or (high < 0.5)) == (end >= 20) or abs(end - 20) < 2  # the ends lie on a grid


@pytest.mark.parametrize(
    ("raters", "agree", "ties", "alpha"), [(1, 0.0, 0.0, 0.05), (1, 0.0, 0.4, 0.2), (3, 0.7, 0.2, 0.05)]
)
def test_looking_after_every_question_stops_for_nothing_at_most_as_often_as_alpha(
    raters: int, agree: float, ties: float, alpha: float
) -> None:
    random = Random(5)
    stops = [
        stop_after([drawn_scores(random, 0.5, raters, agree, ties) for _ in range(100)], alpha) for _ in range(300)
    ]
    assert sum(stop is not None for stop in stops) / 300 <= alpha


def test_a_plain_interval_that_is_looked_at_after_every_question_would_stop_far_too_often() -> None:
    random = Random(5)
    stops = 0
    for _ in range(200):
        scores = [float(random.random() < 0.5) for _ in range(100)]
        looks = [share(scores[:count]) for count in range(5, 101)]
        stops += any(
            look.low is not None and look.high is not None and not look.low <= 0.5 <= look.high for look in looks
        )
    assert stops / 200 > 0.15


def test_a_real_difference_is_found_and_the_sooner_the_larger_it_is() -> None:
    random = Random(7)
    stops = {
        rate: [stop_after([float(random.random() < rate) for _ in range(200)], 0.05) for _ in range(60)]
        for rate in (0.7, 0.9)
    }
    assert all(stop is not None for stop in stops[0.9])
    assert sum(stop is not None for stop in stops[0.7]) > 54
    mean = {rate: sum(stop or 200 for stop in found) / 60 for rate, found in stops.items()}
    assert mean[0.9] < 20 < mean[0.7] < 100


def test_the_interval_for_every_moment_holds_the_truth_at_all_moments() -> None:
    random = Random(9)
    lost = 0
    for _ in range(60):
        scores = [float(random.random() < 0.7) for _ in range(60)]
        looks = [interval(scores[:count], 0.05) for count in range(5, 61, 5)]
        lost += any(not low <= 0.7 <= high for low, high in looks)
    assert lost / 60 <= 0.05


def test_nothing_is_known_before_the_first_score_and_much_after_thousands() -> None:
    assert interval([], 0.05) == (0.0, 1.0)
    assert capital([]) == []
    assert stop_after([], 0.05) is None
    low, high = interval([1.0] * 20_000, 0.05)
    assert 0.99 < low < high == 1.0
    assert capital([1.0] * 2_000)[-1] > 1e300
