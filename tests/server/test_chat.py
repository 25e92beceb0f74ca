"""Chat: answers whole and in pieces, alone and among others, of a base model and of adapters over it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest

from paragraf.models import Base, Model, add_adapter, open_base, open_tokenizer
from tests.server.serving import MODEL, Running, raw

pytestmark = pytest.mark.slow

QUESTIONS = [f"Pytanie numer {number}: czym jest {'bardzo ' * (number % 7)}długi najem?" for number in range(32)]


def ask(client: openai.OpenAI, content: str, **options: Any) -> Any:
    given = {"model": MODEL, "max_tokens": 16, "temperature": 0, **options}
    return client.chat.completions.create(messages=[{"role": "user", "content": content}], **given)


def text_of(answer: Any) -> str:
    return str(answer.choices[0].message.content)


def test_an_answer_comes_in_pieces_as_it_comes_whole(server: Running) -> None:
    with server.client() as (client, _):
        whole = ask(client, QUESTIONS[0], temperature=1.5, seed=11, max_tokens=40)
        chunks = list(
            ask(
                client,
                QUESTIONS[0],
                temperature=1.5,
                seed=11,
                max_tokens=40,
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == text_of(whole)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert len({chunk.id for chunk in chunks}) == 1
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == whole.choices[0].finish_reason
    assert chunks[-1].choices == [] and chunks[-1].usage == whole.usage
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_the_same_seed_draws_the_same_answer_and_another_one_another(server: Running) -> None:
    with server.client() as (client, _):
        drawn = [text_of(ask(client, "Ile?", temperature=2, seed=seed, max_tokens=30)) for seed in (1, 1, 2)]
        free = [text_of(ask(client, "Ile?", temperature=2, max_tokens=30)) for _ in range(2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert free[0] != free[1]


def test_a_stop_sequence_ends_an_answer_before_it(server: Running) -> None:
    with server.client() as (client, _):
        whole = text_of(ask(client, "Co?", temperature=2, seed=4, max_tokens=60))
        stop = whole[20:22]
        cut = ask(client, "Co?", temperature=2, seed=4, max_tokens=60, stop=[stop, "zz"])
        chunks = ask(client, "Co?", temperature=2, seed=4, max_tokens=60, stop=stop, stream=True)
        pieces = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text_of(cut) == pieces == whole[: whole.index(stop)]
    assert cut.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_an_answer_is_no_longer_than_was_asked(server: Running, name: str) -> None:
    with server.client() as (client, _):
        answer = client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "Ile?"}], **{name: 3}, temperature=0
        )
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 3
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 3


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"n": 2}, "unsupported_parameter", "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "unsupported_parameter", "tools"),
        ({"response_format": {"type": "json_object"}}, "unsupported_parameter", "response_format"),
        ({"logprobs": True}, "unsupported_parameter", "logprobs"),
        ({"presence_penalty": 0.5}, "unsupported_parameter", "presence_penalty"),
        ({"temperature": 2.1}, "invalid_value", "temperature"),
        ({"temperature": "0"}, "invalid_value", "temperature"),
        ({"top_p": 0}, "invalid_value", "top_p"),
        ({"max_tokens": 0}, "invalid_value", "max_tokens"),
        ({"max_tokens": 100_000}, "context_length_exceeded", "messages"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "invalid_value", "stop"),
        ({"stream_options": {"include_usage": True}}, "invalid_value", "stream_options"),
        ({"messages": []}, "invalid_value", "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "invalid_value", "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "invalid_value", "messages.0.content"),
        ({"bogus": 1}, "unknown_parameter", "bogus"),
    ],
)
def test_what_is_not_offered_is_refused_by_its_name(
    server: Running, change: dict[str, Any], code: str, param: str
) -> None:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Co?"}], **change}
    status, _, content = raw(server, "POST", "/v1/chat/completions", json.dumps(body).encode())
    error = json.loads(content)["error"]
    assert (status, error["code"], error["param"]) == (400, code, param)


def test_a_model_that_is_not_there_is_named(server: Running) -> None:
    with server.client() as (client, _), pytest.raises(openai.NotFoundError) as refused:
        ask(client, "Co?", model="ft:gpt-4o:../../etc")
    assert refused.value.code == "model_not_found"


def test_turns_and_parts_of_text_are_read(server: Running) -> None:
    with server.client() as (client, _):
        answer = client.chat.completions.create(
            model=MODEL,
            messages=[
                {"role": "developer", "content": "Krótko."},
                {"role": "user", "content": [{"type": "text", "text": "Czym "}, {"type": "text", "text": "jest?"}]},
                {"role": "assistant", "content": "Tym."},
                {"role": "user", "content": "A dalej?"},
            ],
            max_tokens=4,
            temperature=0,
            n=1,
            user="somebody",
        )
    assert answer.usage.completion_tokens <= 4


def test_thirty_two_clients_at_once_get_what_each_gets_alone(server: Running, tiny: Base) -> None:
    with server.client() as (client, exchanges), ThreadPoolExecutor(32) as pool:
        gate = threading.Barrier(32)

        def at_once(question: str) -> Any:
            gate.wait()
            return ask(client, question, max_tokens=24)

        together = list(pool.map(at_once, QUESTIONS))
    assert len(exchanges.calls) == 32
    alone = [alone_answer(open_base(tiny, precision="fp32").eval(), tiny, question, 24) for question in QUESTIONS]
    assert [text_of(answer) for answer in together] == alone
    assert all(answer.usage.completion_tokens == 24 for answer in together)


def test_adapters_over_one_base_answer_as_each_does_by_itself(
    server: Running, jobs: list[str], tiny: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.client() as (client, _):
        names = [str(client.fine_tuning.jobs.retrieve(job).fine_tuned_model) for job in jobs]
        with ThreadPoolExecutor(12) as pool:
            asked = [(name, question) for question in QUESTIONS[:4] for name in [*names, MODEL]]
            said = dict(
                zip(asked, pool.map(lambda pair: text_of(ask(client, pair[1], model=pair[0])), asked), strict=True)
            )
    monkeypatch.setenv("PARAGRAF_HOME", str(server.home))
    for (name, question), text in said.items():
        base = open_base(tiny, precision="fp32").eval()
        model = base if name == MODEL else add_adapter(base, tuned(server, name), "alone")
        assert text == alone_answer(model, tiny, question, 16)
    assert len({said[name, QUESTIONS[0]] for name in [*names, MODEL]}) == 3


def test_a_client_that_goes_away_is_no_longer_answered(server: Running) -> None:
    with server.client() as (client, _):
        stream = ask(client, "Co?", max_tokens=3000, stream=True, temperature=2, seed=1)
        next(iter(stream))
        stream.close()
        assert ask(client, "Co?", max_tokens=2).usage.completion_tokens == 2


def alone_answer(model: Any, base: Base, question: str, tokens: int) -> str:
    """What `generate` of the library writes, for one question by itself."""
    import torch

    tokenizer: Any = open_tokenizer(base)
    chat = [{"role": "user", "content": question}]
    prompt = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    ids = tokenizer.encode(prompt, add_special_tokens=False)
    asked = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
    with torch.inference_mode():
        out = model.generate(**asked, max_new_tokens=tokens, do_sample=False, pad_token_id=tokenizer.eos_token_id)
    return str(tokenizer.decode(out[0, len(ids) :], skip_special_tokens=True))


def tuned(server: Running, name: str) -> Model:
    """The receipt that the server keeps of a model, whose folder is in the server's workspace."""
    import sqlite3

    with sqlite3.connect(server.home / "server" / "state.db") as state:
        [(body,)] = state.execute("SELECT body FROM things WHERE kind = 'model' AND id = ?", (name,))
    model = Model.model_validate(json.loads(body)["model"])
    return model
