"""What a job leaves: its result file, plain or not, its checkpoints, its tokens and what they cost; and no key."""

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from paragraf.diagnose import read_history
from paragraf.errors import BadSettings, JobFailed, MissingInput
from paragraf.models import REMOTE, Base
from paragraf.remote import RemoteOrder, read_remote, train
from paragraf.remote.cost import Price, Prices, expected_cost, read_prices
from paragraf.remote.measurements import entries_of_result
from tests.remote.running import carried_out, order_for, settings_for
from tests.servers.fine_tuning_server import FineTuningServer

RESULT = b"step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n1,2.5,0.4,,\n2,1.5,0.6,1.75,0.5\n"
STEPS = [
    {"step": 1, "loss": 2.5, "token_accuracy": 0.4},
    {"step": 2, "loss": 1.5, "token_accuracy": 0.6, "validation_loss": 1.75, "validation_token_accuracy": 0.5},
]
TABLE = Prices(
    as_of=date(2026, 11, 1), currency="EUR", source="test", models={"base": Price(training=8), "base-mini": Price()}
)


def checkpoint(step: int, loss: float | None, model: str) -> dict[str, Any]:
    held = {"id": f"ckpt-{step}", "object": "fine_tuning.job.checkpoint", "created_at": 1, "step_number": step}
    metrics = {"step": step, "full_valid_loss": loss}
    return {**held, "fine_tuning_job_id": "ftjob-1", "fine_tuned_model_checkpoint": model, "metrics": metrics}


@pytest.mark.parametrize(
    "content",
    [
        RESULT,
        base64.b64encode(RESULT),
        base64.encodebytes(RESULT),
        b"\xef\xbb\xbf" + RESULT,
        RESULT.replace(b"\n", b"\r\n"),
    ],
    ids=["plain", "base64", "base64 in lines", "byte order mark", "Windows"],
)
def test_a_result_file_is_read_plain_and_in_base64(content: bytes) -> None:
    assert entries_of_result(content) == STEPS


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\x00\xff", base64.b64encode(b"no table"), b"a,b\n1,2\n", b"step\nnan\ninf\nx\n"]
)
def test_a_result_file_that_is_none_has_no_steps(content: bytes) -> None:
    assert entries_of_result(content) == []


