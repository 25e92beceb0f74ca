"""What a provider would refuse is refused here first, by file and line; and tokens are those of OpenAI's models."""

import json
from pathlib import Path
from typing import Any

import pytest

from paragraf.chat import Message
from paragraf.errors import BadRow, TooFewRows
from paragraf.models import Base
from paragraf.protocol.tokens import tokens_of
from paragraf.remote.profiles import PROFILES, Profile
from paragraf.remote.rules import Counted, check_pairs, check_supervised
from tests.remote.running import carried_out, order_for
from tests.servers.fine_tuning_server import FineTuningServer

CUSTOM = PROFILES["custom"]
GOOD = [{"role": "user", "content": "Ile?"}, {"role": "assistant", "content": "Tyle."}]


def chat(*messages: tuple[Any, Any]) -> str:
    return json.dumps({"messages": [{"role": role, "content": content} for role, content in messages]})


def pair(better: str = "Tak.", worse: str = "Nie.", **changes: Any) -> str:
    row: dict[str, Any] = {
        "input": {"messages": [GOOD[0]]},
        "preferred_output": [{"role": "assistant", "content": better}],
        "non_preferred_output": [{"role": "assistant", "content": worse}],
    }
    return json.dumps(row | changes)


def file_of(folder: Path, third: bytes, rows: int = 10) -> Path:
    """Good rows, and this one as the third."""
    lines = [json.dumps({"messages": GOOD}).encode() + b"\n"] * rows
    lines[2] = third
    (folder / "train.jsonl").write_bytes(b"".join(lines))
    return folder / "train.jsonl"


BROKEN: list[tuple[str | bytes, str]] = [
    (b"{\n", "JSON"),
    (b"\n", "an empty line"),
    (b"   \n", "an empty line"),
    (b"[]\n", "is no JSON object"),
    (b'{"messages": []}\n', "messages is no list of messages"),
    (b'{"messages": "x"}\n', "messages is no list of messages"),
    (b'{"messages": [1]}\n', "message 1 is no object"),
    (b"\xb1\n", "is no UTF-8"),
    (json.dumps({"messages": GOOD}).encode() + b"\r\n", "carriage return"),
    (chat(("user", "Ile?")), "the last message is not the assistant's"),
    (chat(("user", ""), ("assistant", "Tyle.")), "message 1 is empty"),
    (chat(("user", "Ile?"), ("assistant", " ")), "message 2 is empty"),
    (chat(("user", "Ile?"), ("assistant", None)), "message 2 is empty or no text"),
    (chat(("judge", "Ile?"), ("assistant", "Tyle.")), 'message 1 has the role "judge"; known are system'),
    (chat(("user", "Ile <|endoftext|>?"), ("assistant", "Tyle.")), r"message 1 holds <\|endoftext\|>"),
    (chat(("user", "Ile?"), ("assistant", "<|im_start|>")), r"message 2 holds <\|im_start\|>"),
    (chat(("user", "ą" * 300_000), ("assistant", "Tyle.")), "tokens, the provider takes 131,072"),
    (b'{"messages": [], "messages": []}\n', "stands 2 times"),
    ((b"[" * 5000) + b"\n", "nest"),
]


@pytest.mark.parametrize(("row", "message"), BROKEN, ids=[str(number) for number in range(len(BROKEN))])
def test_a_row_that_would_be_refused_is_named_by_file_and_line(row: str | bytes, message: str, tmp_path: Path) -> None:
    third = row if isinstance(row, bytes) else f"{row}\n".encode()
    with pytest.raises(BadRow, match=rf"train.jsonl:3: .*{message}"):
        check_supervised(file_of(tmp_path, third), CUSTOM)


def test_a_byte_order_mark_is_told(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"messages": GOOD}).encode() + b"\n")
    with pytest.raises(BadRow, match=r"train.jsonl:1: begins with a byte order mark"):
        check_supervised(path, CUSTOM, fewest=1)


def test_nine_rows_are_too_few_and_ten_are_not(tmp_path: Path) -> None:
    good = json.dumps({"messages": GOOD}).encode() + b"\n"
    with pytest.raises(TooFewRows, match="9 rows, a provider takes 10 or more"):
        check_supervised(file_of(tmp_path, good, rows=9), CUSTOM)
    assert check_supervised(file_of(tmp_path, good, rows=10), CUSTOM) == Counted(10, 10 * tokens_of(GOOD))  # type: ignore[arg-type]


def test_a_file_over_the_provider_s_size_is_told(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"{}\n")
    with pytest.raises(BadRow, match="bytes, the provider takes 100"):
        check_supervised(path, Profile(most_bytes=100))
    assert PROFILES["openai"].most_bytes == 512 * 2**20


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (pair(worse="Tak."), "both outputs are the same"),
        (pair(better=""), "preferred_output: message 1 is empty"),
        (pair(input={}), "input.messages is no list"),
        (pair(input=None), "input.messages is no list"),
        (pair(preferred_output=[GOOD[0]]), "preferred_output is not the assistant's"),
        (json.dumps({"messages": GOOD}), "input.messages is no list"),
    ],
)
def test_a_pair_that_would_be_refused_is_named(row: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join([pair(), row, *[pair()] * 10]) + "\n", "utf-8")
    with pytest.raises(BadRow, match=rf"pairs.jsonl:2: .*{message}"):
        check_pairs(path, CUSTOM)


def test_pairs_go_to_a_job_of_their_own_method(tmp_path: Path, server: FineTuningServer, here: Base) -> None:
    (tmp_path / "pairs.jsonl").write_text(f"{pair()}\n" * 10, "utf-8")
    method = {"kind": "dpo", "preferences": str(tmp_path / "pairs.jsonl"), "beta": 0.3}
    carried_out(order_for(server.base_url, here, method=method, n_epochs=2))
    told = server.sent("POST", "/fine_tuning/jobs")[0].json()
    assert told["method"] == {
        "type": "dpo",
        "dpo": {
            "hyperparameters": {"n_epochs": 2, "batch_size": "auto", "learning_rate_multiplier": "auto", "beta": 0.3}
        },
    }
    assert "validation_file" not in told


def test_nothing_is_sent_of_rows_that_would_be_refused(server: FineTuningServer, here: Base) -> None:
    with pytest.raises(TooFewRows):
        carried_out(order_for(server.base_url, here, rows=12))  # four of them are for validation
    assert server.calls == []


def said(content: str) -> list[Message]:
    return [{"role": "user", "content": content}]


@pytest.mark.parametrize(
    ("content", "tokens"),
    [
        ("tiktoken is great!", 6),
        ("", 0),
        ("<|endoftext|>", 7),
        ("ąęł", 3),
        ("🙂", 1),
        ("\U0001f469\u200d\u2696\ufe0f", 6),
    ],
)
def test_tokens_are_counted_as_openai_s_models_do(content: str, tokens: int) -> None:
    around = 3 + 3 + 1  # a reply, a message, its role
    assert tokens_of(said(content)) - around == tokens
