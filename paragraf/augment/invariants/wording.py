"""Wording: by what rows that say the same in the same words are known."""

import unicodedata

from paragraf.augment.invariants.typing_noise import is_noise
from paragraf.records import Record
from paragraf.text import normal_form, stable_hash, tidy


def says_the_same(variant: Record, origin: Record) -> bool:
    """Whether a variant is its origin again; noise differs in typing, everything else must differ in words."""
    form = tidy if is_noise(variant.technique) else normal_form
    return form(variant.question) == form(origin.question) and form(variant.answer) == form(origin.answer)


def marks_of(record: Record) -> tuple[int, ...]:
    """64-bit marks that no two rows may share: of noise how it is typed, of other rows also its words."""
    typed = stable_hash(f"typed:{_typed(record.question)}\n{_typed(record.answer)}")
    if record.technique and is_noise(record.technique):
        return (typed,)
    return typed, stable_hash(f"said:{normal_form(record.question)}\n{normal_form(record.answer)}")


def question_mark(question: str) -> int:
    """64-bit mark of a question however it is typed."""
    return stable_hash(f"asked:{normal_form(question)}")


def _typed(text: str) -> str:
    return tidy(unicodedata.normalize("NFC", text))
