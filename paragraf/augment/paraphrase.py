"""Paraphrase: training rows in, the same rows with their questions reworded by a language model out."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Annotated, TypeVar

from pydantic import Field

from paragraf.generator import AnswerForm, Failed, Form, Generated, Generator, Request
from paragraf.generator.prompts import instruction, quoted
from paragraf.records import Dropped, Outcome, Record
from paragraf.stage import StageSettings

_AT_ONCE = 500  # rows that are in English at the same time

T = TypeVar("T")

logger = logging.getLogger(__name__)


class ParaphraseSettings(StageSettings):
    """How many rows are paraphrased, and how often."""

    share: Annotated[
        float, Field(ge=0, le=1, description="Share of rows whose question is reworded by the generator.")
    ] = 0.2
    variants: Annotated[int, Field(ge=1, le=8, description="Wordings a row, all from one call.")] = 1


class BackTranslationSettings(StageSettings):
    """How many rows go to English and back."""

    share: Annotated[
        float,
        Field(ge=0, le=1, description="Share of rows whose question the generator translates to English and back."),
    ] = 0.1


class Wordings(AnswerForm):
    """What the paraphrase prompt asks for."""

    questions: list[str]


class Translation(AnswerForm):
    """What the translation prompts ask for."""

    text: str


def paraphrases(
    records: Iterable[Record], generator: Generator, settings: ParaphraseSettings, rng: Random
) -> Iterator[Outcome]:
    """The variants of the rows that are drawn, not the rows; answers stay as they are.

    Which rows are drawn depends on their id and the state of `rng`, not on their position. Derived rows get no
    variants. Without a generator there are none, and the log says so.
    """
    asked = instruction("prompts/paraphrase.md", count=str(settings.variants))
    silent: Counter[str] = Counter()
    drawn = _drawn(records, settings.share, rng)
    for record, outcome in _answers(drawn, lambda row: _about(row, asked), generator):
        if isinstance(outcome, Generated):
            yield from _worded(record, "paraphrase", outcome.value.questions, settings.variants)
        else:
            yield from _failed(record, "paraphrase", outcome, silent)
    _tell_skipped("paraphrase", silent)


def back_translations(
    records: Iterable[Record], generator: Generator, settings: BackTranslationSettings, rng: Random
) -> Iterator[Outcome]:
    """Like `paraphrases`, by way of English: the question translated and translated back, one variant a row."""
    to_english, to_polish = instruction("prompts/to_english.md"), instruction("prompts/to_polish.md")
    silent: Counter[str] = Counter()
    drawn = _drawn(records, settings.share, rng)
    while some := list(islice(drawn, _AT_ONCE)):
        english = list(_answers(some, lambda row: _of(row.question, to_english), generator))
        texts = [outcome.value.text for _, outcome in english if isinstance(outcome, Generated)]
        polish = _answers(texts, lambda text: _of(text, to_polish), generator)
        for record, first in english:
            outcome = next(polish)[1] if isinstance(first, Generated) else first
            if isinstance(outcome, Generated):
                yield from _worded(record, "back_translation", [outcome.value.text], 1)
            else:
                yield from _failed(record, "back_translation", outcome, silent)
    _tell_skipped("back_translation", silent)


def _drawn(records: Iterable[Record], share: float, rng: Random) -> Iterator[Record]:
    salt = rng.getrandbits(64)
    for record in records:
        if not record.technique and Random(f"{salt}:{record.id}").random() < share:
            yield record


def _answers(
    items: Iterable[T], ask: Callable[[T], Request[Form]], generator: Generator
) -> Iterator[tuple[T, Generated[Form] | Failed]]:
    """Each item with the outcome of its request, in order."""
    waiting: deque[T] = deque()

    def requests() -> Iterator[Request[Form]]:
        for item in items:
            waiting.append(item)
            yield ask(item)

    for outcome in generator.generate(requests()):
        yield waiting.popleft(), outcome


def _about(record: Record, asked: str) -> Request[Wordings]:
    return Request(asked, quoted({"question": record.question}), Wordings)


def _of(text: str, asked: str) -> Request[Translation]:
    return Request(asked, quoted({"text": text}), Translation)


def _worded(record: Record, technique: str, questions: list[str], wanted: int) -> Iterator[Outcome]:
    """The wordings as rows; one that is missing, or that was there before, is dropped."""
    seen = {_plain(record.question)}
    for number in range(1, wanted + 1):
        question = questions[number - 1].strip() if number <= len(questions) else ""
        variant = replace(_variant(record, technique, number), question=question or record.question)
        if not question:
            yield Dropped(variant, "generator_broken_answer", f"wording {number} of {wanted} is missing")
        elif _plain(question) in seen:
            yield Dropped(variant, "variant_equals_origin", record.id)
        else:
            yield variant
        seen.add(_plain(question))


def _failed(record: Record, technique: str, failed: Failed, silent: Counter[str]) -> Iterator[Outcome]:
    if failed.reason == "no_generator":
        silent[failed.detail] += 1
    else:
        yield Dropped(_variant(record, technique, 1), f"generator_{failed.reason}", failed.detail)


def _variant(record: Record, technique: str, number: int) -> Record:
    name = f"{record.id}~{technique.replace('_', '-')}-{number}"
    return replace(record, id=name, origin=record.origin or record.id, technique=technique)


def _plain(question: str) -> str:
    return " ".join(question.split()).casefold()


def _tell_skipped(technique: str, silent: Counter[str]) -> None:
    for why, rows in silent.items():
        logger.info("Skipped %s of %d rows: %s.", technique, rows, why)
