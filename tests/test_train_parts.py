"""Parts of the training engine by themselves: drawing rows, batches, points of measurement, the journal's guard."""

import json
import math
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from paragraf.chat import IGNORED, Conversation
from paragraf.errors import BadSettings, Diverged
from paragraf.history import RowFacts
from paragraf.train.pauses import is_point, pause_step
from paragraf.train.row_facts import row_facts
from paragraf.train.settings import LoraSettings
from tests.tiny import tiny_base

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


def test_rows_are_drawn_in_the_shares_that_the_weights_say() -> None:
    from paragraf.train.sampling import WeightedRows

    tasks = ["qa"] * 700 + ["summarization"] * 200 + ["other"] * 100
    sampler = WeightedRows(tasks, {"qa": 1.0, "summarization": 3.0, "other": 0.0}, seed=4)  # type: ignore[arg-type]
    drawn: Counter[str] = Counter()
    for epoch in range(20):
        sampler.set_epoch(epoch)
        drawn.update(tasks[row] for row in sampler)
    assert drawn.total() == 20_000
    assert drawn["other"] == 0
    assert drawn["qa"] / drawn.total() == pytest.approx(700 / 1300, abs=0.01)
    assert drawn["summarization"] / drawn.total() == pytest.approx(600 / 1300, abs=0.01)


def test_batches_mix_tasks() -> None:
    from paragraf.train.sampling import WeightedRows

    tasks = ["qa"] * 50 + ["other"] * 50
    order = [tasks[row] for row in WeightedRows(tasks, {}, seed=1)]  # type: ignore[arg-type]
    mixed = [len(set(order[start : start + 10])) for start in range(0, 100, 10)]
    assert mixed.count(2) >= 9


def test_an_epochs_draw_depends_on_seed_and_epoch_alone() -> None:
    from paragraf.train.sampling import WeightedRows

    def draw(seed: int, epoch: int) -> list[int]:
        sampler = WeightedRows(["qa"] * 100, {}, seed)
        sampler.set_epoch(epoch)
        return list(sampler)

    assert draw(1, 2) == draw(1, 2)
    assert draw(1, 2) != draw(1, 3)
    assert draw(1, 2) != draw(2, 2)


def test_no_row_with_a_weight_cannot_be_drawn_from() -> None:
    from paragraf.train.sampling import WeightedRows

    with pytest.raises(ValueError, match="no row has a weight above 0"):
        WeightedRows(["qa"], {"qa": 0.0}, seed=1)


@pytest.mark.parametrize(
    ("batch", "micro", "tokens", "devices", "rows"),
    [
        (4, 0, 300, 1, 4),
        (4, 0, 1000, 1, 2),
        (4, 0, 5000, 1, 1),
        (16, 0, 300, 1, 4),
        (6, 0, 500, 1, 3),
        (4, 1, 300, 1, 1),
        (16, 0, 300, 2, 4),
        (4, 8, 300, 2, 2),
    ],
)
def test_a_device_works_on_as_many_rows_at_once_as_fit_evenly(
    batch: int, micro: int, tokens: int, devices: int, rows: int
) -> None:
    from paragraf.train.engine import micro_batch

    assert micro_batch(LoraSettings(batch_size=batch, micro_batch=micro), tokens, devices, at_once=2048) == rows


def test_a_batch_that_cannot_be_dealt_out_is_refused() -> None:
    from paragraf.train.engine import micro_batch

    with pytest.raises(BadSettings, match=r"train\.batch_size 5 cannot be dealt out to 2 devices evenly"):
        micro_batch(LoraSettings(batch_size=5), 300, 2, at_once=2048)


@pytest.mark.parametrize(
    ("of", "points", "steps"), [(85, 2, [43, 85]), (10, 1, [10]), (3, 5, [1, 2, 3]), (9, 3, [3, 6, 9])]
)
def test_points_are_spread_evenly_and_the_end_is_one(of: int, points: int, steps: list[int]) -> None:
    assert [step for step in range(1, of + 1) if is_point(step, of, points)] == steps


def test_a_share_of_a_run_is_at_least_one_step() -> None:
    assert [pause_step(85, share) for share in (0.001, 1 / 9, 1 / 3, 1.0)] == [1, 9, 28, 85]


@pytest.mark.parametrize(
    ("of", "warmup", "steps"),
    [(85, 0.05, [4, 12, 31, 85]), (85, 0.2, [6, 18, 36, 85]), (4, 0.05, [2, 2, 2, 4]), (12, 0.1, [3, 3, 5, 12])],
)
def test_a_pause_comes_later_by_what_a_warmup_holds_back(of: int, warmup: float, steps: list[int]) -> None:
    assert [pause_step(of, share, warmup) for share in (0.001, 1 / 9, 1 / 3, 1.0)] == steps


