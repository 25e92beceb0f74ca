"""Closed items: the log-likelihood of each letter, or an answer in words, in; the letter that is meant out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from pydantic import BaseModel, ConfigDict

from paragraf.intervals import Estimate, bootstrap
from paragraf.records import Record
from paragraf.text import normal_form

_NAMED = re.compile(r"\bodp(?:owied[zź]\w*|\.)?\s*(?:to|jest|brzmi)?\s*[:–—-]?\s*[(„\"]?([A-Z])\b", re.IGNORECASE)
_ALONE = re.compile(r"^\W*([A-Za-z])\s*(?:$|[).:,–—-])")


class Choice(BaseModel):
    """The answer to one closed item: its letter, "" where none can be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    area: str
    chosen: str
    is_right: bool


def most_likely(log_likelihoods: Mapping[str, float]) -> str:
    """The letter of the highest log-likelihood; "" where two share it or none is a number."""
    told = {letter: value for letter, value in log_likelihoods.items() if isfinite(value)}
    best = max(told.values(), default=0.0)
    letters = [letter for letter, value in told.items() if value == best]
    return letters[0] if len(letters) == 1 else ""


def before_letter(record: Record) -> str:
    """The words of the right answer that come before its letter: "Prawidłowa jest odpowiedź "; none without it."""
    found = re.search(rf"(?<!\w){re.escape(record.correct)}(?!\w)", record.answer)
    return record.answer[: found.start()] if found else ""


def letter_in(answer: str, choices: Sequence[tuple[str, str]]) -> str:
    """The letter that an answer in words means: by itself, as "odpowiedź B", or by the text of one choice alone."""
    letters = {letter for letter, _ in choices}
    for pattern in (_NAMED, _ALONE):
        found = pattern.search(answer)
        if found and found[1].upper() in letters:
            return found[1].upper()
    said = f" {normal_form(answer)} "
    meant = [letter for letter, text in choices if f" {normal_form(text)} " in said]
    return meant[0] if len(meant) == 1 else ""


def is_letter(answer: str, choices: Sequence[tuple[str, str]]) -> bool:
    """Whether an answer is the letter of a choice and nothing else, which is of no language."""
    return answer.strip(" ().:\n").upper() in {letter for letter, _ in choices}


def chance_of(choices: Iterable[int]) -> float | None:
    """The accuracy that guessing reaches on items with so many choices each, 0 for an open one; None without any."""
    shares = [1 / count for count in choices if count]
    return sum(shares) / len(shares) if shares else None


def over_areas(items: Sequence[Choice]) -> Estimate:
    """Accuracy as the mean over areas of law, so that a large one does not outweigh the others; resampled by item."""

    def mean(chosen: Sequence[int]) -> float:
        right: dict[str, list[bool]] = {}
        for index in chosen:
            right.setdefault(items[index].area, []).append(items[index].is_right)
        return sum(sum(held) / len(held) for held in right.values()) / len(right)

    return bootstrap(len(items), mean)
