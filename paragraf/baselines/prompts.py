"""Prompts: a question and what was found for it in, the messages that a model reads out, cut to what it can read."""

from dataclasses import replace

from paragraf.baselines.retrieval import Found
from paragraf.chat import Framing, Message, Tokenizer, encode_prompt, question_messages
from paragraf.records import Record

MATERIALS = "Materiały, które mogą pomóc; jeśli nie dotyczą pytania, pomiń je:"
QUESTION = "Pytanie:"
_LEAST = 120  # characters; less of a passage tells nothing


def messages_of(record: Record, framing: Framing, found: Found) -> list[Message]:
    """The system message, solved questions as earlier turns, the nearest one last, and the question with its passages.

    The question comes last, under the passages, and stands there whole.
    """
    system, asked = question_messages(record.question, record.legal_state, framing)
    turns: list[Message] = []
    for example in reversed(found.examples):
        turns.append({"role": "user", "content": framing.asked(example.question)})
        turns.append({"role": "assistant", "content": example.answer})
    if found.passages:
        asked = {"role": "user", "content": f"{_materials(found)}\n\n{QUESTION} {asked['content']}"}
    return [system, *turns, asked]


def prompt_of(tokenizer: Tokenizer, record: Record, framing: Framing, found: Found, longest: int) -> list[int]:
    """Token ids of at most `longest`: what is farthest from the question goes first, the last passage is shortened.

    The question is never cut; one that is too long alone is left to the model as it is.
    """
    ids = encode_prompt(tokenizer, messages_of(record, framing, found))
    while len(ids) > longest and found != Found():
        found = _shortened(found, longest / len(ids)) if len(found.passages) == 1 else found.without_last()
        ids = encode_prompt(tokenizer, messages_of(record, framing, found))
    return ids


def _materials(found: Found) -> str:
    lines = [
        f"[{number}] {passage.citation}: {passage.text}" if passage.citation else f"[{number}] {passage.text}"
        for number, passage in enumerate(found.passages, start=1)
    ]
    return "\n".join([MATERIALS, *lines])


def _shortened(found: Found, share: float) -> Found:
    """With less of the only passage, cut after a word; without it where too little would be left."""
    [passage] = found.passages
    kept = passage.text[: int(len(passage.text) * share * 0.9)].rpartition(" ")[0]
    if len(kept) < _LEAST:
        return found.without_last()
    return Found(found.examples, (replace(passage, text=f"{kept} …"),))
