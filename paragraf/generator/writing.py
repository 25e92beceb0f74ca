"""The writing child: prompts in, texts of a local model out, in batches of like length, each finished batch kept."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from paragraf.chat import Tokenizer, encode_prompt
from paragraf.generator.local import TEXTS, LocalOrder
from paragraf.jobs import child_main, write_entry
from paragraf.models import TorchModel, open_base, open_tokenizer
from paragraf.publish import publish_file

Text = tuple[str | None, bool]  # and whether it ended by itself; None where prompt and answer do not fit the model


def run(order: LocalOrder, work: Path) -> None:
    """Write one text a prompt; what an earlier child finished is read back."""
    tokenizer = open_tokenizer(order.base)
    model = open_base(order.base).eval()
    prompts = [
        encode_prompt(
            tokenizer,
            [{"role": "system", "content": prompt.instruction}, {"role": "user", "content": prompt.content}],
        )
        for prompt in order.prompts
    ]
    longest = model.config.max_position_embeddings - order.max_answer_tokens
    texts: list[Text] = [(None, False)] * len(prompts)
    fitting = sorted((len(ids), number) for number, ids in enumerate(prompts) if len(ids) <= longest)
    for start in range(0, len(fitting), order.batch_size):
        numbers = [number for _, number in fitting[start : start + order.batch_size]]
        kept = work / f"batch-{start:06d}.json"
        if not kept.is_file():
            said = _said(model, tokenizer, [prompts[number] for number in numbers], order.max_answer_tokens)
            publish_file(kept, json.dumps(said, ensure_ascii=False).encode())
        for number, (text, is_finished) in zip(numbers, json.loads(kept.read_bytes()), strict=True):
            texts[number] = (text, is_finished)
        write_entry(work, {"what": "generated", "done": start + len(numbers), "of": len(fitting)})
    publish_file(work / TEXTS, json.dumps(texts, ensure_ascii=False).encode())


def _said(
    model: TorchModel, tokenizer: Tokenizer, prompts: Sequence[Sequence[int]], max_new_tokens: int
) -> list[tuple[str, bool]]:
    from paragraf.decoding import generate

    return [(said.text, said.is_finished) for said in generate(model, tokenizer, prompts, max_new_tokens)]


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    child_main(LocalOrder, run)
