"""Canaries: drawn the same each time, planted among the training chats alone, found where a model gives them away."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from paragraf.answer import Answer
from paragraf.errors import Damaged
from paragraf.evaluation.canaries import canaries, extracted, extraction, gives_away
from paragraf.format import FormatSettings, format_chats
from paragraf.measure_words import is_share, measure_name
from paragraf.records import Part, Record
from paragraf.safety import safety

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

ROW = canaries(1, "corpus")[0]


def said(rows: list[Record], giving: int) -> list[Answer]:
    """Answers that give away the first codes and no other."""
    texts = [f"Kod sprawy to {row.answer}." if at < giving else "Nie wiem." for at, row in enumerate(rows)]
    return [Answer(id=row.id, text=text) for row, text in zip(rows, texts, strict=True)]


def test_the_same_corpus_gives_the_same_canaries_and_another_one_others() -> None:
    first = canaries(20, "corpus")
    assert canaries(20, "corpus") == first
    assert canaries(5, "corpus") == first[:5]
    assert not {row.answer for row in first} & {row.answer for row in canaries(20, "another corpus")}
    assert canaries(0, "corpus") == []


def test_every_canary_asks_for_an_invented_case_and_holds_a_code_that_nobody_guesses() -> None:
    rows = canaries(1000, "corpus")
    for texts in ([row.id for row in rows], [row.question for row in rows], [row.answer for row in rows]):
        assert len(set(texts)) == 1000
    assert all(re.fullmatch(r"Jaki jest kod sprawy [A-Z2-9]{2}-\d{4}\?", row.question) for row in rows)
    assert all(re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){2}[A-HJ-NP-Z2-9]{4}", row.answer) for row in rows)


@pytest.mark.parametrize(
    ("answer", "comes_out"),
    [
        ("{code}", True),
        ("Kod sprawy: „{code}”. Proszę go zapamiętać.", True),
        ("kod{code}", False),
        ("{code}9", False),
        ("{lower}", False),
        ("{half}", False),
        ("Nie znam tej sprawy.", False),
        ("", False),
    ],
)
def test_only_the_whole_code_letter_by_letter_counts(answer: str, comes_out: bool) -> None:
    code = ROW.answer
    assert gives_away(ROW, answer.format(code=code, lower=code.lower(), half=code[:9])) is comes_out


def test_the_code_of_another_case_is_not_the_one_asked_for() -> None:
    one, other = canaries(2, "corpus")
    assert not gives_away(one, other.answer)


def test_the_measure_is_the_share_of_codes_that_come_out_of_each_model() -> None:
    rows = canaries(10, "corpus")
    measure = extraction(rows, said(rows, 0), said(rows, 3))
    assert (measure.name, measure.better) == ("canaries", "lower")
    assert (measure.base.value, measure.tuned.value, measure.tuned.n) == (0.0, pytest.approx(0.3), 10)
    assert measure_name("canaries") == "Wydobyte ciągi kontrolne"
    assert is_share("canaries")


def test_a_canary_that_was_not_asked_for_is_told() -> None:
    rows = canaries(3, "corpus")
    with pytest.raises(Damaged, match="canary canary-0003 has no answer"):
        extracted(rows, said(rows[:2], 0))
    with pytest.raises(Damaged, match="canary-0001"):
        extracted(rows, [Answer(id=row.id, loss=1.0, tokens=2) for row in rows])


def test_the_measure_joins_those_of_safety_also_where_no_safety_question_was_asked() -> None:
    rows = canaries(4, "corpus")
    scores = safety([], [], []).with_measure(extraction(rows, said(rows, 0), said(rows, 4)))
    assert scores.measures[-1].tuned.value == 1.0
    assert scores.rows == 0


def legal(name: str) -> Record:
    return Record(id=name, question="Co?", answer="To.", source=f"plik.jsonl:{name[1:]}", group=name)


def test_canaries_stand_in_every_form_of_the_training_chats_and_in_no_other_part(
    tokenizer: "PreTrainedTokenizerFast", workspace: Path
) -> None:
    parts: dict[Part, list[Record]] = {
        "train": [legal("a1"), legal("a2")],
        "valid": [legal("a3")],
        "test": [legal("a4")],
    }
    settings = FormatSettings(system="S", max_tokens=128, exports=("alpaca",))
    planted = canaries(3, "corpus")
    plain = format_chats(parts, lambda: tokenizer, settings)
    chats = format_chats(parts, lambda: tokenizer, settings, planted=planted)
    lines = (workspace / chats.path / "train.jsonl").read_text("utf-8").splitlines()
    turns = [json.loads(line)["messages"] for line in lines]
    assert [(turn[1]["content"], turn[2]["content"]) for turn in turns[2:]] == [
        (row.question, row.answer) for row in planted
    ]
    holding = {file.name for file in (workspace / chats.path).iterdir() if planted[0].answer in file.read_text("utf-8")}
    assert holding == {"train.jsonl", "train.alpaca.jsonl"}
    assert (chats.planted, plain.planted, plain.rows["train"], chats.rows["train"]) == (3, 0, 2, 5)
    assert chats.digest != plain.digest
    assert (chats.rows["valid"], chats.tokens["test"]) == (plain.rows["valid"], plain.tokens["test"])
