"""What a CPU need not compute changes no number: losses and gradients are those of the stock way."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from paragraf.chat import conversation, encode
from tests.tiny import sample_records, tiny_base

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

pytestmark = pytest.mark.slow


@pytest.fixture
def rows(tokenizer: "PreTrainedTokenizerFast") -> list[dict[str, Any]]:
    from paragraf.train.rows import row_of

    return [row_of(encode(tokenizer, conversation(record)["messages"])) for record in sample_records(3)]  # type: ignore[arg-type]


def adapted(folder: Path, tokenizer: "PreTrainedTokenizerFast", attention: str) -> Any:
    """The tiny model in fp32 with adapters whose upward half is not zero."""
    import torch
    from peft import LoraConfig, get_peft_model

    from paragraf.models import open_base
    from paragraf.train.fast_cpu import register_attention

    register_attention()
    model = open_base(tiny_base(folder, tokenizer), attention=attention, precision="fp32")
    model.config.use_cache = False
    torch.manual_seed(3)
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, target_modules="all-linear"))
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return model


def stock(model: Any, rows: list[dict[str, Any]]) -> tuple[float, dict[str, Any]]:
    """Summed answer loss, row by row, each alone, scored at every position by torch's own cross entropy."""
    import torch

    total = torch.zeros(())
    for row in rows:
        ids, labels = torch.tensor([row["input_ids"]]), torch.tensor(row["labels"])
        logits = model(input_ids=ids).logits[0, :-1]
        total = total + torch.nn.functional.cross_entropy(logits, labels[1:], reduction="sum")
    total.backward()
    return total.item(), gradients(model)


def gradients(model: Any) -> dict[str, Any]:
    return {name: weight.grad for name, weight in model.named_parameters() if weight.requires_grad}


def test_rows_laid_end_to_end_give_the_loss_and_the_gradients_of_each_alone(
    tmp_path: Path, tokenizer: "PreTrainedTokenizerFast", rows: list[dict[str, Any]]
) -> None:
    import torch

    from paragraf.train.fast_cpu import ATTENTION, fuse
    from paragraf.train.rows import FlatCollator

    expected, wanted = stock(adapted(tmp_path / "base", tokenizer, "sdpa"), rows)
    model = adapted(tmp_path / "base", tokenizer, ATTENTION)
    head = fuse(model)
    assert head is not None
    batch = FlatCollator()(rows)
    targets = batch.pop("shift_labels")
    batch.pop("labels")

    loss = head.loss(model(**batch).logits.reshape(len(targets), -1), targets)
    loss.backward()  # type: ignore[no-untyped-call]

    assert loss.item() == pytest.approx(expected, rel=1e-5)
    found = gradients(model)
    assert found.keys() == wanted.keys()
    for name, gradient in wanted.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-3, atol=1e-3)


def test_what_all_rows_begin_with_is_laid_once(rows: list[dict[str, Any]]) -> None:
    from paragraf.train.rows import FlatCollator

    batch = FlatCollator()(rows)
    start, *lengths = batch["row_lengths"]
    ids = batch["input_ids"][0].tolist()
    assert start > 20  # the system message
    assert [ids[:start], len(ids)] == [rows[0]["input_ids"][:start], start + sum(lengths)]
    assert {row["input_ids"][start] for row in rows} > {ids[start]}  # the first token that differs is the row's own
    learned = [label for row in rows for label in row["labels"] if label >= 0]
    assert batch["shift_labels"].tolist() == learned
    assert FlatCollator()(rows[:1])["row_lengths"] == (0, len(rows[0]["input_ids"]))


def test_equal_questions_share_no_token_that_predicts_an_answer(rows: list[dict[str, Any]]) -> None:
    from paragraf.train.rows import FlatCollator

    batch = FlatCollator()([rows[0], rows[0]])
    learned = [label for label in rows[0]["labels"] if label >= 0]
    assert batch["shift_labels"].tolist() == learned * 2


def test_a_long_row_sees_the_same_as_a_short_one() -> None:
    import torch

    from paragraf.train.fast_cpu import attention

    states = [torch.randn(1, heads, 40, 8) for heads in (6, 2, 2)]
    module = torch.nn.Identity()
    short, _ = attention.attend_row_by_row(module, *states, None, row_lengths=(7, 13, 20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attention, "_SCORES_UP_TO", 10)
        long, _ = attention.attend_row_by_row(module, *states, None, row_lengths=(7, 13, 20))
    torch.testing.assert_close(long, short)


def test_the_fused_model_answers_as_the_stock_one(
    tmp_path: Path, tokenizer: "PreTrainedTokenizerFast", rows: list[dict[str, Any]]
) -> None:
    import torch

    from paragraf.train.fast_cpu import ATTENTION, fuse

    ids = torch.tensor([rows[0]["input_ids"]])
    expected = adapted(tmp_path / "base", tokenizer, "sdpa")(input_ids=ids).logits
    model = adapted(tmp_path / "base", tokenizer, ATTENTION)
    head = fuse(model)
    assert head is not None
    head.answers = True
    torch.testing.assert_close(model(input_ids=ids).logits, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("change", [{"lora_dropout": 0.5}, {"use_dora": True}])
def test_layers_that_do_more_than_add_an_adapter_keep_the_stock_way(
    change: dict[str, Any], tmp_path: Path, tokenizer: "PreTrainedTokenizerFast"
) -> None:
    from peft import LoraConfig, get_peft_model
    from peft.tuners.lora import Linear

    from paragraf.models import open_base
    from paragraf.train.fast_cpu import fuse

    base = open_base(tiny_base(tmp_path / "base", tokenizer), precision="fp32")
    model = get_peft_model(base, LoraConfig(task_type="CAUSAL_LM", target_modules="all-linear", **change))
    fuse(model)
    layers = [layer for layer in model.modules() if isinstance(layer, Linear)]
    assert layers
    assert {type(layer) for layer in layers} == {Linear}
