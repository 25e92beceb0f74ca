import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from paragraf.chat import encode
from paragraf.errors import BadRow, TooFewRows
from paragraf.format import FormatSettings, format_chats
from paragraf.publish import verify
from paragraf.records import PARTS, Part, Record

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SETTINGS = FormatSettings(system="S", max_tokens=128)
FRAME = len("system\nS") + len("\nuser\n") + len("\nassistant\n") + 5  # with three openings and two ends of turn


def row(name: str, answer: str = "To.", question: str = "Co?") -> Record:
    return Record(id=name, question=question, answer=answer, source=f"plik.jsonl:{name[1:]}", group=name)


def corpus(
    train: list[Record] | None = None, valid: list[Record] | None = None, test: list[Record] | None = None
) -> dict[Part, list[Record]]:
    return {
        "train": train or [row("a1"), row("a2")],
        "valid": valid or [row("a3")],
        "test": test or [row("a4")],
    }


def with_system(system: str) -> FormatSettings:
    return SETTINGS.model_copy(update={"system": system})


def test_every_part_becomes_a_file_of_conversations(tokenizer: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    chats = format_chats(corpus(valid=[row("a3", "Żółw\u2028x\n.")]), lambda: tokenizer, SETTINGS)
    folder = tmp_path / chats.path
    assert json.loads((folder / "valid.jsonl").read_text("utf-8")) == {
        "messages": [
            {"role": "system", "content": "S"},
            {"role": "user", "content": "Co?"},
            {"role": "assistant", "content": "Żółw\u2028x\n."},
        ]
    }
    assert [(folder / f"{part}.jsonl").read_bytes().count(b"\n") for part in PARTS] == [2, 1, 1]
    assert verify(folder) == chats.digest


def test_sizes_are_counted_in_tokens(tokenizer: "PreTrainedTokenizerFast") -> None:
    chats = format_chats(corpus(test=[row("a4", "Tak jest.")]), lambda: tokenizer, SETTINGS)
    short, long = FRAME + 3 + 4, FRAME + 3 + 10
    assert chats.tokens == {"train": 2 * short, "valid": short, "test": long}
    assert chats.rows == {"train": 2, "valid": 1, "test": 1}
    assert chats.longest == long
    assert chats.dropped == 0
    assert chats.learned_share == round((3 * 4 + 10) / (3 * short + long), 4)


def test_equal_rows_give_equal_chats_and_other_rows_others(tokenizer: "PreTrainedTokenizerFast") -> None:
    first = format_chats(corpus(), lambda: tokenizer, SETTINGS)
    assert format_chats(corpus(), lambda: tokenizer, SETTINGS) == first
    assert format_chats(corpus(test=[row("a4", "Nie.")]), lambda: tokenizer, SETTINGS).digest != first.digest
    assert format_chats(corpus(), lambda: tokenizer, with_system("Inny.")).digest != first.digest


def test_what_is_not_in_the_conversation_does_not_change_the_digest(tokenizer: "PreTrainedTokenizerFast") -> None:
    moved = corpus(train=[replace(row("a1"), source="inny.jsonl:9"), row("a2")])
    assert (
        format_chats(moved, lambda: tokenizer, SETTINGS).digest
        == format_chats(corpus(), lambda: tokenizer, SETTINGS).digest
    )


def test_a_row_at_the_limit_fits_and_one_over_it_stops_the_run(tokenizer: "PreTrainedTokenizerFast") -> None:
    at_limit = "x" * (128 - FRAME - 3 - 1)
    assert format_chats(corpus(train=[row("a1", at_limit)]), lambda: tokenizer, SETTINGS).longest == 128
    with pytest.raises(BadRow) as caught:
        format_chats(corpus(train=[row("a1"), row("a2", at_limit + "x")]), lambda: tokenizer, SETTINGS)
    assert str(caught.value) == (
        "plik.jsonl:2 (a2): 129 tokens, over 128; raise --format.max-tokens or set --format.too-long drop."
    )


def test_nothing_is_published_when_a_row_stops_the_run(tokenizer: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    with pytest.raises(BadRow):
        format_chats(corpus(test=[row("a4", "x" * 500)]), lambda: tokenizer, SETTINGS)
    assert list((tmp_path / "chats").iterdir()) == []


def test_too_long_rows_are_dropped_and_counted_when_told(tokenizer: "PreTrainedTokenizerFast") -> None:
    parts = corpus(train=[row("a1"), row("a2", "x" * 500)], test=[row("a4"), row("a5", "x" * 500)])
    chats = format_chats(parts, lambda: tokenizer, SETTINGS.model_copy(update={"too_long": "drop"}))
    assert chats.rows == {"train": 1, "valid": 1, "test": 1}
    assert chats.dropped == 2


def test_a_part_of_which_nothing_is_left_stops_the_run(tokenizer: "PreTrainedTokenizerFast") -> None:
    dropping = SETTINGS.model_copy(update={"too_long": "drop"})
    with pytest.raises(TooFewRows, match=r"^valid: no row is within 128 tokens; raise --format\.max-tokens\.$"):
        format_chats(corpus(valid=[row("a3", "x" * 500)]), lambda: tokenizer, dropping)


def test_a_row_without_an_answer_is_named(tokenizer: "PreTrainedTokenizerFast") -> None:
    with pytest.raises(BadRow) as caught:
        format_chats(corpus(valid=[row("a3", "")]), lambda: tokenizer, SETTINGS)
    assert str(caught.value) == "plik.jsonl:3 (a3): the answer holds no token to learn; remove the row."


def test_a_file_that_is_read_back_gives_the_same_tokens(tokenizer: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    chats = format_chats(corpus(), lambda: tokenizer, SETTINGS)
    lines = (tmp_path / chats.path / "train.jsonl").read_bytes().splitlines()
    assert sum(len(encode(tokenizer, json.loads(line)["messages"]).ids) for line in lines) == chats.tokens["train"]


@pytest.mark.parametrize("setting", [{"max_tokens": 63}, {"system": ""}, {"too_long": "cut"}, {"colour": "red"}])
def test_settings_out_of_bounds_are_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FormatSettings.model_validate(setting)


def test_other_forms_lie_beside_the_conversations_and_change_nothing_for_training(
    tokenizer: "PreTrainedTokenizerFast", tmp_path: Path
) -> None:
    plain = format_chats(corpus(), lambda: tokenizer, SETTINGS)
    more = format_chats(corpus(), lambda: tokenizer, SETTINGS.model_copy(update={"exports": ("alpaca", "text")}))
    assert more.digest == plain.digest
    assert more.path != plain.path
    lines = (tmp_path / more.path / "train.alpaca.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["output"] for line in lines] == ["To.", "To."]
    assert (tmp_path / more.path / "test.text.jsonl").is_file()
