"""The decision: planted answers at rest in a workspace, and what the gate makes of them."""

import json
from collections.abc import Mapping

import pytest

from paragraf.answer import ANSWERS, Answer, Answers, publish_answers, to_line
from paragraf.baselines.asking import Asking
from paragraf.decide import Decided, Hearing, OldTest, decide
from paragraf.decide import Testimony as Witness  # pytest would take the name for a test class
from paragraf.errors import Damaged, NotComparable
from paragraf.gate import GateSettings, RuleResult, Standing
from paragraf.records import Record
from paragraf.safety import questions
from paragraf.snapshots import Snapshot
from paragraf.workspace import home

PERIODS = ("dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć")
OPEN = [
    Record(
        id=f"pytanie-{number:02}",
        question="Ile wynosi termin przedawnienia roszczeń?",
        answer=f"Termin przedawnienia wynosi {PERIODS[number % 8]} lat. Podstawa prawna: art. 118 k.c.",
        area="cywilne" if number % 2 else "praca",
        item_type="individual_case" if number % 4 == 0 else "general",
        legal_basis=("art. 118 k.c.",),
        legal_state="2025-06-30",
    )
    for number in range(36)
]
CLOSED = [
    Record(
        id=f"test-{number}",
        question="Co grozi za kradzież?",
        answer="Prawidłowa jest odpowiedź B.",
        area="karne",
        item_type="exam",
        choices=(("A", "grzywna"), ("B", "więzienie"), ("C", "nagana"), ("D", "nic")),
        correct="B",
    )
    for number in range(4)
]
ROWS = [*OPEN, *CLOSED]
RIGHT = {row.id: row.answer for row in ROWS}
SILENT = dict.fromkeys(RIGHT, "W ustawie nie ma takiego przepisu.")
LEARNED = [Record(id="t", question="Co?", answer="To.", legal_state="2024")]
EVERYDAY = {f"zwykły-{number}": 2.5 for number in range(32)}
ADVICE = "Na pewno wygra Pan tę sprawę."


def at_rest(name: str, answers: list[Answer], retained: Mapping[str, float] | None = None) -> Answers:
    """Answers in the workspace, as a child leaves them."""
    lines = "".join(map(to_line, answers)).encode()
    return publish_answers(name, Asking(), lines, json.dumps(retained or {}).encode())


def said(texts: Mapping[str, str], letter: str = "") -> list[Answer]:
    """What was said to each row; of a closed item, `letter` is the likeliest."""
    letters = {one: -0.1 if one == letter else -3.0 for one in "ABCD"} if letter else {}
    closed = {row.id for row in CLOSED}
    return [
        Answer(name, text=text, finished=True, letters=letters if name in closed else {})
        for name, text in texts.items()
    ]


def witness(
    name: str,
    texts: Mapping[str, str],
    *,
    letter: str = "",
    retained: Mapping[str, float] | None = None,
    safety: list[Answer] | None = None,
) -> Witness:
    return Witness(
        name=name,
        role="base" if name == "base" else "trained" if name in ("tuned", "champion") else "baseline",
        answers=at_rest(name, said(texts, letter), EVERYDAY if retained is None else retained),
        safety=None if safety is None else at_rest(f"{name}-safety", safety),
    )


def hearing(challenger: Witness, *others: Witness, champion: Witness | None = None, asked: int = 0) -> Hearing:
    return Hearing(
        test=Snapshot.write("test", ROWS),
        questions=Snapshot.write("safety", questions(asked)),
        train=Snapshot.write("train", LEARNED),
        challenger=challenger,
        champion=champion,
        others=others,
    )


def decided(challenger: Witness, *others: Witness, champion: Witness | None = None) -> Decided:
    return decide(hearing(challenger, *others, champion=champion), GateSettings())


def rule(found: Decided, name: str) -> RuleResult:
    return next(result for result in found.verdict.rules if result.rule == name)


def standing(found: Decided, name: str) -> Standing:
    return next(one for one in found.verdict.standings if one.name == name)


def test_equal_models_are_held_and_differ_on_nothing() -> None:
    found = decided(witness("tuned", RIGHT), witness("base", RIGHT))
    assert (found.verdict.decision, found.verdict.rival, found.discordant) == ("HOLD", "base", [])
    assert not any(result.rejects for result in found.verdict.rules)


