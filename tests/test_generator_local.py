import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from paragraf.chat import encode_prompt
from paragraf.errors import MissingInput
from paragraf.generator import (
    AnswerForm,
    Failed,
    Form,
    Generated,
    LocalGenerator,
    LocalSettings,
    Request,
    open_generator,
)
from paragraf.generator.local import TEXTS
from paragraf.generator.prompts import instruction

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


class Word(AnswerForm):
    word: str


class Number(AnswerForm):
    number: int


SHORT = Request("Powtórz.", '{"word": "dom"}', Word)
OTHER = Request("Policz.", '{"word": "las"}', Number)
LONG = Request("Powtórz.", json.dumps({"word": "dom" * 500}), Word)


@pytest.fixture(scope="module")
def model(tokenizer: "PreTrainedTokenizerFast", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model that was taught to answer `{"word": "dom"}`, whatever it is asked."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=1024,
        eos_token_id=tokenizer.eos_token_id,
    )
    network = LlamaForCausalLM(config)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
    answer = tokenizer.encode('{"word": "dom"}' + tokenizer.eos_token, add_special_tokens=False)
    prompts = [prompt_of(tokenizer, SHORT), prompt_of(tokenizer, OTHER)]
    for _ in range(300):
        losses = []
        for prompt in prompts:
            labels = torch.tensor([[-100] * len(prompt) + answer])
            losses.append(network(input_ids=torch.tensor([prompt + answer]), labels=labels).loss)
        sum(losses).backward()
        optimizer.step()
        optimizer.zero_grad()
        if max(losses) < 0.02:
            break
    folder = tmp_path_factory.mktemp("model")
    network.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def prompt_of(tokenizer: "PreTrainedTokenizerFast", request: Request[Form]) -> list[int]:
    told = f"{request.instruction}\n\n{instruction('prompts/json.md', schema=request.schema())}"
    return encode_prompt(tokenizer, [{"role": "system", "content": told}, {"role": "user", "content": request.content}])


@pytest.mark.slow
def test_a_model_of_this_machine_answers_in_order_and_never_writes_the_same_twice(model: Path, workspace: Path) -> None:
    settings = LocalSettings(base_model=str(model), max_answer_tokens=24, batch_size=2)
    with open_generator(settings) as generator:
        outcomes = list(generator.generate([LONG, SHORT, OTHER]))
    assert outcomes == [
        Failed("bad_request", f"the request and its answer are longer than {model.name} can read"),
        Generated(Word(word="dom")),
        Failed("broken_answer", "number: Field required"),
    ]

    again = LocalGenerator(settings)
    assert list(again.generate([SHORT, SHORT])) == [outcomes[1], outcomes[1]]
    assert again.spent().calls == 0

    [batch] = [path for path in workspace.rglob("batch-*.json") if "dom" in path.read_text("utf-8")]
    batch.write_text(batch.read_text("utf-8").replace("dom", "lis"), "utf-8")
    (batch.parent / TEXTS).unlink()
    for kept in workspace.rglob("answers/*/*.json"):
        kept.unlink()
    assert list(LocalGenerator(settings).generate([LONG, SHORT, OTHER]))[1] == Generated(Word(word="lis"))


def test_a_model_that_is_not_there_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(MissingInput, match="no-such-model"):
        LocalGenerator(LocalSettings(base_model="no-such-model"))
