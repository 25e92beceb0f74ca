from dataclasses import replace
from datetime import date
from math import exp, log

import pytest

from paragraf.answer import Answer
from paragraf.errors import Damaged
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
        ("incomplete", 0.5, 1.0, 2),
        ("abstained", 0.5, 0.0, 2),
        ("malformed", 0.5, 0.0, 2),
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
        "accurate": "higher",
        "incomplete": "lower",
        "abstained": "lower",
        "hallucinated": "lower",
        "needlessly_abstained": "lower",
        "malformed": "lower",
        "key_facts": "higher",
        "citation_presence": "higher",
        "citation_precision": "higher",
        "citation_recall": "higher",
        "citation_f1": "higher",
        "provision_precision": "higher",
        "provision_recall": "higher",
        "provision_f1": "higher",
        "fabricating": "lower",
        "fabricated": "lower",
        "out_of_force": "lower",
        "unverifiable": "lower",
        "quote_fidelity": "higher",
        "closed_accuracy": "higher",
        "premise_handled": "higher",
        "temporal": "higher",
        "consistency": "higher",
        "closed_likelihood": "higher",
        "closed_by_area": "higher",
        "polish": "higher",
        "repetition": "lower",
        "individual_case_restraint": "higher",
    }


def test_parts_of_the_test_are_scored_by_area_and_kind_of_question(scores: Scores) -> None:
    found = {part.name: {one.name: one.tuned.value for one in part.measures} for part in scores.slices}
    assert list(found) == ["area:cywilne", "area:praca", "kind:general", "kind:individual_case"]
    assert found["area:praca"] == pytest.approx(
        {"accurate": 0.0, "hallucinated": 0.0, "key_facts": 0.0, "citation_f1": 2 / 3, "fabricating": 0.0}
    )
    assert "citation_f1" not in found["area:cywilne"]


def test_law_that_is_newer_than_what_was_learned_is_a_part_of_its_own() -> None:
    rows = [replace(PERIOD, legal_state="2026-03-01"), CASE, UNASKED]
    names = {part.name for part in evaluate(rows, BASE, TUNED, date(2025, 12, 31)).slices}
    assert "temporal" in names
    assert "temporal" not in {part.name for part in evaluate(rows, BASE, TUNED, date(2026, 3, 1)).slices}
    assert evaluate(rows, BASE, TUNED).examples[0].law_on == "2026-03-01"


CLOSED = [
    Record(
        id=f"closed-{number}",
        area="karne",
        question="Co grozi za kradzież?",
        answer="Prawidłowa jest odpowiedź B.",
        item_type="exam",
        choices=(("A", "grzywna"), ("B", "więzienie"), ("C", "nic"))[:letters],
        correct="B",
    )
    for number, letters in enumerate((3, 2))
]


def test_a_closed_item_is_right_by_its_likeliest_letter_whatever_was_written() -> None:
    def said(text: str, likeliest: str) -> list[Answer]:
        return [
            Answer(
                record.id,
                loss=1.0,
                tokens=2,
                text=text,
                finished=True,
                letters={letter: -0.5 if letter == likeliest else -2.0 for letter, _ in record.choices},
            )
            for record in CLOSED
        ]

    scores = evaluate(CLOSED, said("Odpowiedź B.", "A"), said("Odpowiedź A.", "B"))
    assert values(scores, "closed_accuracy") == (1.0, 0.0)
    assert values(scores, "closed_likelihood") == (0.0, 1.0)
    assert scores.chance == pytest.approx((1 / 3 + 1 / 2) / 2)


def test_a_row_without_a_measured_answer_is_damage() -> None:
    with pytest.raises(Damaged, match="the tuned model's answers lack row unasked; run again"):
        evaluate(RECORDS, BASE, TUNED[:2])
    with pytest.raises(Damaged, match="the answers lack row case; run again"):
        evaluate(RECORDS, BASE, [TUNED[0], Answer("case", loss=2.0, tokens=2), TUNED[2]])


def test_examples_put_both_answers_beside_the_right_one(scores: Scores) -> None:
    assert [example.id for example in scores.examples] == ["period", "case"]
    assert scores.examples[1].model_dump() == {
        "id": "case",
        "area": "cywilne",
        "law_on": "",
        "question": "Czy wygram?",
        "expected": "y" * 20,
        "base": BASE[1].text,
        "tuned": TUNED[1].text,
        "base_outcome": "incomplete",
        "tuned_outcome": "incomplete",
        "tuned_contradicted": (),
    }


def test_answers_are_matched_by_id_and_not_by_position(scores: Scores) -> None:
    assert evaluate(RECORDS, BASE[::-1], [TUNED[1], TUNED[2], TUNED[0]]) == scores


def test_the_same_answers_give_the_same_scores(scores: Scores) -> None:
    assert evaluate(RECORDS, BASE, TUNED).content() == scores.content()


def test_scores_survive_their_json(scores: Scores) -> None:
    assert Scores.model_validate_json(scores.content()) == scores


def test_the_line_in_the_log_names_loss_and_citations(scores: Scores) -> None:
    assert scores.summary() == (
        "Answer loss 2.00 -> 1.00 (-50 %) on 3 test rows; "
        "right in law 0.00 -> 0.00, citation F1 0.00 -> 0.67 on 2 answers."
    )


def test_a_rise_of_the_loss_is_told_with_a_plus() -> None:
    assert "Answer loss 1.00 -> 2.00 (+100 %)" in evaluate(RECORDS, TUNED, BASE).summary()


def test_a_model_that_says_nothing_is_scored_at_nothing() -> None:
    silent = [Answer(item.id, item.loss, item.tokens, text="", finished=True) for item in BASE]
    scored = evaluate(RECORDS, BASE, silent)
    assert {name: values(scored, name)[1] for name in ("polish", "malformed", "citation_f1", "repetition")} == {
        "polish": 0.0,
        "malformed": 1.0,
        "citation_f1": 0.0,
        "repetition": 0.0,
    }


def test_without_asked_rows_only_the_losses_are_known() -> None:
    scored = evaluate([UNASKED], BASE, TUNED)
    assert values(scored, "answer_loss") == (2.0, 1.0)
    assert values(scored, "polish") == (None, None)
    assert scored.summary() == (
        "Answer loss 2.00 -> 1.00 (-50 %) on 1 test rows; "
        "right in law unknown -> unknown, citation F1 unknown -> unknown on 0 answers."
    )
    assert scored.slices == []
