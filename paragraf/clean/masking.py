"""Masking: a row without personal data, and what was in it."""

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import Self

from paragraf.privacy import Pseudonyms, mask
from paragraf.records import Record


@dataclass(frozen=True, slots=True)
class MaskedRow:
    """A row with placeholders, and how many pieces of personal data of each kind they replace."""

    record: Record
    found: Counter[str]

    @classmethod
    def untouched(cls, record: Record) -> Self:
        """The row as it is, not searched."""
        return cls(record, Counter())

    @property
    def reasons(self) -> tuple[str, ...]:
        """The counted reason of each kind, "masked_pesel", in order of the alphabet."""
        return tuple(f"masked_{kind}" for kind in sorted(self.found))


def masked(record: Record) -> MaskedRow:
    """The row with one numbering through all its texts: who is [OSOBA 1] in the question is so in the answer."""
    pseudonyms = Pseudonyms()
    found: Counter[str] = Counter()
    for text in _texts(record):
        if "[" in text:
            pseudonyms.reserve(text)

    def without_data(text: str) -> str:
        if not text:
            return text
        masked = mask(text, pseudonyms)
        found.update(span.kind for span in masked.spans)
        return masked.text

    changed = dataclasses.replace(
        record,
        question=without_data(record.question),
        answer=without_data(record.answer),
        choices=tuple((letter, without_data(text)) for letter, text in record.choices),
        facts=tuple(map(without_data, record.facts)),
        basis_text=without_data(record.basis_text),
    )
    return MaskedRow(changed if found else record, found)


def as_it_was(original: Record, row: MaskedRow) -> Record:
    """The row before any change, without the personal data that were masked in it.

    What was found only after the text had been mended may stand in the original unseen: then only the mended row is
    told.
    """
    if not row.found:
        return original
    before = masked(original)
    return before.record if before.found == row.found else row.record


def _texts(record: Record) -> tuple[str, ...]:
    return record.question, record.answer, record.basis_text, *record.facts, *(text for _, text in record.choices)
