"""Exports: a record in, one line of a training file out, in the formats that other tools read and ours reads back."""

from collections.abc import Callable, Mapping
from typing import Literal

from paragraf.chat import Framing, conversation, question_messages
from paragraf.formats.marked_text import marked
from paragraf.records import Record

Export = Literal["openai", "text", "instruction", "prompt_completion", "sharegpt", "alpaca"]
_SPEAKER_OF = {"system": "system", "user": "human", "assistant": "gpt"}


def _openai(record: Record, framing: Framing) -> dict[str, object]:
    return dict(conversation(record, framing))


def _text(record: Record, framing: Framing) -> dict[str, object]:
    """Hugging Face's `text`, under headings: no model's chat template is needed, and no token has a meaning."""
    system, question = question_messages(record.question, record.legal_state, framing)
    return {"text": marked(question["content"], record.answer, system["content"])}


def _instruction(record: Record, framing: Framing) -> dict[str, object]:
    return {"instruction": framing.asked(record.question), "response": record.answer}


def _prompt_completion(record: Record, framing: Framing) -> dict[str, object]:
    return {"prompt": framing.asked(record.question), "completion": record.answer}


def _sharegpt(record: Record, framing: Framing) -> dict[str, object]:
    said = conversation(record, framing)["messages"]
    return {"conversations": [{"from": _SPEAKER_OF[turn["role"]], "value": turn["content"]} for turn in said]}


def _alpaca(record: Record, framing: Framing) -> dict[str, object]:
    return {"instruction": framing.asked(record.question), "input": "", "output": record.answer}


# Instruction, prompt and Alpaca rows have no place for the system message, nor for the state of law that it ends with:
# who trains on them adds it where the prompt is put together.
EXPORTS: Mapping[Export, Callable[[Record, Framing], dict[str, object]]] = {
    "openai": _openai,
    "text": _text,
    "instruction": _instruction,
    "prompt_completion": _prompt_completion,
    "sharegpt": _sharegpt,
    "alpaca": _alpaca,
}
