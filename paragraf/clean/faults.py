"""Faults: why a row cannot stay, judged by the row alone."""

import re

from paragraf.clean.boilerplate import boilerplate
from paragraf.clean.echoes import is_echo
from paragraf.clean.endings import is_cut_off
from paragraf.clean.settings import CleanSettings
from paragraf.language import is_known, is_polish
from paragraf.records import Record
from paragraf.text import words

Fault = tuple[str, str]  # the counted reason, and what was found

_LOST_LETTER = re.compile(r"[^\W_]\ufffd|\ufffd[^\W_]")
_QUESTIONED_WORD = re.compile(r"(?<![\w?/.=&-])([^\W\d_]*)\?([^\W\d_]+)(?![\w?/=&])")
_POLISH_LETTERS = "ąćęłńóśźż"
_SHORTEST_QUESTIONED = 3  # letters that are left


def fault(record: Record, settings: CleanSettings) -> Fault | None:
    """The first reason why a row cannot stay, the cheapest to find out first; None when there is none."""
    return (
        _nothing_said(record)
        or _wrong_length(record, settings)
        or _damaged(record)
        or _incomplete(record)
        or _not_polish(record, settings)
    )


def _nothing_said(record: Record) -> Fault | None:
    if not words(record.question):
        return "empty_question", ""
    if not words(record.answer):
        return "empty_answer", ""
    if found := boilerplate(record.answer, may_refuse=record.item_type in ("unlawful_aim", "out_of_scope")):
        return "boilerplate", repr(found)
    if not record.choices and is_echo(record.question, record.answer):
        return "echoes_question", ""
    return None


def _wrong_length(record: Record, settings: CleanSettings) -> Fault | None:
    question, answer = len(record.question), len(record.answer)
    if question < settings.min_question_chars:
        return "too_short", f"question of {question} characters, {settings.min_question_chars} needed"
    if answer < settings.min_chars and not record.choices:
        return "too_short", f"answer of {answer} characters, {settings.min_chars} needed"
    if answer > settings.max_chars:
        return "too_long", f"answer of {answer} characters, {settings.max_chars} allowed"
    return None


def _damaged(record: Record) -> Fault | None:
    """Letters that were lost and that nobody can bring back: "wypowied\ufffd", "wi?zienie"."""
    for text in (record.question, record.answer, *(choice for _, choice in record.choices)):
        if lost := _LOST_LETTER.search(text):
            return "damaged_text", repr(text[max(0, lost.start() - 20) : lost.end() + 20])
        if "?" in text[:-1]:
            for word in _QUESTIONED_WORD.finditer(text):
                if _lost_a_letter(*word.groups()):
                    return "damaged_text", repr(word[0])
    return None


def _lost_a_letter(before: str, after: str) -> bool:
    """Whether a question mark stands for a letter: "mo?e" is a word with ż, "spadek?czy" two words without a space."""
    if not after[0].islower() or len(before + after) < _SHORTEST_QUESTIONED:
        return False
    return any(is_known(before + letter + after) for letter in _POLISH_LETTERS)


def _incomplete(record: Record) -> Fault | None:
    if record.choices or record.item_type == "exam" or not is_cut_off(record.question, record.answer):
        return None
    return "incomplete", f"the answer ends with {record.answer[-30:]!r}"


def _not_polish(record: Record, settings: CleanSettings) -> Fault | None:
    if settings.require_polish and not is_polish(f"{record.question}\n{record.answer}"):
        return "not_polish", ""
    return None
