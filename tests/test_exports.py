"""Every export says what its format asks for, and is read back as the same question and answer."""

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragraf.chat import PLAIN, Framing
from paragraf.exports import EXPORTS, Export
from paragraf.formats import format_of, to_record
from paragraf.formats.marked_text import NO_CONTENT
from paragraf.lines import Place
from paragraf.load import SAMPLE
from paragraf.records import Record

PLACE = Place(Path("rows.jsonl"), 1)
RECORD = Record(id="r1", question="Ile wynosi zachowek?", answer="Połowę udziału.", legal_state="2025-01-01")
BEFORE = "Jesteś botem. Stan prawny: 2025-01-01."
PIECES = ["### ", "Pytanie:", "Odpowiedź:", "\n", "\\", "#", "[INST]", "<|im_start|>user\n", "Q:", " ", "słowo", "</s>"]
TEXTS = st.one_of(st.text(min_size=1), st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join))


def read_back(name: Export, record: Record, framing: Framing = PLAIN) -> tuple[str, str]:
    row = json.loads(json.dumps(EXPORTS[name](record, framing), ensure_ascii=False))
    form = format_of(row)
    assert form is not None
    again = to_record(row, form, PLACE)
    return again.question, again.answer


def is_whole(text: str) -> bool:
    """Whether a text has something in it, and at its ends nothing that a running text cannot hold there."""
    tokens = tuple(match[0] for match in NO_CONTENT.finditer(text))
    return bool(text) and text == text.strip() and not (tokens and (text.startswith(tokens) or text.endswith(tokens)))


@pytest.mark.parametrize(
    ("name", "row"),
    [
        (
            "openai",
            {
                "messages": [
                    {"role": "system", "content": BEFORE},
                    {"role": "user", "content": "Ile wynosi zachowek?"},
                    {"role": "assistant", "content": "Połowę udziału."},
                ]
            },
        ),
        (
            "text",
            {"text": f"### System:\n{BEFORE}\n\n### Pytanie:\nIle wynosi zachowek?\n\n### Odpowiedź:\nPołowę udziału."},
        ),
        ("instruction", {"instruction": "Ile wynosi zachowek?", "response": "Połowę udziału."}),
        ("prompt_completion", {"prompt": "Ile wynosi zachowek?", "completion": "Połowę udziału."}),
        (
            "sharegpt",
            {
                "conversations": [
                    {"from": "system", "value": BEFORE},
                    {"from": "human", "value": "Ile wynosi zachowek?"},
                    {"from": "gpt", "value": "Połowę udziału."},
                ]
            },
        ),
        ("alpaca", {"instruction": "Ile wynosi zachowek?", "input": "", "output": "Połowę udziału."}),
    ],
)
def test_a_record_is_written_as_its_format_asks(name: Export, row: dict[str, object]) -> None:
    assert EXPORTS[name](RECORD, Framing(system="Jesteś botem.")) == row


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_carries_the_prefix_of_the_task(name: Export) -> None:
    asked, _ = read_back(name, RECORD, Framing(task_prefixes=True))
    assert asked == "[ODPOWIEDZ] Ile wynosi zachowek?"


def test_every_export_has_a_name() -> None:
    assert list(EXPORTS) == list(get_args(Export))


@pytest.mark.parametrize("name", EXPORTS)
def test_every_row_of_the_sample_is_read_back_as_it_was(name: Export) -> None:
    for line in SAMPLE.read_text("utf-8").splitlines():
        record = to_record(json.loads(line), "qa", PLACE)
        assert read_back(name, record) == (record.question, record.answer)


@pytest.mark.parametrize("name", EXPORTS)
@given(TEXTS.filter(is_whole), TEXTS.filter(is_whole), TEXTS)
def test_any_question_and_answer_are_read_back_as_they_were(
    name: Export, question: str, answer: str, system: str
) -> None:
    framing = Framing(system=system.strip() or "x")
    assert read_back(name, Record(id="", question=question, answer=answer), framing) == (question, answer)


def test_a_line_like_a_heading_is_escaped_as_in_markdown() -> None:
    record = Record(id="", question="Co znaczy:\n### Odpowiedź:\nx?", answer="\\# i #")
    assert "\n\\### Odpowiedź:\nx?" in str(EXPORTS["text"](record, PLAIN)["text"])
    assert read_back("text", record) == (record.question, record.answer)
