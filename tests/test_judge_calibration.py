import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paragraf.agreement import agreement, weighted_kappa
from paragraf.errors import BadRow, BadSettings, TooFewRows
from paragraf.judge.asking import Answered, Rivals
from paragraf.judge.calibrating import calibrate_grades, calibrate_preferences
from paragraf.judge.calibration import Calibration, faults, is_valid, keep, kept
from paragraf.judge.labels import Label, read_answers, read_labels, rivals
from paragraf.judge.settings import JudgeSettings
from tests.judges import (
    ENOUGH,
    always_first,
    answered,
    grades,
    grades_as_written,
    judge_at,
    model_of,
    pair,
    prefers_as_written,
    read,
    settings_for,
)
from tests.servers.openai_server import Reply, refuses, serving, writes

# 85 mammograms read by two radiologists (Boyd et al. 1982), as in the Stata manual under kappa, where squared weights
# give an agreement of 94.77 %, 84.09 % by chance, kappa 0.6714
MAMMOGRAMS = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("NO_PROXY", "*")


def test_weighted_kappa_is_that_of_the_published_example() -> None:
    pairs = [
        (one, other) for one, row in enumerate(MAMMOGRAMS) for other, times in enumerate(row) for _ in range(times)
    ]
    assert weighted_kappa(pairs) == pytest.approx(0.6714, abs=5e-5)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([(1, 1), (4, 4)], 1.0),
        ([(1, 4), (4, 1)], -1.0),
        ([(1, 1), (1, 4), (4, 1), (4, 4)], 0.0),
        ([(1, 2), (2, 2), (3, 2), (4, 2)], 0.0),  # who always says the same agrees by chance alone
        ([(3, 3), (3, 3)], None),
        ([], None),
    ],
)
def test_weighted_kappa_of_plain_cases(pairs: list[tuple[int, int]], kappa: float | None) -> None:
    assert weighted_kappa(pairs) == kappa