def test_a_pause_follows_the_rates_of_the_real_schedule() -> None:
    from torch.nn import Parameter
    from torch.optim import SGD
    from transformers import TrainingArguments, get_scheduler

    def learned(of: int, warmup: float, steps: int) -> float:
        optimizer = SGD([Parameter()], lr=1.0)
        rise = TrainingArguments(warmup_steps=warmup).get_warmup_steps(of)
        schedule = get_scheduler("cosine", optimizer, rise, of)
        rates = []
        for _ in range(steps):
            rates.append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
        return sum(rates)

    for warmup in (0.05, 0.1, 0.2):
        for share in (1 / 9, 1 / 3):
            plain, risen = (pause_step(200, share, one) for one in (0.0, warmup))
            assert learned(200, warmup, risen) == pytest.approx(learned(200, 0.0, plain), abs=0.51)


def log(tmp_path: Path, losses: list[float], vocabulary: int = 49152) -> list[dict[str, Any]]:
    """What a journal holds after the Trainer logged these losses, step by step."""
    from paragraf.train.journal import Journal

    journal = Journal(tmp_path, vocabulary)
    state = SimpleNamespace(global_step=0, max_steps=9, is_world_process_zero=True, log_history=[])
    arguments = SimpleNamespace(learning_rate=0.1)
    try:
        for loss in losses:
            state.global_step += 1
            state.log_history.append({"loss": loss})
            journal.on_log(arguments, state, None, {"loss": loss, "epoch": 0.1})
    finally:
        found = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text("utf-8").splitlines()]
        log.entries = found  # type: ignore[attr-defined]
    return found


def test_an_honest_run_is_written_down(tmp_path: Path) -> None:
    assert [entry["loss"] for entry in log(tmp_path, [3.5, 3.9, 2.0])] == [3.5, 3.9, 2.0]


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([3.5, math.nan], r"step 2: loss is nan; try --train\.learning-rate 1e-3"),
        ([3.5, math.inf], "step 2: loss is inf"),
        ([3.7, 9.0, 84.6], r"step 3: loss is 84\.6"),
    ],
)
def test_a_run_that_is_thrown_off_ends_there(tmp_path: Path, losses: list[float], said: str) -> None:
    with pytest.raises(Diverged, match=said):
        log(tmp_path, losses)
    last = log.entries[-1]  # type: ignore[attr-defined]
    assert (last["what"], last["reason"], last["step"]) == ("stopped", "diverged", len(losses))


def test_a_model_that_knows_nothing_yet_may_start_above_guessing(tmp_path: Path) -> None:
    assert len(log(tmp_path, [5.7, 5.8, 5.6], vocabulary=260)) == 3


def chat(question: str, answer: str) -> Conversation:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def test_row_facts_count_what_cannot_be_learned_and_what_should_not(tmp_path: Path) -> None:
    chats = tmp_path / "train.jsonl"
    lines = [chat("Ile?", "Trzy."), chat("### Instrukcja:\nIle?", "### Odpowiedź:\nTrzy."), chat("Co to?", "User: nic")]
    chats.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    rows = [
        {"labels": [IGNORED, IGNORED, 5, 6, 9]},
        {"labels": [IGNORED, 5, 6]},
        {"labels": [IGNORED, IGNORED, IGNORED, 9]},
    ]
    assert row_facts(chats, rows, end=9) == RowFacts(
        rows=3, tokens=12, answer_tokens=6, without_answer=1, without_end=1, with_marks=2, longest=5
    )


def test_rows_are_tokenised_once_for_their_content(
    workspace: Path, tmp_path: Path, tokenizer: "PreTrainedTokenizerFast"
) -> None:
    from paragraf.train.rows import tokenised

    base = tiny_base(tmp_path / "tiny", tokenizer)
    for name in ("one", "copy", "other"):
        line = json.dumps(chat("Ile?", "Trzy." if name != "other" else "Pięć."), ensure_ascii=False)
        (tmp_path / f"{name}.jsonl").write_text(f"{line}\n", "utf-8")
    first = tokenised(tmp_path / "one.jsonl", base, tokenizer)  # type: ignore[arg-type]
    tokenised(tmp_path / "copy.jsonl", base, tokenizer)  # type: ignore[arg-type]
    assert len(list((workspace / "tokens").iterdir())) == 1
    tokenised(tmp_path / "other.jsonl", base, tokenizer)  # type: ignore[arg-type]
    assert len(list((workspace / "tokens").iterdir())) == 2
    assert first[0]["task"] == "qa"
    assert first[0]["length"] == len(first[0]["input_ids"]) == len(first[0]["labels"])
