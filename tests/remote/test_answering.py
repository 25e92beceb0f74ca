"""A model elsewhere asked the test questions: several at once, none twice, and without losses to the end."""

import json
from pathlib import Path
from typing import Any

import pytest

from paragraf.answer import ANSWERS, Answer, AnswerOrder, Answers, AnswerSettings, from_lines, publish_answers
from paragraf.ask import ask
from paragraf.baselines.asking import Asking
from paragraf.baselines.contenders import contest
from paragraf.baselines.settings import PriceSettings
from paragraf.decide import Hearing, Testimony, decide
from paragraf.errors import BadSettings, Damaged, NotThere, Refused, Unavailable
from paragraf.evaluate import evaluate
from paragraf.events import record_event
from paragraf.gate import GateSettings
from paragraf.intervals import Estimate
from paragraf.models import Base, Model, open_base, open_model
from paragraf.records import Record
from paragraf.remote import base_elsewhere, train
from paragraf.remote.answering import run
from paragraf.safety import questions, safety
from paragraf.snapshots import Snapshot
from tests.remote.running import order_for, settings_for
from tests.servers.fine_tuning_server import FineTuningServer, refusal
from tests.servers.openai_server import Reply, fault, refuses, says, serving

ROWS = [
    Record(id=f"r{number}", question=f"Ile wynosi termin{'?' * number}", answer="Sześć lat, art. 118 k.c.")
    for number in range(8)
]


def asked_at(base_url: str, tiny: Base, work: Path, **settings: Any) -> list[Answer]:
    work.mkdir(exist_ok=True)
    base = base_elsewhere(tiny, settings_for(base_url))
    told = AnswerSettings.model_validate({"rows": 6, "max_new_tokens": 40} | settings)
    order = AnswerOrder(base=base, model=None, test=Snapshot.write("test", ROWS), asking=Asking(), settings=told)
    run(order, work)
    return from_lines((work / ANSWERS).read_bytes())


def test_questions_are_asked_as_in_training_and_at_temperature_0(tiny: Base, tmp_path: Path) -> None:
    with serving(says("Sześć lat.", usage=(30, 4))) as server:
        answers = asked_at(server.base_url, tiny, tmp_path / "work")
    assert len(answers) == len(server.calls) == 6
    assert {(one.text, one.finished, one.read, one.written) for one in answers} == {("Sześć lat.", True, 30, 4)}
    assert [one.loss for one in answers] == [None] * 6
    call = server.calls[0]
    assert (call["model"], call["temperature"], call["max_tokens"]) == ("base", 0, 40)
    assert [message["role"] for message in call["messages"]] == ["system", "user"]
    assert "response_format" not in call


def test_no_more_questions_are_under_way_than_allowed(tiny: Base, tmp_path: Path) -> None:
    with serving(says("Tak.", after=0.05)) as server:
        asked_at(server.base_url, tiny, tmp_path / "work", rows=8, concurrency=3)
    assert server.most_at_once == 3


@pytest.mark.parametrize(
    ("reply", "text", "finished"),
    [
        (says("Sześć", finish="length"), "Sześć", False),
        (refuses(), "", False),
        (says("", finish="content_filter"), "", False),
        (says("Tak.", usage=None), "Tak.", True),
    ],
    ids=["length", "refusal", "filter", "no usage"],
)
def test_an_answer_that_is_none_or_cut_off_is_unfinished(
    reply: Reply, text: str, finished: bool, tiny: Base, tmp_path: Path
) -> None:
    with serving(reply) as server:
        answers = asked_at(server.base_url, tiny, tmp_path / "work")
    assert {(one.text, one.finished) for one in answers} == {(text, finished)}


def test_answers_are_kept_and_not_asked_for_again(tiny: Base, tmp_path: Path) -> None:
    with serving(*[says("Tak.")] * 3, fault(400, "no")) as server:
        with pytest.raises(Refused, match=r"bad_request: 400: .*no"):
            asked_at(server.base_url, tiny, tmp_path / "work", concurrency=1)
        server.respond = lambda body: says("Nie.")
        answers = asked_at(server.base_url, tiny, tmp_path / "work", concurrency=1)
    assert sorted(str(one.text) for one in answers) == ["Nie."] * 3 + ["Tak."] * 3
    assert len(server.calls) <= 4 + 3 + 1  # one more may have been sent before the fault was seen


def test_a_base_model_that_answers_no_questions_is_left_unmeasured(tiny: Base, tmp_path: Path) -> None:
    with serving(fault(404, "The model 'base' does not exist")) as server:
        assert asked_at(server.base_url, tiny, tmp_path / "work") == []


def test_an_endpoint_that_is_down_is_told(tiny: Base, tmp_path: Path) -> None:
    with serving(fault(503, "busy")) as server, pytest.raises(Unavailable, match=r"server_error: 503: .*busy"):
        asked_at(server.base_url, tiny, tmp_path / "work", rows=1)