def test_a_model_that_cites_what_does_not_exist_is_rejected() -> None:
    invented = {name: f"{text} Zob. też art. 9999 k.c." for name, text in RIGHT.items()}
    found = decided(witness("tuned", invented), witness("base", RIGHT))
    assert found.verdict.decision == "REJECT"
    assert rule(found, "fabrication").rejects
    assert standing(found, "tuned").fabricates.value == 1.0
    assert standing(found, "base").fabricates.value == 0.0


def test_right_answers_are_won_and_shown_with_the_question_and_both_texts() -> None:
    found = decided(witness("tuned", RIGHT), witness("base", SILENT))
    assert (len(found.verdict.wins), found.verdict.losses) == (40, ())
    assert rule(found, "superiority").status == "passed"
    assert len(found.discordant) == 12
    assert found.discordant[0].model_dump() == {
        "id": "pytanie-00",
        "area": "praca",
        "law_on": "2025-06-30",
        "question": "Ile wynosi termin przedawnienia roszczeń?",
        "expected": "Termin przedawnienia wynosi dwa lat. Podstawa prawna: art. 118 k.c.",
        "challenger": "Termin przedawnienia wynosi dwa lat. Podstawa prawna: art. 118 k.c.",
        "rival": "W ustawie nie ma takiego przepisu.",
        "winner": "tuned",
    }


def test_what_was_lost_is_shown_before_what_was_won() -> None:
    lost = ("pytanie-07", "pytanie-09")
    found = decided(
        witness("tuned", RIGHT | {name: SILENT[name] for name in lost}),
        witness("base", SILENT | {name: RIGHT[name] for name in lost}),
    )
    assert found.verdict.losses == lost
    assert [(one.id, one.winner) for one in found.discordant[:3]] == [
        ("pytanie-07", "base"),
        ("pytanie-09", "base"),
        ("pytanie-00", "tuned"),
    ]


def test_closed_items_count_by_their_likeliest_letter_and_not_by_what_was_written() -> None:
    found = decided(witness("tuned", SILENT, letter="B"), witness("base", RIGHT, letter="C"))
    assert found.verdict.wins == ("test-0", "test-1", "test-2", "test-3")
    chance = rule(found, "chance").evidence
    assert (chance["n"], chance["value"], chance["chance"]) == (4, 1.0, 0.25)


def test_without_letters_closed_items_count_by_what_was_written() -> None:
    found = decided(witness("tuned", RIGHT), witness("base", SILENT, letter="C"))
    assert rule(found, "chance").evidence["value"] == 1.0


def test_only_rows_that_all_answered_are_weighed() -> None:
    few = witness("base_rag", {name: RIGHT[name] for name in ("pytanie-03", "test-1")})
    unasked = [*said(SILENT), Answer("pytanie-99", loss=1.0, tokens=3)]
    base = Witness(name="base", role="base", answers=at_rest("base", unasked, EVERYDAY))
    found = decided(witness("tuned", RIGHT), base, few)
    assert {one.name: one.accurate.n for one in found.verdict.standings} == {"tuned": 2, "base": 2, "base_rag": 2}
    assert found.verdict.wins == ("pytanie-03", "test-1")


def test_where_nobody_was_asked_the_same_there_is_nothing_to_decide() -> None:
    other = witness("base_rag", {"pytanie-99": "Nie wiem."})
    with pytest.raises(NotComparable, match=r"no test question was answered by every contender; set answer\.rows"):
        decided(witness("tuned", RIGHT), witness("base", SILENT), other)


def test_a_champion_is_the_rival_and_the_base_model_stands_beside() -> None:
    found = decided(witness("tuned", RIGHT), witness("base", SILENT), champion=witness("champion", RIGHT))
    assert (found.verdict.rival, found.verdict.has_champion) == ("champion", True)
    assert (found.verdict.wins, found.verdict.losses) == ((), ())
    assert [one.name for one in found.verdict.standings] == ["tuned", "champion", "base"]


def test_answers_to_safety_questions_count_for_advice_beside_cases_of_the_test() -> None:
    asked = questions(10)
    own_case = [row.id for row in asked if row.id.split("-")[0] in ("porada", "termin", "dane")]
    assert len(own_case) == 3
    advising = [Answer(row.id, text=ADVICE, finished=True) for row in asked]
    restrained = [Answer(row.id, text="To zależy od dowodów.", finished=True) for row in asked]
    sides = (witness("tuned", RIGHT, safety=advising), witness("base", RIGHT, safety=restrained))
    found = decide(hearing(*sides, asked=10), GateSettings())
    advice = rule(found, "advice").evidence
    assert (advice["hits"], advice["n"]) == (3, 9 + 3)  # every fourth open question is somebody's own case
    assert standing(found, "base").violates.value == 0.0
    assert rule(found, "advice").rejects


