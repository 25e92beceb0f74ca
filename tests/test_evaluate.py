from math import exp, log

import pytest

from paragraf.answer import Answer
from paragraf.evaluate import Scores, evaluate
from paragraf.intervals import Estimate
from paragraf.records import Record

PERIOD = Record(
    id="period",
    area="praca",
    question="Jaki mam okres wypowiedzenia?",
    answer="x" * 40,
    legal_basis=("art. 36 § 1 k.p.",),
)
CASE = Record(id="case", area="cywilne", question="Czy wygram?", answer="y" * 20, item_type="individual_case")
UNASKED = Record(id="unasked", area="karne", question="Co grozi za kradzież?", answer="z" * 60)
RECORDS = [PERIOD, CASE, UNASKED]
BASE = [
    Answer("period", loss=8.0, tokens=4, text="Nie wiem, jaki jest okres wypowiedzenia.", finished=True),
    Answer("case", loss=4.0, tokens=2, text="the court the court the court the court", finished=False),
    Answer("unasked", loss=12.0, tokens=6),
]
TUNED = [
    Answer(
        "period",
        loss=4.0,
        tokens=4,
        text="Okres wypowiedzenia wynosi dwa tygodnie. Podstawa prawna: art. 36 § 1 k.p., art. 30 k.p.",
        finished=True,
    ),
    Answer(
        "case",
        loss=2.0,
        tokens=2,
        text="Wynik zależy od dowodów w tej sprawie. Proszę zwrócić się do adwokata.",
        finished=True,
    ),
    Answer("unasked", loss=6.0, tokens=6),
]


@pytest.fixture(scope="module")
def scores() -> Scores:
    return evaluate(RECORDS, BASE, TUNED)


def values(scores: Scores, name: str) -> tuple[float | None, float | None]:
    measure = scores.measure(name)
    return measure.base.value, measure.tuned.value


def test_losses_are_over_all_rows_and_texts_over_those_that_were_asked(scores: Scores) -> None:
    assert (scores.rows, scores.answered) == (3, 2)
    assert scores.measure("answer_loss").base.n == 3
    assert scores.measure("polish").base.n == 2


def test_losses_are_per_token_and_per_character(scores: Scores) -> None:
    assert values(scores, "answer_loss") == (2.0, 1.0)
    assert values(scores, "perplexity") == (exp(2), exp(1))
    assert values(scores, "bits_per_character") == pytest.approx((24 / log(2) / 120, 12 / log(2) / 120))
    assert scores.loss_fall == Estimate(value=0.5, low=0.5, high=0.5, n=3)


@pytest.mark.parametrize(
    ("name", "base", "tuned", "n"),
    [
        ("citation_presence", 0.0, 1.0, 1),
        ("citation_f1", 0.0, 2 / 3, 1),
        ("polish", 0.5, 1.0, 2),
        ("well_formed", 0.0, 1.0, 2),
        ("repetition", 0.3, 0.0, 2),
        ("individual_case_restraint", 0.0, 1.0, 1),
    ],
)
def test_texts_are_scored(scores: Scores, name: str, base: float, tuned: float, n: int) -> None:
    assert values(scores, name) == pytest.approx((base, tuned))
    assert scores.measure(name).base.n == scores.measure(name).tuned.n == n


def test_every_measure_says_which_way_is_better(scores: Scores) -> None:
    assert {measure.name: measure.better for measure in scores.measures} == {
        "answer_loss": "lower",
        "perplexity": "lower",
        "bits_per_character": "lower",
        "citation_presence": "higher",
        "citation_f1": "higher",
        "polish": "higher",
        "well_formed": "higher",
        "repetition": "lower",
        "individual_case_restraint": "higher",
    }


def test_examples_put_both_answers_beside_the_right_one(scores: Scores) -> None:
    assert [example.id for example in scores.examples] == ["period", "case"]
    assert scores.examples[1].model_dump() == {
        "id": "case",
        "area": "cywilne",
        "question": "Czy wygram?",
        "expected": "y" * 20,
        "base": BASE[1].text,
        "tuned": TUNED[1].text,
    }


def test_answers_are_matched_by_id_and_not_by_position(scores: Scores) -> None:
    assert evaluate(RECORDS, BASE[::-1], [TUNED[1], TUNED[2], TUNED[0]]) == scores


def test_the_same_answers_give_the_same_scores(scores: Scores) -> None:
    assert evaluate(RECORDS, BASE, TUNED).content() == scores.content()


def test_scores_survive_their_json(scores: Scores) -> None:
    assert Scores.model_validate_json(scores.content()) == scores


def test_the_line_in_the_log_names_loss_and_citations(scores: Scores) -> None:
    assert scores.summary() == ("Answer loss 2.00 -> 1.00 (-50 %) on 3 test rows; citation F1 0.00 -> 0.67.")


def test_a_rise_of_the_loss_is_told_with_a_plus() -> None:
    assert "Answer loss 1.00 -> 2.00 (+100 %)" in evaluate(RECORDS, TUNED, BASE).summary()


def test_a_model_that_says_nothing_is_scored_at_nothing() -> None:
    silent = [Answer(item.id, item.loss, item.tokens, text="", finished=True) for item in BASE]
    scored = evaluate(RECORDS, BASE, silent)
    assert {name: values(scored, name)[1] for name in ("polish", "well_formed", "citation_f1", "repetition")} == {
        "polish": 0.0,
        "well_formed": 0.0,
        "citation_f1": 0.0,
        "repetition": 0.0,
    }


def test_without_asked_rows_only_the_losses_are_known() -> None:
    scored = evaluate([UNASKED], BASE, TUNED)
    assert values(scored, "answer_loss") == (2.0, 1.0)
    assert values(scored, "polish") == (None, None)
    assert scored.summary() == "Answer loss 2.00 -> 1.00 (-50 %) on 1 test rows; citation F1 unknown -> unknown."
