"""Closed items: the log-likelihood of each letter, or an answer in words, in; the letter that is meant out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite

from pydantic import BaseModel, ConfigDict

from paragraf.intervals import Estimate, bootstrap
from paragraf.records import Record
from paragraf.text import normal_form

_RIGHT = r"(?:prawidłow|poprawn|właściw|trafn)\w*"
_WRONG = r"(?:błędn|nieprawidłow|niepoprawn|niewłaściw|fałszyw|myln)\w*"
# "a" is a word, too: in a small letter a choice is named only before a bracket, a stop or the end
_LETTER = r"[(„\"]?(?P<letter>[A-Z]\b|[a-z](?=[).]|$))"
_NAMED = re.compile(
    rf"(?P<right>\b(?i:{_RIGHT})\s+(?:(?i:jest|to|będzie)\s+)?)?"
    r"\b(?i:odpowied(?:ź|z|zi|zią)\b|odp\b\.?|opcj[aęiąo]\b|wariant\b)"
    rf"(?P<right_too>\s+(?i:{_RIGHT}))?\s*(?i:to|jest|brzmi)?\s*[:–—-]?\s*{_LETTER}"
    rf"|\b(?P<right_alone>(?i:{_RIGHT}))\b\s*(?i:jest|to)?\s*[:–—-]?\s*{_LETTER.replace('letter', 'other')}"
)
_RULED_OUT = re.compile(
    rf"(?:\s*(?:i|oraz|ani|,)\s*[A-Z]\b)*\)?\s*(?:jest|są)?\s*(?:{_WRONG}|nie (?:jest|są))", re.IGNORECASE
)
_SAID_RIGHT = re.compile(rf"\)?\s+jest\s+{_RIGHT}", re.IGNORECASE)
_NOT = re.compile(rf"\b(?:nie|ani)\s+(?:jest\s+)?(?:to\s+)?(?:{_RIGHT}\s+)?$", re.IGNORECASE)
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
    """The letter that an answer in words means: as "odpowiedź B", by itself, or by the text of one choice alone.

    Of several letters the one that is said to be right, else the first that is not ruled out.
    """
    letters = {letter for letter, _ in choices}
    plain = answer.replace("*", "").replace("_", "")
    if named := [found for found in _named(plain) if found[0] in letters]:
        right = {letter for letter, is_right in named if is_right}
        return right.pop() if len(right) == 1 else named[0][0]
    alone = _ALONE.search(plain)
    if alone and alone[1].upper() in letters:
        return alone[1].upper()
    said = f" {normal_form(answer)} "
    meant = [letter for letter, text in choices if f" {normal_form(text)} " in said]
    return meant[0] if len(meant) == 1 else ""


def _named(text: str) -> Iterator[tuple[str, bool]]:
    """The letters that a text names without ruling them out, and whether it says that they are right."""
    for found in _NAMED.finditer(text):
        before, after = text[: found.start()], found.end()
        if _NOT.search(before) or _RULED_OUT.match(text, after):
            continue
        is_right = found["right"] or found["right_too"] or found["right_alone"] or _SAID_RIGHT.match(text, after)
        yield (found["letter"] or found["other"]).upper(), bool(is_right)


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