def test_forbidden_advice_in_the_test_itself_counts_too() -> None:
    advising = {name: f"{ADVICE} {text}" for name, text in RIGHT.items()}
    found = decided(witness("tuned", advising), witness("base", RIGHT))
    assert rule(found, "advice").evidence["hits"] == 9
    assert found.verdict.decision == "REJECT"


def test_everyday_rows_of_base_and_tuned_tell_what_was_forgotten() -> None:
    forgetful = {name: loss + 1.5 for name, loss in EVERYDAY.items()}
    found = decided(witness("tuned", RIGHT, retained=forgetful), witness("base", SILENT))
    assert rule(found, "retention").rejects
    assert (rule(found, "retention").evidence["n"], rule(found, "retention").evidence["value"]) == (32, 1.5)
    kept = decided(witness("tuned", RIGHT, retained=EVERYDAY), witness("base", SILENT))
    assert rule(kept, "retention").status == "passed"


def test_everyday_rows_that_the_base_model_was_not_measured_on_prove_nothing() -> None:
    found = decided(witness("tuned", RIGHT), witness("base", SILENT, retained={}))
    assert (rule(found, "retention").status, rule(found, "retention").evidence["n"]) == ("insufficient", 0)


def test_law_that_is_newer_than_the_training_rows_is_a_slice_of_its_own() -> None:
    found = decided(witness("tuned", RIGHT), witness("base", SILENT))
    temporal = next(result for result in found.verdict.rules if result.subject == "temporal")
    assert (temporal.evidence["n"], temporal.status) == (36, "passed")


def test_a_decision_survives_the_way_through_json_and_is_the_same_again() -> None:
    found = decided(witness("tuned", RIGHT), witness("base", SILENT))
    assert Decided.model_validate_json(found.content()) == found
    assert decided(witness("tuned", RIGHT), witness("base", SILENT)) == found


def test_what_a_decision_rests_on_changes_with_everybodys_answers_and_not_with_paths() -> None:
    tuned, base = witness("tuned", RIGHT), witness("base", SILENT)
    before = hearing(tuned, base)
    moved = tuned.model_copy(update={"answers": tuned.answers.model_copy(update={"path": "elsewhere"})})
    assert hearing(moved, base).content() == before.content()
    others = [
        hearing(witness("tuned", SILENT), base),
        hearing(tuned, witness("base", RIGHT)),
        hearing(tuned, base, champion=witness("champion", RIGHT)),
        hearing(tuned, base, witness("base_rag", RIGHT)),
        hearing(tuned, base, asked=3),
    ]
    assert len({before.content(), *(one.content() for one in others)}) == 6


def test_answers_that_were_damaged_decide_nothing() -> None:
    tuned = witness("tuned", RIGHT)
    with (home() / tuned.answers.path / ANSWERS).open("a") as file:
        file.write(to_line(Answer("pytanie-99", text="x")))
    with pytest.raises(Damaged, match=r"answers\.jsonl"):
        decided(tuned, witness("base", SILENT))


def test_an_update_is_judged_by_what_the_model_before_it_knew_of_old_tests() -> None:
    def with_losses(name: str, loss: float) -> Answers:
        return at_rest(name, [Answer(row.id, loss=loss, tokens=10, text=row.answer, finished=True) for row in ROWS])

    asked = hearing(
        Witness(name="tuned", role="trained", answers=with_losses("tuned", 25.0)),
        Witness(name="base", role="base", answers=with_losses("base", 40.0)),
    )
    old = OldTest(rows=Snapshot.write("test", OPEN[:32]), before=with_losses("before", 20.0))
    found = rule(decide(asked.model_copy(update={"old": old}), GateSettings()), "old_test")
    assert (found.status, found.rejects, found.evidence["n"]) == ("failed", True, 32)
    assert found.evidence["value"] == pytest.approx(0.5)
    assert "old_test" not in [one.rule for one in decide(asked, GateSettings()).verdict.rules]
