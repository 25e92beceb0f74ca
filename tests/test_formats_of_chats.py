"""How rows of ShareGPT, Alpaca, prompt and completion, and marked texts become records, and which are refused."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from paragraf.errors import BadRow
from paragraf.formats import Format, format_of, to_record
from paragraf.lines import Place
from paragraf.load import LoadSettings
from paragraf.reader import Row
from tests.timing import is_in_proportion

PLACE = Place(Path("folder/rows.jsonl"), 17)
ALPACA = "Below is an instruction that describes a task. Write a response that completes the request.\n\n"


def said(*pairs: tuple[str, str]) -> Row:
    return {"conversations": [{"from": speaker, "value": value} for speaker, value in pairs]}


def read(row: Row, form: Format | None = None) -> tuple[str, str]:
    record = to_record(row, form or format_of(row) or "qa", PLACE)
    return record.question, record.answer


def refusal(row: Row, form: Format) -> str:
    with pytest.raises(BadRow) as caught:
        to_record(row, form, PLACE)
    assert str(caught.value).startswith("folder/rows.jsonl:17: ")
    return str(caught.value)


@pytest.mark.parametrize(
    ("row", "form"),
    [
        (said(("human", "Czy?"), ("gpt", "Tak.")), "sharegpt"),
        ({"id": "c1", "conversation": []}, "sharegpt"),
        ({"messages": [{"from": "human", "value": "Czy?"}]}, "sharegpt"),
        ({"messages": [{"role": "user", "content": "Czy?"}]}, "openai"),
        ({"prompt": "Czy?", "completion": "Tak."}, "prompt_completion"),
        ({"prompt": "Czy?", "completion": None}, None),
        ({"prompt": "Czy?", "completion": "Tak.", "messages": []}, "openai"),
        ({"text": "Pytanie: Czy?\nOdpowiedź: Tak."}, "text"),
        ({"text": "Bez znaków.", "label": 1}, "text"),
        ({"text": "Kodeks", "question": "Czy?"}, None),
        ({"text": "Kodeks", "question": "Czy?", "answer": "Tak."}, "qa"),
        ({"instruction": "Oceń.", "input": "x", "output": "y", "text": ALPACA}, "qa"),
    ],
)
def test_the_fields_of_a_row_show_its_format(row: Row, form: Format | None) -> None:
    assert format_of(row) == form


def test_every_format_can_be_named_in_the_settings() -> None:
    forms: list[Format] = ["qa", "openai", "exam", "sharegpt", "alpaca", "prompt_completion", "text"]
    assert [LoadSettings(format=form).format for form in forms] == forms


@pytest.mark.parametrize(
    ("row", "question"),
    [
        (said(("human", "Czy?"), ("gpt", "Tak.")), "Czy?"),
        (said(("system", "Jesteś botem."), ("Human", "Czy?"), ("GPT", "Tak.")), "Czy?"),
        (said(("user", "Czy?"), ("assistant", "Tak.")), "Czy?"),
        ({"conversations": [{"role": "user", "content": "Czy?"}, {"role": "assistant", "content": "Tak."}]}, "Czy?"),
        ({"messages": [{"from": "human", "value": "Czy?"}, {"from": "gpt", "value": "Tak."}]}, "Czy?"),
        ({"conversation": [{"from": "human", "value": "Czy?"}, {"from": "gpt", "value": "Tak."}]}, "Czy?"),
        (
            said(("human", "Co to?"), ("gpt", "Prawo."), ("human", "Czy?"), ("gpt", "Tak.")),
            "Użytkownik: Co to?\nAsystent: Prawo.\nUżytkownik: Czy?",
        ),
    ],
)
def test_the_last_turns_of_a_sharegpt_conversation_are_question_and_answer(row: Row, question: str) -> None:
    assert read(row) == (question, "Tak.")


@pytest.mark.parametrize(
    ("row", "fragments"),
    [
        (said(("gpt", "Tak."), ("human", "Czy?")), ["roles in conversations end with assistant, user;"]),
        (said(("human", "Czy?"), ("tool", "x"), ("gpt", "Tak.")), ["end with user, tool, assistant;"]),
        (said(("human", " "), ("gpt", "Tak.")), ["value of a message is text", "not empty"]),
        ({"conversations": [{"value": "Czy?"}]}, ["from of a message is null"]),
        ({"conversations": ["Czy?"]}, ["a message is text ('Czy?')", "an object with from and value"]),
        ({"conversations": {"human": "Czy?"}}, ["conversations is an object", "write a list"]),
        ({"rozmowa": []}, ["no field 'conversations'", "--load.fields conversations=NAME"]),
    ],
)
def test_a_sharegpt_row_that_is_no_question_with_an_answer_is_refused(row: Row, fragments: list[str]) -> None:
    message = refusal(row, "sharegpt")
    assert [fragment for fragment in fragments if fragment not in message] == []


def test_alpaca_takes_the_instruction_with_its_input() -> None:
    row: Row = {"instruction": "Oceń.", "input": "Umowa ustna.", "output": "Ważna.", "question": "ignored"}
    assert read(row, "alpaca") == ("Oceń.\n\nUmowa ustna.", "Ważna.")
    assert read(row | {"input": ""}, "alpaca") == ("Oceń.", "Ważna.")
    assert "no field 'instruction'" in refusal({"question": "Czy?", "output": "Tak."}, "alpaca")
    assert "--load.fields output=NAME" in refusal({"instruction": "Czy?"}, "alpaca")


def test_prompt_and_completion_are_texts_or_messages() -> None:
    messages: Row = {
        "prompt": [{"role": "system", "content": "Bot."}, {"role": "user", "content": "Czy?"}],
        "completion": [{"role": "assistant", "content": "Tak."}],
    }
    assert read({"prompt": "Czy?", "completion": "Tak."}) == ("Czy?", "Tak.")
    assert read(messages) == ("Czy?", "Tak.")
    assert "no field 'completion'" in refusal({"prompt": "Czy?"}, "prompt_completion")
    assert "completion is text" not in refusal(messages | {"completion": "Tak."}, "prompt_completion")


@pytest.mark.parametrize(
    "text",
    [
        "Pytanie: Czy?\nOdpowiedź: Tak.",
        "Pytanie: Czy?\n\nOdpowiedz: Tak.\n",
        "pytanie : Czy?\r\nodpowiedź: Tak.",
        "Question: Czy?\nAnswer: Tak.",
        "Q: Czy?\nA: Tak.",
        "\n\nHuman: Czy?\n\nAssistant: Tak.",
        "Instrukcja: Czy?\nOdpowiedź: Tak.",
        "### Pytanie:\nCzy?\n\n### Odpowiedź:\nTak.",
        "### Pytanie\nCzy?\n### Odpowiedź\nTak.",
        "### Pytanie: Czy?\n### Odpowiedź: Tak.",
        "### Instrukcja:\nCzy?\n\n### Odpowiedź:\nTak.</s>",
        ALPACA + "### Instruction:\nCzy?\n\n### Response:\nTak.<|endoftext|>",
        ALPACA + "### Instruction:\nCzy?\n\n### Input:\n\n\n### Response: Tak.",
        "## Pytanie\nCzy?\n## Odpowiedź\nTak.",
        "### Human: Czy?### Assistant: Tak.",
        "<s>[INST] Czy? [/INST] Tak. </s>",
        "<s>[INST] <<SYS>>\nJesteś botem.\n<</SYS>>\n\nCzy? [/INST] Tak. </s>",
        "<|im_start|>system\nBot.<|im_end|>\n<|im_start|>user\nCzy?<|im_end|>\n<|im_start|>assistant\nTak.<|im_end|>\n",
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nCzy?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nTak.<|eot_id|>",
        "<bos><start_of_turn>user\nCzy?<end_of_turn>\n<start_of_turn>model\nTak.<end_of_turn>\n",
        "<|user|>\nCzy?</s>\n<|assistant|>\nTak.</s>",
        "<|user|>Czy?<|end|><|assistant|>Tak.<|end|>",
    ],
)
def test_marks_tell_question_and_answer_apart(text: str) -> None:
    assert read({"text": text}) == ("Czy?", "Tak.")


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("### Instruction:\nOceń.\n\n### Input:\nUmowa.\n\n### Response:\nOK", "Oceń.\n\nUmowa.", "OK"),
        ("### Kontekst:\nUmowa.\n### Pytanie:\nCzy?\n### Odpowiedź:\nOK", "Umowa.\n\nCzy?", "OK"),
        ("Pytanie: Czy?\nTo pilne.\nOdpowiedź: Tak.\n\nPodstawa: k.c.", "Czy?\nTo pilne.", "Tak.\n\nPodstawa: k.c."),
        ("Pytanie: Co znaczy A: i B:?\nOdpowiedź: Warianty.\nA: tak\nB: nie", "Co znaczy A: i B:?", None),
        ("### Pytanie:\nCo to [INST]?\n### Odpowiedź:\nZnak.", "Co to [INST]?", "Znak."),
        ("### Pytanie:\nCo?\n### Odpowiedź:\nTak.\n### Odpowiedź sądu\nx", "Co?", "Tak.\n### Odpowiedź sądu\nx"),
        (
            "<s>[INST] Co? [/INST] Prawo. </s><s>[INST] Czy? [/INST] Tak. </s>",
            "Użytkownik: Co?\nAsystent: Prawo.\nUżytkownik: Czy?",
            "Tak.",
        ),
    ],
)
def test_what_stands_between_the_marks_stays_whole(text: str, question: str, answer: str | None) -> None:
    assert read({"text": text}) == (question, answer or "Warianty.\nA: tak\nB: nie")


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("Zachowek wynosi połowę udziału.", ["no marks", "write 'Pytanie: ...'", "--load.fields question=NAME"]),
        ("Zadał pytanie: czy? Odpowiedź: tak.", ["no marks"]),
        ("Pytanie: Czy?", ["tell user, not one question and one answer"]),
        ("Pytanie: Czy?\nOdpowiedź: Tak.\nPytanie: Ile?\nOdpowiedź: Dwa.", ["user, assistant, user, assistant", "row"]),
        ("### Pytanie:\nCzy?\n### Odpowiedź:\nTak.\n### Odpowiedź:\nNie.", ["tell user, assistant, assistant"]),
        ("### Odpowiedź:\nTak.\n### Pytanie:\nCzy?", ["tell assistant, user"]),
        ("Pytanie:\nOdpowiedź: Tak.", ["the turn of the user in text is empty"]),
        ("<|im_start|>user\nCzy?<|im_end|>\n<|im_start|>assistant\n", ["the turn of the assistant in text is empty"]),
        ("Mam umowę.\nPytanie: Czy?\nOdpowiedź: Tak.", ["text before the first mark is text ('Mam umowę.')"]),
        ("<|im_start|>user\nCzy?<|im_end|>", ["the roles in text end with user"]),
        ("<|im_start|>tool\nx<|im_end|><|im_start|>assistant\ny", ["the roles in text end with tool, assistant"]),
        ("", ["no marks"]),
    ],
)
def test_a_text_whose_parts_cannot_be_told_apart_is_refused(text: str, fragments: list[str]) -> None:
    message = refusal({"text": text}, "text")
    assert [fragment for fragment in fragments if fragment not in message] == []


def test_what_else_is_known_of_a_row_goes_along() -> None:
    known: dict[str, Any] = {"id": 7, "year": 2018, "legal_basis": "art. 118 k.c."}
    for row in (said(("human", "Czy?"), ("gpt", "Tak.")), {"text": "Pytanie: Czy?\nOdpowiedź: Tak."}):
        record = to_record(row | known, format_of(row) or "qa", PLACE)
        assert (record.id, record.legal_state, record.legal_basis) == ("7", "2018", ("art. 118 k.c.",))


@pytest.mark.parametrize("piece", ["</s>", " ", "<", "[INST]<<SYS>>", "\n### ", "\\", "<|im_start|>", "Pytanie:\n"])
def test_a_long_text_of_marks_is_read_in_linear_time(piece: str) -> None:
    def read(size: int) -> None:
        text = f"### Pytanie:\nCzy?\n### Odpowiedź:\nTak.{piece * (size // len(piece))}x"
        with suppress(BadRow):
            to_record({"text": text}, "text", PLACE)

    assert is_in_proportion(read, 50_000)
