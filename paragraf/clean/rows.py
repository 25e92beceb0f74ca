"""Rows: one row in, what becomes of it out; everything that a row alone decides, so rows can be cleaned anywhere."""

import dataclasses

from paragraf.clean.echoes import without_echo
from paragraf.clean.faults import Fault, fault
from paragraf.clean.masking import MaskedRow, as_it_was, masked
from paragraf.clean.mending import mended
from paragraf.clean.settings import CleanSettings
from paragraf.law.existence import fabricated
from paragraf.records import Changed, Dropped, Record


def clean_row(record: Record, settings: CleanSettings) -> Record | Changed | Dropped:
    """The row itself, the row with mended text and the counted reasons, or the row set aside with its reason.

    Unless the settings keep personal data, neither what stays nor what is set aside holds any that was found.
    """
    mended_record, reasons = mended(record)
    while not record.choices and (rest := _without_echo(mended_record)) != mended_record.answer:
        mended_record, more = mended(dataclasses.replace(mended_record, answer=rest))  # alone it may read as damaged
        reasons = tuple(dict.fromkeys((*reasons, "echo_removed", *more)))
    row = _without_personal_data(mended_record, settings)
    if found := _fault(row, settings):
        return Dropped(row.record, *found)
    reasons += row.reasons
    return Changed(row.record, as_it_was(record, row), reasons) if reasons else record


def _without_echo(record: Record) -> str:
    return without_echo(record.question, record.answer)


def _without_personal_data(record: Record, settings: CleanSettings) -> MaskedRow:
    return MaskedRow.untouched(record) if settings.personal_data == "keep" else masked(record)


def _fault(row: MaskedRow, settings: CleanSettings) -> Fault | None:
    if found := fault(row.record, settings):
        return found
    if row.found and settings.personal_data == "drop":
        return "personal_data", ", ".join(f"{count} {kind}" for kind, count in sorted(row.found.items()))
    if settings.fabricated_citations == "quarantine" and (cited := fabricated(row.record.answer)):
        return "fabricated_citation", ", ".join(citation.key for citation in cited)
    return None
