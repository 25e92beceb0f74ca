"""The judge in a run: shown without a calibration, heard by the gate with one, and never with the key."""

import os
from pathlib import Path

import pytest

from paragraf.answer import Answers
from paragraf.decide import Testimony as Witness  # pytest takes classes that begin with Test for tests
from paragraf.gate import GateSettings, Preferred, Verdict, decide
from paragraf.intervals import Estimate, share
from paragraf.judge.calibrating import calibrate_preferences
from paragraf.judge.calibration import keep
from paragraf.judge.labels import Label
from paragraf.judge.settings import JudgeSettings
from paragraf.judge.stage import Judgement, judge
from paragraf.judge.wording import reason_words
from paragraf.markup import page
from paragraf.records import Record
from paragraf.snapshots import Snapshot
from tests.answering import answers_of
from tests.gating import contender, of_ten
from tests.judges import ENOUGH, always_first, judge_at, model_of, pair, prefers_as_written, settings_for
from tests.keys import traces_of_key
from tests.pages import text_of
from tests.servers.openai_server import OpenAIServer, fault, serving
from tests.test_generator import KEY

BETTER, WORSE = "warta 4", "warta 1"
SETTINGS = GateSettings(advice_recall=1)  # 320 cases without forbidden advice prove enough


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "*")


def asked(tuned: list[str | None], rival: list[str | None]) -> tuple[Snapshot, Answers, Witness]:
    """A test of as many rows, and what the new model and its rival said to each."""
    rows = [Record(id=f"r{at}", question=f"Pytanie {at}?", answer=f"Wzorzec {at}.") for at in range(len(tuned))]
    said = [
        answers_of(name, {row.id: text and f"{name} {row.id} {text}" for row, text in zip(rows, texts, strict=True)})
        for name, texts in (("tuned", tuned), ("base", rival))
    ]
    return Snapshot.write("test", rows), said[0], Witness(name="base", role="base", answers=said[1])


def calibrated(server: OpenAIServer) -> JudgeSettings:
    """A judge that was held against people and agreed with them."""
    settings = settings_for(server)
    with judge_at(settings) as opened:
        given = [pair(number, *[(4, 1), (1, 4), (2, 2)][number % 3]) for number in range(ENOUGH)]
        labels = [Label(item.id, "anna", {"preference": (2, 0, 1)[at % 3]}) for at, item in enumerate(given)]
        keep(calibrate_preferences(opened, model_of(settings), given, labels))
    return settings


def found(settings: JudgeSettings, tuned: list[str | None], rival: list[str | None]) -> Judgement:
    told = judge(*asked(tuned, rival), settings)
    assert told is not None
    return told


def verdict(preferred: Preferred | None) -> Verdict:
    champion, base = contender("champion", of_ten(6)), contender("base", of_ten(2), role="base")
    return decide(contender("tuned", of_ten(9)), champion, [base], SETTINGS, preferred)


def shown(judged: Judgement) -> dict[str, str]:
    """The report's section on a judge, in both forms."""
    unjudged = [(reason_words(name), count) for name, count in judged.errors.items()]
    html, markdown = (page(f"judge.{kind}.j2", judged=judged, unjudged=unjudged) for kind in ("html", "md"))
    return {"html": text_of(html), "md": markdown}


def test_without_a_judge_nobody_is_asked() -> None:
    assert judge(*asked([BETTER], [WORSE]), JudgeSettings()) is None


def test_a_judge_without_a_calibration_is_shown_and_the_gate_does_not_hear_it() -> None:
    with serving(prefers_as_written) as server:
        judged = found(settings_for(server), [WORSE] * 8, [BETTER] * 8)
        assert len(server.calls) == 16
    assert (judged.wins, judged.losses, judged.may_decide, judged.preferred()) == (0, 8, False, None)
    assert "information only: no calibration" in judged.summary()
    assert verdict(judged.preferred()) == verdict(None)
    for text in shown(judged).values():
        assert "To tylko informacja: w decyzji się nie liczy." in text
        assert "Powód: nikt nie porównał jego ocen z ocenami ludzi" in text


