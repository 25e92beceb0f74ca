from itertools import pairwise

import pytest

from paragraf.history import Point
from paragraf.quality import (
    best,
    better,
    citation_agreement,
    diversity,
    is_degraded,
    polish,
    repeated_share,
    style,
)

IN_FORM = "Okres wypowiedzenia wynosi dwa tygodnie. Podstawa prawna: art. 36 § 1 k.p."
LOOP = "Podstawa prawna: art. 36 § 1 k.p. i tak " * 20


def perplexities(*values: float | None) -> list[Point]:
    return [Point(step=20 * index, perplexity=value) for index, value in enumerate(values)]


def test_a_loop_is_near_one_and_prose_at_zero() -> None:
    assert repeated_share("sąd może odmówić temu " * 50) > 0.95
    assert repeated_share("tak " * 200) > 0.99
    assert repeated_share("Okres wypowiedzenia wynosi dwa tygodnie przy krótkim zatrudnieniu.") == 0.0


@pytest.mark.parametrize(
    ("text", "value"),
    [("", 0.0), ("a b c", 0.0), ("a b c d", 0.0), ("a b c d a b c d", 0.2), ("A b c d. a B c d", 0.2)],
)
def test_repetition_is_the_share_of_four_word_runs_seen_before(text: str, value: float) -> None:
    assert repeated_share(text) == pytest.approx(value)


def test_agreement_is_the_mean_over_answers_whose_model_answer_cites() -> None:
    expected = [IN_FORM, "Zob. art. 30 k.p.", "Nie ma takiego przepisu."]
    assert citation_agreement(expected, ["art. 36 § 2 k.p.", "Nie wiem.", "art. 1 k.c."]) == 0.5


def test_agreement_is_unknown_where_nothing_is_cited() -> None:
    assert citation_agreement(["Tak."], ["art. 36 k.p."]) is None
    assert citation_agreement([], []) is None


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ([], 0.0),
        (["", "tak"], 0.0),
        (["dwa tygodnie"], 1.0),
        (["dwa tygodnie", "Dwa tygodnie."], 0.5),
        (["tak tak tak tak tak"], 0.25),
        (["a b c", "a b d"], 0.75),
    ],
)
def test_diversity_is_the_share_of_different_pairs_of_words_over_all_answers(answers: list[str], value: float) -> None:
    assert diversity(answers) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ([], 0.0),
        ([(IN_FORM, True)], 1.0),
        ([(IN_FORM, False)], 0.0),
        ([("Dwa tygodnie.", True)], 0.0),
        ([(LOOP, True)], 0.0),
        ([(IN_FORM, True), ("", True)], 0.5),
    ],
)
def test_the_form_of_the_house_ends_names_the_basis_and_does_not_loop(
    said: list[tuple[str, bool]], value: float
) -> None:
    assert style(said) == value


def test_polish_is_the_share_of_answers_in_polish() -> None:
    assert polish([IN_FORM, "The notice period is two weeks.", ""]) == pytest.approx(1 / 3)
    assert polish([]) == 0.0


@pytest.mark.parametrize(
    "history",
    [
        [],
        perplexities(30.0),
        perplexities(30.0, None),
        perplexities(30.0, 12.0, 13.2),
        perplexities(30.0, 12.0, 20.0, 11.0),
        perplexities(float("nan"), 12.0),
    ],
)
def test_quality_within_the_threshold_is_no_degradation(history: list[Point]) -> None:
    assert is_degraded(history, 0.1) is None


def test_degradation_is_told_with_the_best_so_far() -> None:
    assert is_degraded(perplexities(30.0, 12.0, None, 15.0), 0.1) == (
        "perplexity 15.00 at step 60 is 25% above the best, 12.00 at step 20"
    )


def test_a_slow_slide_is_seen_though_no_step_of_it_is_above_the_threshold() -> None:
    slide = [10.0, 10.9, 11.8]
    assert all(after / before < 1.1 for before, after in pairwise(slide))
    assert is_degraded(perplexities(30.0, *slide), 0.1) is not None


def test_the_way_back_from_a_spike_is_still_degradation() -> None:
    assert is_degraded(perplexities(30.0, 10.0, 40.0, 20.0), 0.1) is not None


def test_a_perplexity_that_is_no_number_is_degradation() -> None:
    assert is_degraded(perplexities(30.0, float("nan")), 0.1) == "perplexity is nan at step 20"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (Point(step=1, citation_f1=0.5, validation_loss=2.0), Point(step=2, citation_f1=0.3, validation_loss=1.0)),
        (Point(step=1, citation_f1=0.3, validation_loss=1.0), Point(step=2, citation_f1=0.35, validation_loss=2.0)),
        (Point(step=1, validation_loss=1.0), Point(step=2, citation_f1=0.9, validation_loss=2.0)),
        (Point(step=1, validation_loss=1.0), Point(step=2, validation_loss=float("nan"))),
        (Point(step=1, validation_loss=1.0), Point(step=2)),
    ],
)
def test_citations_go_before_loss_unless_they_are_within_noise(a: Point, b: Point) -> None:
    assert better(a, b)
    assert not better(b, a)


def test_equal_checkpoints_are_not_better() -> None:
    point = Point(step=1, citation_f1=0.5, validation_loss=1.0)
    assert not better(point, point.model_copy(update={"step": 2}))
    assert not better(Point(step=1), Point(step=2))


def test_small_steps_down_in_citations_do_not_add_up() -> None:
    history = [
        Point(step=step, citation_f1=f1, validation_loss=loss)
        for step, f1, loss in [(20, 0.5, 1.3), (40, 0.45, 1.2), (60, 0.36, 1.1), (80, 0.28, 1.0)]
    ]
    assert all(better(after, before) for before, after in pairwise(history))
    assert best(history) == history[1]


def test_without_citations_the_lowest_loss_is_best() -> None:
    history = [Point(step=step, validation_loss=loss) for step, loss in [(0, 3.5), (20, 2.0), (40, 2.0), (60, 2.1)]]
    assert best(history) == history[1]
    assert best([Point(step=3, loss=1.0)]) is None