def test_the_model_is_sealed_with_all_that_is_known_of_it(
    server: FineTuningServer, here: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.job, server.contents = {"result_files": ["file-9"]}, {"file-9": base64.b64encode(RESULT)}
    order = order_for(server.base_url, here, poll_seconds=0.05)
    model = train(order.chats, here, order.settings, lambda entry: None)
    made = read_remote(model)
    assert made
    assert (made.address.model, made.job, made.trained_tokens) == ("ft:base:org:x:ftjob-1", "ftjob-1", 1234)
    assert [point.loss for point in read_history(model)] == [2.5, 1.5]
    assert (model.backend, model.base.name) == ("openai", "base")
    calls = len(server.calls)
    monkeypatch.delenv("OPENAI_API_KEY")  # what is here already needs nobody's leave
    assert train(order.chats, here, order.settings, lambda entry: None) == model
    assert len(server.calls) == calls


def test_the_checkpoint_with_the_least_validation_loss_is_kept(server: FineTuningServer, here: Base) -> None:
    server.checkpoints = [
        checkpoint(30, 0.9, "ft:third"),
        checkpoint(20, 0.7, "ft:second"),
        checkpoint(10, None, "ft:first"),
    ]
    made = carried_out(order_for(server.base_url, here))
    assert (made.address.model, made.last) == ("ft:second", "ft:base:org:x:ftjob-1")
    assert [one.step for one in made.checkpoints] == [10, 20, 30]


def test_the_last_state_is_kept_if_that_is_asked_for(server: FineTuningServer, here: Base) -> None:
    server.checkpoints = [checkpoint(10, 0.1, "ft:first")]
    assert carried_out(order_for(server.base_url, here, keep="last")).address.model == "ft:base:org:x:ftjob-1"


def test_a_job_without_a_model_is_told(order: RemoteOrder, server: FineTuningServer) -> None:
    server.job = {"fine_tuned_model": None}
    with pytest.raises(JobFailed, match="succeeded and names no model"):
        carried_out(order)


@pytest.mark.parametrize(
    ("epochs", "rows", "least", "most"),
    [(2, 100, 2000, 2000), ("auto", 100, 1000, 3000), ("auto", 10, 1000, 10_000), ("auto", 1, 1000, 25_000)],
)
def test_the_cost_before_is_a_range_where_the_passes_are_not_known(
    epochs: int | str, rows: int, least: int, most: int
) -> None:
    cost = expected_cost(1000, rows, settings_for("http://127.0.0.1:1/v1", n_epochs=epochs), TABLE)
    assert (cost.least_tokens, cost.most_tokens) == (least, most)
    assert cost.money(cost.least_tokens) == pytest.approx(least * 8e-6)


@pytest.mark.parametrize(("model", "tokens"), [("base", 1), ("gpt-4.1-mini", 2311)])
def test_tokens_are_those_of_the_model_that_is_trained(
    model: str, tokens: int, server: FineTuningServer, here: Base
) -> None:
    made = carried_out(order_for(server.base_url, here, model=model, n_epochs=1))
    assert made.cost.least_tokens == tokens


def test_the_cost_before_and_after_are_told_in_words() -> None:
    cost = expected_cost(1_000_000, 100, settings_for("http://127.0.0.1:1/v1"), TABLE)
    assert cost.expected() == (
        "About 1,000,000 to 3,000,000 tokens to train on, 8.00 to 24.00 EUR at the prices of 2026-11-01."
    )
    assert cost.after(1_500_000).spent() == "Trained on 1,500,000 tokens, 12.00 EUR at the prices of 2026-11-01."


@pytest.mark.parametrize(
    ("model", "price"),
    [
        ("base", 8),
        ("base-2025-04-14", 8),
        ("ft:base-2025-04-14:org::id", 8),
        ("base-mini", None),
        ("base-nano", None),
        ("unknown", None),
    ],
)
def test_a_price_is_known_or_unknown_and_never_guessed(model: str, price: float | None) -> None:
    assert TABLE.of(model).training == price


def test_an_unknown_price_is_told_to_be_unknown() -> None:
    cost = expected_cost(10, 100, settings_for("http://127.0.0.1:1/v1", model="unknown", n_epochs=1), TABLE)
    assert cost.expected() == "About 10 tokens to train on, at an unknown price: the table of 2026-11-01 has none."
    assert cost.after(11).spent() == "Trained on 11 tokens, at an unknown price."
    assert cost.after(None).spent() == "The endpoint does not say on how many tokens it trained."


def test_the_table_that_comes_with_the_package_names_its_day_and_no_training_price() -> None:
    prices = read_prices("")
    assert prices.as_of == date(2026, 11, 22)
    assert prices.of("gpt-4.1-mini-2025-04-14").output == 3.2
    assert {price.training for price in prices.models.values()} == {None}


@pytest.mark.parametrize("text", ["[]", "as_of: x", "as_of: 2026-01-01\nmodels: {m: {training: -1}}", "a: [", "\x00"])
def test_a_table_of_prices_that_is_none_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text(text, "utf-8")
    with pytest.raises(BadSettings, match="no table of prices"):
        read_prices(str(tmp_path / "prices.yaml"))
    with pytest.raises(MissingInput, match=r"check train.prices"):
        read_prices(str(tmp_path / "none.yaml"))


def test_what_is_kept_of_a_model_holds_no_word_of_the_key(order: RemoteOrder, server: FineTuningServer) -> None:
    carried_out(order)
    held = json.loads(next(order.lock().parents[2].glob(f"models/*/{REMOTE}")).read_bytes())
    assert set(held) == {
        *("address", "profile", "base", "job", "last", "trained_tokens", "checkpoints", "cost"),
    }
