from datetime import date

import pytest

from paragraf.evaluation.items import Agreement, Judged, Outcome
from paragraf.evaluation.summary import LegalScores, consistency, summarised
from paragraf.judging import groups_of
from paragraf.law.days import day_of
from paragraf.records import Record

RIGHT = Agreement(precision=1.0, recall=1.0, f1=1.0)
HALF = Agreement(precision=0.5, recall=0.5, f1=0.5)


def item(name: str, outcome: Outcome = "accurate", area: str = "praca", **changed: object) -> Judged:
    return Judged(
        id=name,
        area=area,
        kind="general",
        slices=(f"area:{area}", "kind:general"),
        outcome=outcome,
        malformed="",
        articles=RIGHT,
        provisions=HALF,
        cites=("kp:art=36",),
        cited=2,
        checked=2,
        fabricated=0,
        out_of_force=0,
        unverifiable=0,
        quotes=0,
        faithful_quotes=0,
        facts=1.0,
        contradicted=(),
        choices=0,
        chosen="",
        is_right=None,
        premise_handled=None,
    ).model_copy(update=changed)


@pytest.fixture(scope="module")
def scores() -> LegalScores:
    judged = [item(str(number)) for number in range(8)]
    judged += [
        item("8", "hallucinated", "karne", fabricated=1, facts=0.0),
        item("9", "abstained", "karne", articles=None),
    ]
    return summarised(judged)


def test_shares_have_wilsons_interval(scores: LegalScores) -> None:
    accurate = scores.score("accurate").overall
    assert (accurate.value, accurate.n) == (0.8, 10)
    assert (accurate.low, accurate.high) == (pytest.approx(0.490, abs=0.001), pytest.approx(0.943, abs=0.001))
    assert scores.score("hallucinated").overall.value == 0.1


def test_each_area_and_slice_stands_by_itself(scores: LegalScores) -> None:
    assert {part: found.value for part, found in scores.score("accurate").by_slice.items()} == {
        "area:karne": 0.0,
        "area:praca": 1.0,
        "kind:general": 0.8,
    }


def test_what_does_not_apply_is_not_counted(scores: LegalScores) -> None:
    assert scores.score("citation_f1").overall.n == 9
    assert scores.score("closed_accuracy").overall.value is None
    assert scores.score("closed_accuracy").by_slice == {}
    assert scores.chance is None


def test_fabricated_citations_are_a_share_of_those_that_can_be_checked(scores: LegalScores) -> None:
    assert scores.score("fabricated").overall.value == pytest.approx(1 / 20)
    assert scores.score("fabricating").overall.value == 0.1


def test_scores_survive_their_json(scores: LegalScores) -> None:
    assert LegalScores.model_validate_json(scores.content()) == scores


def test_the_line_in_the_log_names_ranges(scores: LegalScores) -> None:
    assert scores.line().startswith("10 answers: accurate 80% (49% to 94%), hallucinated 10% (")


def test_every_measure_says_which_way_is_better(scores: LegalScores) -> None:
    lower = {score.name for score in scores.scores if score.better == "lower"}
    assert lower == {
        *("incomplete", "abstained", "hallucinated", "needlessly_abstained", "malformed", "fabricating"),
        *("fabricated", "out_of_force", "unverifiable"),
    }


def test_nothing_is_known_of_no_answers() -> None:
    empty = summarised([])
    assert {score.overall.value for score in empty.scores} == {None}
    assert (
        empty.line() == "0 answers: accurate unknown, hallucinated unknown, citation_f1 unknown, fabricating unknown."
    )


def test_guessing_is_told_for_closed_items() -> None:
    assert summarised(
        [item("1", choices=3, is_right=True), item("2", choices=2, is_right=False), item("3")]
    ).chance == (pytest.approx(5 / 12))


def test_paraphrases_agree_if_they_end_alike_and_cite_the_same() -> None:
    judged = [item("a"), item("b"), item("c"), item("d", "incomplete"), item("e"), item("f", cites=()), item("alone")]
    groups = {"a": "1", "b": "1", "c": "2", "d": "2", "e": "3", "f": "3", "alone": "4"}
    found = consistency(judged, groups)
    assert (found.value, found.n) == (pytest.approx(1 / 3), 3)


def test_malformed_answers_earn_nothing() -> None:
    cut = [item(name, malformed="unfinished", quotes=1, faithful_quotes=1) for name in ("a", "b")]
    found = summarised(cut, {"a": "1", "b": "1"})
    assert found.consistency.value == 0
    assert [found.score(name).overall.value for name in ("citation_presence", "quote_fidelity")] == [0, 0]


def test_a_question_and_its_opposite_of_one_lineage_are_no_paraphrases() -> None:
    employer = Record("1", "Czy pracodawca może?", "Nie.", legal_basis=("art. 30 § 4 k.p.",), group="g")
    employee = Record("2", "Czy pracownik może?", "Tak.", legal_basis=("art. 32 § 1 k.p.",), group="g")
    again = Record("3", "Czy wolno pracodawcy?", "Nie wolno.", legal_basis=("art. 30 § 4 k.p.",), group="g")
    denied = Record("4", "Czy musi?", "Tak, musi.", legal_basis=("art. 30 § 4 k.p.",), group="g")
    bare = [Record(name, "Pytanie?", "Odpowiedź.", group="h") for name in "56"]
    groups = groups_of([employer, employee, again, denied, *bare])
    assert groups["1"] == groups["3"]
    assert len({groups[name] for name in "124"}) == 3
    assert groups.keys() == set("1234")


@pytest.mark.parametrize(
    ("state", "day"),
    [("2025-01-01", date(2025, 1, 1)), ("2012", date(2012, 12, 31)), ("", None), ("dziś", None)],
)
def test_the_day_of_a_record_is_its_legal_state(state: str, day: date | None) -> None:
    assert day_of(Record("1", "Pytanie?", "Odpowiedź.", legal_state=state)) == day