def test_labels_of_one_item_make_the_interval_no_narrower() -> None:
    once = [[(number % 4, (number + number % 3 // 2) % 4)] for number in range(40)]
    thrice = [item * 3 for item in once]
    assert agreement(thrice).model_dump() == pytest.approx(agreement(once).model_dump())
    assert agreement(once).n == 40


def grading(server_says: Callable[[dict[str, Any]], Reply], items: int = ENOUGH) -> tuple[Calibration, JudgeSettings]:
    """A calibration on answers that one person gave the grades 1, 2, 3, 4, 1 and so on."""
    with serving(server_says) as server:
        settings = settings_for(server)
        with judge_at(settings) as judge:
            given = [answered(number, number % 4 + 1) for number in range(items)]
            labels = [Label(item.id, "anna", {"score": int(item.answer[-1])}) for item in given]
            [found] = calibrate_grades(judge, model_of(settings), given, labels)
    return found, settings


def preferring(server_says: Callable[[dict[str, Any]], Reply]) -> tuple[Calibration, JudgeSettings]:
    """A calibration on pairs of which one person preferred A, B, neither, A and so on."""
    with serving(server_says) as server:
        settings = settings_for(server)
        with judge_at(settings) as judge:
            given = [pair(number, *[(4, 1), (1, 4), (2, 2)][number % 3]) for number in range(ENOUGH)]
            labels = [Label(item.id, "anna", {"preference": (2, 0, 1)[at % 3]}) for at, item in enumerate(given)]
            found = calibrate_preferences(judge, model_of(settings), given, labels)
    return found, settings


def test_a_judge_that_says_what_people_say_may_decide() -> None:
    for found, settings in (grading(grades_as_written), preferring(prefers_as_written)):
        assert (found.kappa.value, found.kappa.low, found.kappa.n) == (1.0, 1.0, ENOUGH)
        assert is_valid(found, settings)


def test_a_judge_that_always_says_a_changes_with_every_order_and_may_not_decide() -> None:
    found, settings = preferring(always_first)
    assert found.swap_bias.value == 1.0
    assert found.kappa.value == 0.0
    assert faults(found, settings) == [
        "weighted kappa 0.00 [0.00, 0.00], not surely 0.6 or more",
        "swap bias 1.00 [0.82, 1.00], not surely 0.2 or less",
    ]


def test_pairs_with_one_text_twice_show_nothing_of_a_judge() -> None:
    same = [replace(pair(number, 1, 1), second=pair(number, 1, 1).first) for number in range(4)]
    labels = [Label(item.id, "anna", {"preference": 1}) for item in [*same, pair(9, 4, 1)]]
    with serving(prefers_as_written) as server:
        settings = settings_for(server)
        with judge_at(settings) as judge:
            found = calibrate_preferences(judge, model_of(settings), [*same, pair(9, 4, 1)], labels)
        assert len(server.calls) == 2
    assert (found.labelled, found.swap_bias.n) == (1, 1)


def test_a_judge_that_gives_all_the_same_grade_may_not_decide() -> None:
    found, settings = grading(lambda _: writes(**grades(3)))
    assert found.kappa.value == 0.0
    assert not is_valid(found, settings)


def test_too_few_labels_are_no_calibration_however_well_they_agree() -> None:
    found, settings = grading(grades_as_written, ENOUGH - 1)
    assert faults(found, settings) == ["17 labelled with an opinion, fewer than 18"]


def test_a_judge_that_passes_over_what_is_hard_may_not_decide() -> None:
    def refuses_some(body: dict[str, Any]) -> Reply:
        return refuses() if read(body)["question"].endswith("7?") else grades_as_written(body)

    found, settings = grading(refuses_some, 20)
    assert found.errors == {"refused": 2}
    assert is_valid(found, settings)
    found, settings = grading(refuses_some, 28)
    assert faults(found, settings) == ["no opinion on 3 of 28"]


@pytest.mark.parametrize("changed", [{"model": "n"}, {"temperature": 1.0}, {"base_url": "http://127.0.0.1:9/v1"}])
def test_a_calibration_is_of_one_model_with_its_settings(changed: dict[str, Any]) -> None:
    found, settings = grading(grades_as_written)
    other = settings.model_copy(update={"generator": model_of(settings).model_copy(update=changed)})
    assert faults(found, other) == ["another model, address, setting or prompt was calibrated"]
    assert faults(found, JudgeSettings()) == ["there is no judge"]


def test_a_calibration_is_of_one_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    found, settings = grading(grades_as_written)
    monkeypatch.setattr("paragraf.judge.asking._GRADE", "prompts/judge_prefer.md")
    assert not is_valid(found, settings)


def test_opinions_decide_where_the_workspace_keeps_a_valid_calibration_of_this_judge() -> None:
    found, settings = grading(grades_as_written)
    keep(found)
    assert kept(settings) == [found]
    with judge_at(settings) as judge:  # its server is gone: the opinion was kept when it was calibrated
        opinions = judge.grade([answered(1, 2)]).given
    assert {opinion.criterion for opinion in opinions if opinion.may_decide} == {"score"}
    with serving(grades_as_written) as server, judge_at(settings_for(server)) as another:
        assert not any(opinion.may_decide for opinion in another.grade([answered(1, 2)]).given)


def test_a_calibration_that_was_changed_by_hand_counts_for_nothing(caplog: pytest.LogCaptureFixture) -> None:
    found, settings = grading(lambda _: writes(**grades(3)))
    path = keep(found)
    path.write_text(path.read_text("utf-8").replace('"value": 0.0', '"value": 0.9', 1), "utf-8")
    assert kept(settings) == []
    assert "is damaged and counts for nothing" in caplog.text


def test_other_labels_or_texts_make_another_calibration() -> None:
    found, _ = grading(grades_as_written, 20)
    same, _ = grading(grades_as_written, 20)
    fewer, _ = grading(grades_as_written, 19)
    assert found.labels == same.labels != fewer.labels
    assert found.digest() != fewer.digest()


def test_people_who_label_the_same_answers_are_held_against_each_other() -> None:
    given = [answered(number, number % 4 + 1) for number in range(8)]
    both = [(item.id, int(item.answer[-1])) for item in given]
    labels = [
        *(Label(name, "anna", {"score": value}) for name, value in both),
        *(Label(name, "jan", {"score": 5 - value, "grounding": value}) for name, value in both),
    ]
    with serving(grades_as_written) as server:
        settings = settings_for(server)
        with judge_at(settings) as judge:
            score, grounding = calibrate_grades(judge, model_of(settings), given, labels)
    assert (score.criterion, score.raters, score.kappa.value, score.among_people) == ("score", 2, 0.0, -1.0)
    assert (grounding.criterion, grounding.raters, grounding.kappa.value) == ("grounding", 1, 1.0)
    assert grounding.among_people is None


def rows(path: Path, *held: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in held), "utf-8")
    return path


ROW = {"id": "q1", "question": "Pytanie?", "expected": "Wzorzec.", "answer": "Odpowiedź."}
ONE = [Answered("q1", "Pytanie?", "Wzorzec.", "Odpowiedź.")]
TWO = [Rivals("q1", "Pytanie?", "Wzorzec.", "Odpowiedź.", "Inna.")]


def test_answers_and_labels_are_read_from_files(tmp_path: Path) -> None:
    first, second = rows(tmp_path / "a.jsonl", ROW), rows(tmp_path / "b.jsonl", {**ROW, "answer": "Inna."})
    assert read_answers(first) == ONE
    assert rivals(first, second) == TWO
    labels = rows(
        tmp_path / "labels.jsonl",
        {"id": "q1", "rater": "anna", "score": 4, "comment": "dobra"},
        {"id": "q1", "rater": "jan", "correctness": 2, "score": None},
    )
    assert read_labels(labels, ONE) == [Label("q1", "anna", {"score": 4}), Label("q1", "jan", {"correctness": 2})]
    preferences = rows(tmp_path / "pairs.jsonl", {"id": "q1", "rater": "anna", "preference": "A"})
    assert read_labels(preferences, TWO) == [Label("q1", "anna", {"preference": 2})]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "q9", "rater": "anna", "score": 4}, "no answer with the id 'q9'"),
        ({"id": "q1", "score": 4}, "expected text in 'rater', found null"),
        ({"id": "q1", "rater": "anna"}, "no label; write score"),
        ({"id": "q1", "rater": "anna", "score": 5}, "expected a number from 1 to 4 as score, found a number"),
        ({"id": "q1", "rater": "anna", "score": True}, "found a truth value"),
        ({"id": "q1", "rater": "anna", "score": "4"}, "found text"),
    ],
)
def test_a_wrong_label_is_named_with_its_line(tmp_path: Path, row: dict[str, Any], said: str) -> None:
    path = rows(tmp_path / "labels.jsonl", row)
    with pytest.raises(BadRow, match=said) as caught:
        read_labels(path, ONE)
    assert f"{path}:1: " in str(caught.value)


