"""Premises: a row that changes the law on purpose in, the reason why its answer does not put that right out."""

from paragraf.records import Record
from paragraf.statements.facts import values_of
from paragraf.statements.stance import stance_of

CONTRAST = "contrast"
"""The technique of rows that change the law on purpose."""


def contrast_fault(variant: Record, origin: Record) -> tuple[str, str] | None:
    """Why a row that changes the law on purpose must be dropped: its answer does not put right what it changes."""
    if variant.answer == origin.answer:
        return "contrast_uncorrected", "the answer is that of the origin"
    if variant.item_type != "false_premise":
        return None
    if stance_of(variant.answer).verdict != "no":
        return "contrast_uncorrected", "the answer does not open with a no"
    law = values_of(origin.question) | values_of(origin.answer)
    premise, answered = values_of(variant.question) - law, values_of(variant.answer)
    problems = (
        "the question takes nothing false for granted" if not premise else "",
        *(f"the answer lost {value}" for _, value in sorted(values_of(origin.answer) - answered)),
        *(f"the answer added {value}" for _, value in sorted(answered - law - premise)),
    )
    problem = next(filter(None, problems), None)
    return ("contrast_uncorrected", problem) if problem else None