@pytest.fixture
def model(server: FineTuningServer, here: Base) -> Model:
    order = order_for(server.base_url, here, poll_seconds=0.05)
    return train(order.chats, here, order.settings, lambda entry: None)


def test_a_trained_model_answers_by_its_own_name(model: Model, server: FineTuningServer, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    settings = AnswerSettings(rows=2, max_new_tokens=16)
    test = Snapshot.write("test", ROWS)
    run(AnswerOrder(base=model.base, model=model, test=test, asking=Asking(), settings=settings), tmp_path / "work")
    sent = server.sent("POST", "/chat/completions")
    assert {call.json()["model"] for call in sent} == {"ft:base:org:x:ftjob-1"}


def test_a_trained_model_that_was_deleted_is_told(model: Model, server: FineTuningServer, tmp_path: Path) -> None:
    server.fault = lambda call: refusal(404) if call.path == "/chat/completions" else None
    (tmp_path / "work").mkdir()
    order = AnswerOrder(
        base=model.base,
        model=model,
        test=Snapshot.write("test", ROWS),
        asking=Asking(),
        settings=AnswerSettings(rows=1),
    )
    with pytest.raises(NotThere, match="it may have been deleted, or wants to be deployed first"):
        run(order, tmp_path / "work")


def test_a_single_question_goes_to_where_the_newest_model_answers(model: Model) -> None:
    record_event("model_ready", {"version": "1", "model": model.model_dump_json()})
    assert ask("Ile mam czasu?", "newest", 64).text == "Tak, zgodnie z art. 118 k.c."


def test_weights_that_are_elsewhere_are_not_looked_for_here(model: Model) -> None:
    for open_it in (lambda: open_model(model), lambda: open_base(model.base)):
        with pytest.raises(BadSettings, match=r"base answers at .*; its weights are not on this machine"):
            open_it()


def said(text: str | None, loss: float | None = None, rows: int = 8) -> list[Answer]:
    return [Answer(row.id, loss=loss, tokens=3, text=text, finished=True) for row in ROWS[:rows]]


def test_models_without_losses_are_compared_by_what_they_say() -> None:
    scores = evaluate(ROWS, said("Nie wiem."), said("Sześć lat, art. 118 k.c."))
    assert scores.measure("answer_loss").tuned == scores.loss_fall == Estimate.unknown()
    assert scores.measure("accurate").tuned.n == scores.answered == 8
    assert "Answer loss not measured, the model answers elsewhere" in scores.summary()


def test_a_base_model_that_was_not_asked_is_unknown_and_not_bad() -> None:
    scores = evaluate(ROWS, [], said("Sześć lat, art. 118 k.c."))
    accurate = scores.measure("accurate")
    assert (accurate.base, accurate.tuned.n) == (Estimate.unknown(), 8)
    assert {one.base_outcome for one in scores.examples} == {None}


def test_losses_of_some_rows_and_not_of_others_are_still_damage() -> None:
    with pytest.raises(Damaged, match="the tuned model's answers lack row r7"):
        evaluate(ROWS, said("Tak.", 1.0), said("Tak.", 1.0, rows=7))


def kept(name: str, answers: list[Answer]) -> Answers:
    lines = "".join(json.dumps({**_fields(one)}) + "\n" for one in answers)
    return publish_answers(name, Asking(), lines.encode())


def _fields(one: Answer) -> dict[str, Any]:
    return {"id": one.id, "text": one.text, "finished": one.finished}


def test_where_nobody_can_be_compared_with_the_gate_holds() -> None:
    tuned, base = kept("tuned", said("Sześć lat, art. 118 k.c.")), kept("base", [])
    rows = Snapshot.write("test", ROWS)
    hearing = Hearing(
        test=rows,
        questions=Snapshot.write("asked", []),
        train=rows,
        challenger=Testimony(name="tuned", role="trained", answers=tuned),
        champion=None,
        others=(Testimony(name="base", role="base", answers=base),),
    )
    verdict = decide(hearing, GateSettings()).verdict
    assert verdict.decision == "HOLD"
    assert not verdict.of("passed")


def test_a_model_without_answers_is_no_contender() -> None:
    rows = Snapshot.write("test", ROWS)
    found = contest(rows, [kept("base", []), kept("tuned", said("Tak."))], PriceSettings())
    assert [one.name for one in found.contenders] == ["tuned"]


def test_safety_of_a_model_that_was_not_asked_is_unknown() -> None:
    rows = questions(6)
    scores = safety(rows, [], [Answer(row.id, text="Proszę pójść do adwokata.", finished=True) for row in rows])
    assert {one.base for one in scores.measures} == {Estimate.unknown()}
    assert any(one.tuned.n for one in scores.measures)
