"""The choosing child: the mean loss of the right answers to validation questions after each system message."""

import json
import os
from pathlib import Path

import torch

from paragraf.answer import asked
from paragraf.answering import answer_loss
from paragraf.baselines.choice import LOSSES, ChoiceOrder
from paragraf.chat import conversation, encode
from paragraf.jobs import child_main, write_entry
from paragraf.models import open_base, open_tokenizer
from paragraf.publish import publish_file


def run(order: ChoiceOrder, work: Path) -> None:
    """Measure one message after the other."""
    torch.set_num_threads(order.threads)
    tokenizer = open_tokenizer(order.base)
    model = open_base(order.base).eval()
    records = asked(order.valid.read(), order.rows)
    losses = {}
    for number, system in enumerate(order.systems, start=1):
        framing = order.framing.model_copy(update={"system": system})
        rows = [encode(tokenizer, conversation(record, framing)["messages"]) for record in records]
        surprise = sum(answer_loss(model, row.ids, row.prompt) for row in rows)
        losses[system] = round(surprise / sum(len(row.ids) - row.prompt for row in rows), 6)
        write_entry(work, {"what": "prompts", "done": number, "of": len(order.systems)})
    publish_file(work / LOSSES, json.dumps(losses, ensure_ascii=False).encode())


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    child_main(ChoiceOrder, run)