def test_a_calibrated_judge_that_surely_prefers_the_rival_holds_a_model_that_all_other_rules_promote() -> None:
    with serving(prefers_as_written) as server:
        judged = found(calibrated(server), [WORSE] * 8, [BETTER] * 8)
    assert (judged.may_decide, judged.faults, judged.win_rate.value) == (True, (), 0.0)
    heard = verdict(judged.preferred())
    [rule] = [result for result in heard.rules if result.rule == "judge"]
    assert (rule.status, rule.rejects, rule.subject) == ("failed", False, "m")
    assert "z „Dotychczasowy model”" in rule.polish
    assert (verdict(None).decision, heard.decision) == ("PROMOTE", "HOLD")
    assert verdict(None).digest != heard.digest
    assert all("Jego zdanie liczy się w decyzji" in text for text in shown(judged).values())


def test_a_calibrated_judge_that_prefers_the_new_model_changes_no_decision() -> None:
    with serving(prefers_as_written) as server:
        judged = found(calibrated(server), [BETTER] * 8, [WORSE] * 8)
    heard = verdict(judged.preferred())
    assert [result.status for result in heard.rules if result.rule == "judge"] == ["passed"]
    assert heard.decision == "PROMOTE"
    worst = contender("tuned", of_ten(6)), contender("champion", of_ten(6)), [contender("base", of_ten(2), role="base")]
    assert decide(*worst, SETTINGS, judged.preferred()).decision == "HOLD"


@pytest.mark.parametrize(
    ("wins", "losses", "status"), [(0, 3, "passed"), (0, 4, "failed"), (41, 59, "passed"), (40, 60, "failed")]
)
def test_only_an_interval_below_one_half_fails(wins: int, losses: int, status: str) -> None:
    rate = share([1.0] * wins + [0.0] * losses)
    heard = verdict(Preferred(judge="m", rate=rate, opinions="x"))
    assert [result.status for result in heard.rules if result.rule == "judge"] == [status]


def test_rows_that_only_one_answered_are_left_out_and_equal_words_are_a_tie_without_a_question() -> None:
    with serving(prefers_as_written) as server:
        test, _, rival = asked([BETTER, None, BETTER, BETTER], [WORSE, WORSE, None, BETTER])
        same = answers_of("tuned", {"r0": f"tuned {BETTER}", "r1": None, "r2": BETTER, "r3": f"base r3 {BETTER}"})
        judged = judge(test, same, rival, settings_for(server))
        assert len(server.calls) == 2
    assert judged is not None
    assert (judged.rows, judged.wins, judged.ties, judged.equal) == (2, 1, 1, 1)


def test_a_judge_whose_calibration_fails_says_in_polish_what_is_wrong_with_it() -> None:
    with serving(always_first) as server:
        judged = found(calibrated(server), [WORSE] * 4, [BETTER] * 4)
    assert judged.faults == (
        "jego zgodność z ludźmi (kappa ważona 0,00, 95%: od 0,00 do 0,00) nie jest na pewno co najmniej 0,60",
        "zmienia zdanie po zamianie kolejności odpowiedzi (udział 1,00, 95%: od 0,82 do 1,00), a na pewno nie powinien "
        "częściej niż 0,20",
    )
    assert (judged.preferred(), judged.swap_bias.value) == (None, 1.0)


def test_an_endpoint_that_is_down_leaves_no_opinion_and_no_rule() -> None:
    with serving(prefers_as_written) as server:
        settings = calibrated(server)
        server.respond = lambda body: fault(500)
        judged = found(settings, [WORSE] * 3, [BETTER] * 3)
    assert (judged.errors, judged.win_rate, judged.opinions) == ({"server_error": 3}, Estimate.unknown(), "")
    assert judged.preferred() is None
    assert judged.faults == ("o żadnej parze odpowiedzi nie wydał opinii",)
    assert all("błąd serwera: 3" in text for text in shown(judged).values())


def test_the_key_is_sent_to_the_endpoint_and_stands_in_nothing_that_is_kept_or_shown(workspace: Path) -> None:
    with serving(prefers_as_written) as server:
        judged = found(calibrated(server), [WORSE] * 2, [BETTER] * 2)
        assert server.authorizations == {f"Bearer {KEY}"}
    files = [path for path in workspace.rglob("*") if path.is_file()]
    assert [path for path in files if path.name.startswith("opinions-")]
    assert [path for path in files if traces_of_key(path.read_bytes(), KEY)] == []
    told = " ".join([judged.model_dump_json(), judged.summary(), *shown(judged).values()])
    assert not traces_of_key(told.encode(), KEY)
