"""A base model that trains in no time: two small layers with random weights over the bytes of a text."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paragraf.chat import PLAIN, Framing, conversation
from paragraf.contract import write_contract
from paragraf.format import Chats
from paragraf.models import Base, Model, find_base
from paragraf.publish import digest_of, publish, read_manifest, verify
from paragraf.records import Record
from paragraf.workspace import home, relative

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"


def tiny_base(folder: Path, tokenizer: "PreTrainedTokenizerFast") -> Base:
    """A local base model folder, as a user would name one."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    if not folder.is_dir():
        torch.manual_seed(1)
        config = LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=4096,
            tie_word_embeddings=True,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
        LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return find_base(str(folder))


def talking_model(tiny: Base, name: str, says: str) -> Model:
    """A model at rest that answers every question with the same text and ends; made by hand, not trained.

    The text is one token of its tokenizer. The head gives it after the line break that ends a prompt, and the end of
    turn after it.
    """
    import torch
    from tokenizers import AddedToken
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    tokenizer = AutoTokenizer.from_pretrained(tiny.folder())
    tokenizer.add_tokens([AddedToken(says, normalized=False)])
    [last], [spoken] = (tokenizer.encode(text, add_special_tokens=False) for text in ("\n", says))
    sizes = {"hidden_size": 64, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    torch.manual_seed(1)
    weights = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), max_position_embeddings=4096, **sizes, **ends))
    with torch.no_grad():
        layer, words, head = weights.model.layers[0], weights.model.embed_tokens.weight, weights.lm_head.weight
        torch.nn.init.normal_(words)
        for matrix in (layer.self_attn.o_proj.weight, layer.mlp.down_proj.weight, head):
            matrix.zero_()
        head[spoken], head[tokenizer.eos_token_id] = words[last], words[spoken]
    folder = home() / "bases" / name
    weights.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    base = find_base(str(folder))
    final = home() / "models" / f"full-{name}"
    with publish(final) as staged:
        weights.save_pretrained(staged)
        write_contract(staged, base)
    return Model(path=relative(final), digest=verify(final), base=base, backend="full")


def sample_records(count: int) -> list[Record]:
    """The shortest rows of the sample corpus."""
    rows = sorted(map(json.loads, SAMPLE.read_text("utf-8").splitlines()), key=lambda row: len(row["answer"]))
    return [Record(id=row["id"], question=row["question"], answer=row["answer"]) for row in rows[:count]]


def chats_of(records: Sequence[Record], valid: int = 4, framing: Framing = PLAIN) -> Chats:
    """Chat files at rest: the last rows are for validation, none for testing."""
    parts = {"train": records[:-valid], "valid": records[-valid:], "test": records[-1:]}
    lines = {
        name: "".join(json.dumps(conversation(record, framing), ensure_ascii=False) + "\n" for record in rows)
        for name, rows in parts.items()
    }
    final = home() / "chats" / f"chats-{abs(hash(lines['train'])):x}"
    with publish(final) as folder:
        for name, text in lines.items():
            (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return Chats(
        path=relative(final),
        digest=digest_of(read_manifest(final)),
        tokens={"train": 1, "valid": 1, "test": 1},
        rows={"train": len(parts["train"]), "valid": valid, "test": 1},
        learned_share=0.7,
        longest=1000,
        dropped=0,
        framing=framing,
    )
