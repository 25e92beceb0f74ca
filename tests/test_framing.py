"""A question is put to a model as in its training, wherever it is put: same system message, same prefix of its task."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from paragraf.answer import ANSWERS, AnswerOrder, AnswerSettings
from paragraf.ask import ask, newest_model
from paragraf.baselines.asking import Asking
from paragraf.chat import PLAIN, SYSTEM, Framing, conversation, encode, encode_prompt, question_messages
from paragraf.contract import write_contract
from paragraf.events import record_event
from paragraf.format import Chats, FormatSettings, format_chats
from paragraf.models import Base, Model, open_base, open_model
from paragraf.publish import publish, verify
from paragraf.records import Part, Record
from paragraf.retention import retention_rows
from paragraf.snapshots import Snapshot
from paragraf.task_type import TaskType, task_type
from paragraf.workspace import at_rest, home, relative
from tests.tiny import tiny_base

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

FRAMED = Framing(system="Jesteś botem.", task_prefixes=True)
SETTINGS = FormatSettings(system="Jesteś botem.", task_prefixes=True)
QUESTIONS: dict[TaskType, str] = {
    "classification": "Sklasyfikuj poniższe pismo: wnoszę o zapłatę.",
    "generation": "Napisz pozew o zapłatę.",
    "translation": "Przetłumacz na angielski: umowa najmu.",
    "summarization": "Streść wyrok.",
    "qa": "Ile wynosi zachowek?",
    "other": "Dziękuję za pomoc.",
}
ASKED = {
    "[KLASYFIKUJ] Sklasyfikuj poniższe pismo: wnoszę o zapłatę.",
    "[GENERUJ] Napisz pozew o zapłatę.",
    "[TŁUMACZ] Przetłumacz na angielski: umowa najmu.",
    "[PODSUMUJ] Streść wyrok.",
    "[ODPOWIEDZ] Ile wynosi zachowek?",
    "Dziękuję za pomoc.",
}
RECORDS = [
    Record(id=task, question=question, answer="Połowę udziału.", legal_state="2025")
    for task, question in QUESTIONS.items()
]


@pytest.fixture
def base(tmp_path: Path, tokenizer: "PreTrainedTokenizerFast") -> Base:
    return tiny_base(tmp_path / "tiny", tokenizer)


def formatted(tokenizer: "PreTrainedTokenizerFast", settings: FormatSettings = SETTINGS) -> Chats:
    parts: dict[Part, list[Record]] = {"train": RECORDS, "valid": RECORDS[:1], "test": RECORDS[:1]}
    return format_chats(parts, lambda: tokenizer, settings)


def train_file(chats: Chats) -> Path:
    return at_rest(chats.path) / "train.jsonl"


def test_every_question_begins_with_the_prefix_of_its_task(tokenizer: "PreTrainedTokenizerFast") -> None:
    chats = [json.loads(line)["messages"] for line in train_file(formatted(tokenizer)).read_bytes().splitlines()]
    assert {turns[1]["content"] for turns in chats} == ASKED
    assert {turns[0]["content"] for turns in chats} == {"Jesteś botem. Stan prawny: 2025."}


def test_questions_asked_later_are_framed_as_the_conversations_of_the_training(
    tokenizer: "PreTrainedTokenizerFast",
) -> None:
    chats = formatted(tokenizer)
    learned = [json.loads(line)["messages"] for line in train_file(chats).read_bytes().splitlines()]
    for record, turns in zip(RECORDS, learned, strict=True):
        later = question_messages(record.question, record.legal_state, chats.framing)
        assert later == turns[:-1]
        encoded = encode(tokenizer, turns)
        assert encode_prompt(tokenizer, later) == encoded.ids[: encoded.prompt]


def test_without_the_setting_no_question_is_changed(tokenizer: "PreTrainedTokenizerFast") -> None:
    chats = formatted(tokenizer, FormatSettings())
    learned = [json.loads(line)["messages"] for line in train_file(chats).read_bytes().splitlines()]
    assert [turns[1]["content"] for turns in learned] == list(QUESTIONS.values())
    assert chats.framing == PLAIN


def test_a_prefix_that_somebody_typed_is_not_written_twice() -> None:
    for question in ASKED:
        assert question_messages(question, "", FRAMED)[1]["content"] == question


def test_equal_conversations_that_were_framed_otherwise_are_other_work(tokenizer: "PreTrainedTokenizerFast") -> None:
    """Where all questions came with a prefix, the setting changes no row; a later question it does change."""
    rows = [Record(id="a", question="[ODPOWIEDZ] Co?", answer="To.")]
    parts: dict[Part, list[Record]] = {"train": rows, "valid": rows, "test": rows}
    plain, framed = (
        format_chats(parts, lambda: tokenizer, FormatSettings(task_prefixes=has_prefix)) for has_prefix in (False, True)
    )
    assert plain.digest == framed.digest
    assert plain.content() != framed.content()


def test_a_row_for_training_has_the_task_of_its_bare_question(base: Base, tokenizer: "PreTrainedTokenizerFast") -> None:
    from paragraf.train.rows import tokenised

    rows = tokenised(train_file(formatted(tokenizer)), base, tokenizer)  # type: ignore[arg-type]
    assert list(rows["task"]) == [task_type(record.question) for record in RECORDS] == list(QUESTIONS)


def test_general_knowledge_is_asked_for_as_the_training_asks(tokenizer: "PreTrainedTokenizerFast") -> None:
    from paragraf.train.monitor import Examiner
    from paragraf.train.settings import MonitorSettings

    general = Examiner(MonitorSettings(), tokenizer, [], [], FRAMED, None).general  # type: ignore[arg-type]
    wanted = [encode(tokenizer, conversation(record, FRAMED)["messages"]).ids for record in retention_rows()]
    assert [row["input_ids"] for row in general] == wanted
    assert tokenizer.decode(wanted[0]).startswith(
        "<|im_start|>system\nJesteś botem.<|im_end|>\n<|im_start|>user\n[ODPOWIEDZ] Jak nazywa się"
    )


def test_a_model_that_was_recorded_without_its_framing_is_asked_plainly() -> None:
    base = {"path": "b", "digest": "b", "name": "b", "tokenizer": "b", "template": "b"}
    record_event("model_ready", {"model": json.dumps({"path": "m", "digest": "m", "base": base, "backend": "lora"})})
    with publish(home() / "m") as folder:
        (folder / "adapter_config.json").write_text("{}")
    assert newest_model().framing == Framing(system=SYSTEM, task_prefixes=False)


def a_model(base: Base) -> Model:
    """All weights anew and large, so that every word of a prompt changes what it says."""
    import torch

    torch.manual_seed(5)
    weights = open_base(base)
    for weight in weights.parameters():
        if weight.dim() > 1:
            torch.nn.init.normal_(weight, std=0.3)
    final = home() / "models" / "full-test"
    with publish(final) as folder:
        weights.save_pretrained(folder)
        write_contract(folder, base)
    return Model(path=relative(final), digest=verify(final), base=base, backend="full", framing=FRAMED)


def said(model: Model, tokenizer: "PreTrainedTokenizerFast", framing: Framing, legal_state: str = "") -> str:
    """Its answer to the question, put by hand."""
    from paragraf.decoding import generate

    system = framing.system + (f" Stan prawny: {legal_state}." if legal_state else "")
    question = f"{'[ODPOWIEDZ] ' if framing.task_prefixes else ''}{QUESTIONS['qa']}"
    prompt = encode_prompt(tokenizer, [{"role": "system", "content": system}, {"role": "user", "content": question}])
    [answered] = generate(open_model(model), tokenizer, [prompt], 12)  # type: ignore[arg-type]
    return answered.text


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["Ile wynosi zachowek?", " [ODPOWIEDZ] Ile wynosi zachowek? "])
def test_the_newest_model_is_asked_as_it_was_trained(
    base: Base, tokenizer: "PreTrainedTokenizerFast", typed: str
) -> None:
    model = a_model(base)
    record_event("model_ready", {"version": "1", "model": model.model_dump_json()})
    wanted = said(model, tokenizer, FRAMED)
    assert ask(typed, "newest", 12).text == wanted
    assert wanted not in (said(model, tokenizer, framing) for framing in _less_than(FRAMED))


def _less_than(framing: Framing) -> list[Framing]:
    return [framing.model_copy(update={"system": SYSTEM}), framing.model_copy(update={"task_prefixes": False}), PLAIN]


@pytest.mark.slow
def test_test_questions_are_put_and_their_answers_weighed_as_in_training(
    base: Base, tokenizer: "PreTrainedTokenizerFast", tmp_path: Path
) -> None:
    from paragraf.answering import answer_loss, run

    model = a_model(base)
    test = Snapshot.write("test", [record for record in RECORDS if record.id == "qa"])
    settings = AnswerSettings(max_new_tokens=12)
    run(AnswerOrder(base=base, model=model, test=test, asking=Asking(framing=FRAMED), settings=settings), tmp_path)
    [answer] = map(json.loads, (tmp_path / ANSWERS).read_bytes().splitlines())
    assert answer["text"] == said(model, tokenizer, FRAMED, "2025")
    losses = []
    for framing in (FRAMED, *_less_than(FRAMED)):
        encoded = encode(tokenizer, conversation(test.read()[0], framing)["messages"])
        losses.append(answer_loss(open_model(model), encoded.ids, encoded.prompt))
    assert answer["loss"] == losses[0]
    assert answer["loss"] not in losses[1:]
