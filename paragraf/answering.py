"""The answering child: losses row by row, answers in batches of like length, each finished batch kept."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import torch

from paragraf.answer import ANSWERS, Answer, AnswerOrder, asked, to_line
from paragraf.chat import IGNORED, Tokenizer, conversation, encode, encode_prompt, question_messages
from paragraf.jobs import child_main, write_entry
from paragraf.models import TorchModel, open_base, open_model, open_tokenizer
from paragraf.publish import publish_file
from paragraf.records import Record

_LOSSES = "losses.json"


def run(order: AnswerOrder, work: Path) -> None:
    """Measure losses, then generate; what an earlier child finished is read back."""
    tokenizer = open_tokenizer(order.base)
    records = order.test.read()
    model = open_model(order.model) if order.model else open_base(order.base).eval()
    losses = _losses(model, tokenizer, records, order, work)
    texts = _texts(model, tokenizer, asked(records, order.settings.rows), order, work)
    answers = [Answer(record.id, *losses[record.id], *texts.get(record.id, (None, False))) for record in records]
    publish_file(work / ANSWERS, "".join(map(to_line, answers)).encode())


@torch.inference_mode()
def answer_loss(model: TorchModel, ids: Sequence[int], prompt: int) -> float:
    """Summed negative log-likelihood (nats) of the ids after the first `prompt` ones."""
    inputs = torch.tensor([ids], device=model.device)
    keep = torch.arange(prompt - 1, len(ids) - 1, device=model.device)
    logits = model(input_ids=inputs, logits_to_keep=keep, use_cache=False).logits[0].float()
    return float(torch.nn.functional.cross_entropy(logits, inputs[0, prompt:], ignore_index=IGNORED, reduction="sum"))


@torch.inference_mode()
def generate(
    model: TorchModel, tokenizer: Tokenizer, prompts: Sequence[Sequence[int]], max_new_tokens: int
) -> list[tuple[str, bool]]:
    """The most likely answer to each prompt, and whether it ended by itself before the limit."""
    width = max(map(len, prompts))
    end = tokenizer.eos_token_id
    ids = torch.tensor([[end] * (width - len(prompt)) + list(prompt) for prompt in prompts], device=model.device)
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=model.device)
    out = model.generate(
        input_ids=ids, attention_mask=mask, max_new_tokens=max_new_tokens, do_sample=False, pad_token_id=end
    )
    said = [row[width:] for row in out.tolist()]
    return [(tokenizer.decode(row, skip_special_tokens=True).strip(), end in row) for row in said]


def _losses(
    model: TorchModel, tokenizer: Tokenizer, records: Sequence[Record], order: AnswerOrder, work: Path
) -> dict[str, tuple[float, int]]:
    kept = work / _LOSSES
    if kept.is_file():
        return {name: (loss, tokens) for name, (loss, tokens) in json.loads(kept.read_bytes()).items()}
    losses = {}
    for number, record in enumerate(records, start=1):
        encoded = encode(tokenizer, conversation(record, order.framing)["messages"])
        losses[record.id] = (answer_loss(model, encoded.ids, encoded.prompt), len(encoded.ids) - encoded.prompt)
        write_entry(work, {"what": "loss", "done": number, "of": len(records)})
    publish_file(kept, json.dumps(losses).encode())
    return losses


def _texts(
    model: TorchModel, tokenizer: Tokenizer, records: Sequence[Record], order: AnswerOrder, work: Path
) -> dict[str, tuple[str, bool]]:
    prompts = {
        record.id: encode_prompt(tokenizer, question_messages(record.question, record.legal_state, order.framing))
        for record in records
    }
    by_length = sorted(prompts, key=lambda name: (len(prompts[name]), name))
    size = order.settings.batch_size
    texts: dict[str, tuple[str, bool]] = {}
    for start in range(0, len(by_length), size):
        batch = by_length[start : start + size]
        kept = work / f"batch-{start:06d}.json"
        if not kept.is_file():
            said = generate(model, tokenizer, [prompts[name] for name in batch], order.settings.max_new_tokens)
            publish_file(kept, json.dumps(dict(zip(batch, said, strict=True)), ensure_ascii=False).encode())
        texts |= {name: (text, finished) for name, (text, finished) in json.loads(kept.read_bytes()).items()}
        write_entry(work, {"what": "answers", "done": len(texts), "of": len(by_length)})
    return texts


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    child_main(AnswerOrder, run)
