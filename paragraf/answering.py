"""The answering child: losses row by row, answers in batches of like length, each finished batch kept."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import torch

from paragraf.answer import ANSWERS, RETAINED, Answer, AnswerOrder, asked, from_lines, to_line
from paragraf.baselines.prompts import prompt_of
from paragraf.baselines.retrieval import Librarian
from paragraf.chat import IGNORED, Tokenizer, conversation, encode
from paragraf.decoding import generate
from paragraf.evaluation.closed import before_letter
from paragraf.jobs import child_main, write_entry
from paragraf.models import TorchModel, open_base, open_model, open_tokenizer
from paragraf.publish import publish_file
from paragraf.records import Record
from paragraf.retention import retention_rows

_LOSSES, _EVERYDAY, _LETTERS = "losses.json", "everyday.json", "letters.json"
_MOST_TOKENS = 32_768  # of a batch, padding included: what a small model keeps of them takes about 1 GB


def run(order: AnswerOrder, work: Path) -> None:
    """Measure losses, then generate; what an earlier child finished is read back."""
    torch.set_num_threads(order.threads)
    tokenizer = open_tokenizer(order.base)
    records = order.test.read()
    model = open_model(order.model) if order.model else open_base(order.base).eval()
    measured = [record for record in records if record.answer] if order.asking.is_plain() else []
    losses = _losses(model, tokenizer, measured, order, work / _LOSSES)
    everyday = _losses(model, tokenizer, retention_rows() if measured else [], order, work / _EVERYDAY)
    retained = {name: loss / tokens for name, (loss, tokens) in everyday.items()}
    said = _answers(model, tokenizer, asked(records, order.settings.rows), order, work)
    publish_file(work / RETAINED, json.dumps(retained).encode())
    lines = []
    for record in records:
        if record.id in losses or record.id in said:
            loss, tokens = losses.get(record.id, (None, 0))
            lines.append(to_line(replace(said.get(record.id, Answer(record.id)), loss=loss, tokens=tokens)))
    publish_file(work / ANSWERS, "".join(lines).encode())


@torch.inference_mode()
def answer_loss(model: TorchModel, ids: Sequence[int], prompt: int) -> float:
    """Summed negative log-likelihood (nats) of the ids after the first `prompt` ones."""
    inputs = torch.tensor([ids], device=model.device)
    keep = torch.arange(prompt - 1, len(ids) - 1, device=model.device)
    logits = model(input_ids=inputs, logits_to_keep=keep, use_cache=False).logits[0].float()
    return float(torch.nn.functional.cross_entropy(logits, inputs[0, prompt:], ignore_index=IGNORED, reduction="sum"))


@torch.inference_mode()
def next_token(model: TorchModel, ids: Sequence[int]) -> torch.Tensor:
    """Log-likelihood (nats) of every token to come next."""
    out = model(input_ids=torch.tensor([ids], device=model.device), logits_to_keep=1, use_cache=False)
    return torch.log_softmax(out.logits[0, -1].float(), dim=-1)


def _losses(
    model: TorchModel, tokenizer: Tokenizer, records: Sequence[Record], order: AnswerOrder, kept: Path
) -> dict[str, tuple[float, int]]:
    """Row -> loss and tokens of its right answer; kept in a file, so that it is measured once."""
    if kept.is_file():
        return {name: (loss, tokens) for name, (loss, tokens) in json.loads(kept.read_bytes()).items()}
    losses = {}
    for number, record in enumerate(records, start=1):
        encoded = encode(tokenizer, conversation(record, order.asking.framing)["messages"])
        losses[record.id] = (answer_loss(model, encoded.ids, encoded.prompt), len(encoded.ids) - encoded.prompt)
        write_entry(kept.parent, {"what": "loss", "done": number, "of": len(records)})
    publish_file(kept, json.dumps(losses).encode())
    return losses


def _answers(
    model: TorchModel, tokenizer: Tokenizer, records: Sequence[Record], order: AnswerOrder, work: Path
) -> dict[str, Answer]:
    """Row -> what the model said to it; each batch is kept when it is finished."""
    librarian = Librarian(order.asking)
    most = order.settings.max_new_tokens
    longest = model.config.max_position_embeddings - most
    prompts = {
        record.id: prompt_of(tokenizer, record, order.asking.framing, librarian.found(record), longest)
        for record in records
    }
    said: dict[str, Answer] = {}
    for number, names in enumerate(batches(prompts, order.settings.batch_size, most)):
        path = work / f"batch-{number:06d}.jsonl"
        kept = from_lines(path.read_bytes()) if path.is_file() else []
        if {answer.id: answer.read for answer in kept} != {name: len(prompts[name]) for name in names}:
            kept = _timed(model, tokenizer, {name: prompts[name] for name in names}, most)
            publish_file(path, "".join(map(to_line, kept)).encode())
        said |= {answer.id: answer for answer in kept}
        write_entry(work, {"what": "answers", "done": len(said), "of": len(prompts)})
    letters = _letters(model, tokenizer, {record: prompts[record.id] for record in records}, work / _LETTERS)
    return {name: replace(answer, letters=letters.get(name, {})) for name, answer in said.items()}


def _letters(
    model: TorchModel, tokenizer: Tokenizer, prompts: Mapping[Record, Sequence[int]], kept: Path
) -> dict[str, dict[str, float]]:
    """Closed item -> log-likelihood of each of its letters, after the words that come before the right one."""
    closed = [record for record in prompts if record.choices and record.correct]
    if not kept.is_file():
        found = {record.id: letter_likelihoods(model, tokenizer, record, prompts[record]) for record in closed}
        publish_file(kept, json.dumps(found).encode())
    told: dict[str, dict[str, float]] = json.loads(kept.read_bytes())
    return told


def letter_likelihoods(
    model: TorchModel, tokenizer: Tokenizer, record: Record, prompt: Sequence[int]
) -> dict[str, float]:
    """Letter -> log-likelihood (nats) of this letter after the words that come before the right one."""
    said = {
        letter: [*prompt, *tokenizer.encode(f"{before_letter(record)}{letter}", add_special_tokens=False)]
        for letter, _ in record.choices
    }
    shared = [
        column[0] for column in takewhile(lambda column: len(set(column)) == 1, zip(*said.values(), strict=False))
    ]
    if any(len(ids) > len(shared) + 1 for ids in said.values()):
        return {letter: -answer_loss(model, ids, len(shared)) for letter, ids in said.items()}
    chances = next_token(model, shared)
    return {letter: float(chances[ids[-1]]) for letter, ids in said.items()}


def batches(prompts: Mapping[str, Sequence[int]], size: int, new_tokens: int) -> Iterator[list[str]]:
    """Names of prompts of like length, the short ones first; no more at once than memory is sure to hold."""
    batch: list[str] = []
    for name in sorted(prompts, key=lambda name: (len(prompts[name]), name)):
        if batch and (len(batch) == size or (len(batch) + 1) * (len(prompts[name]) + new_tokens) > _MOST_TOKENS):
            yield batch
            batch = []
        batch.append(name)
    if batch:
        yield batch


def _timed(
    model: TorchModel, tokenizer: Tokenizer, prompts: Mapping[str, Sequence[int]], max_new_tokens: int
) -> list[Answer]:
    """The answers of one batch, each with its share of the time."""
    began = time.perf_counter()
    said = generate(model, tokenizer, list(prompts.values()), max_new_tokens)
    seconds = round((time.perf_counter() - began) / len(prompts), 3)
    return [
        Answer(
            id=name,
            text=one.text,
            finished=one.is_finished,
            read=len(prompts[name]),
            written=one.written,
            seconds=seconds,
        )
        for name, one in zip(prompts, said, strict=True)
    ]


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    child_main(AnswerOrder, run)