def test_a_person_has_one_word_on_each_answer(tmp_path: Path) -> None:
    path = rows(tmp_path / "labels.jsonl", *[{"id": "q1", "rater": "anna", "score": score} for score in (4, 3)])
    with pytest.raises(BadRow, match=r"labels.jsonl:2: 'anna' has labelled 'q1' before"):
        read_labels(path, ONE)


def test_preferences_are_about_two_files_and_scores_about_one(tmp_path: Path) -> None:
    label = {"id": "q1", "rater": "anna"}
    score = rows(tmp_path / "score.jsonl", {**label, "score": 3})
    preference = rows(tmp_path / "preference.jsonl", {**label, "preference": "tie"})
    with pytest.raises(BadSettings, match="score are about one file"):
        read_labels(score, TWO)
    with pytest.raises(BadSettings, match="preference are about two files"):
        read_labels(preference, ONE)
    with pytest.raises(BadRow, match="expected A, B or tie as preference, found text"):
        read_labels(rows(tmp_path / "wrong.jsonl", {**label, "preference": "C"}), TWO)


def test_files_that_do_not_fit_each_other_are_refused(tmp_path: Path) -> None:
    first = rows(tmp_path / "a.jsonl", ROW)
    others = [{**ROW, "id": "q2"}, {**ROW, "expected": "Inny wzorzec."}]
    refusals = ["b.jsonl: no answer to question 'q1'", "b.jsonl: question 'q1' or its right answer is another"]
    for other, said in zip(others, refusals, strict=True):
        with pytest.raises(BadRow, match=said):
            rivals(first, rows(tmp_path / "b.jsonl", other))
    with pytest.raises(BadRow, match="stands here again"):
        read_answers(rows(tmp_path / "c.jsonl", ROW, ROW))
    with pytest.raises(TooFewRows, match="no rows"):
        read_answers(rows(tmp_path / "d.jsonl"))
