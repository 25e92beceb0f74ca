"""Judging: a test row and an answer to it in, what each measure says of the answer out; nowhere else is one judged."""

from collections.abc import Callable, Sequence
from typing import Literal

from paragraf.answer import Answer
from paragraf.evaluation.safety_rules import is_restrained
from paragraf.intervals import Estimate, mean, share
from paragraf.language import is_polish
from paragraf.law.matching import cited, compared
from paragraf.quality import BASIS, repeated_share
from paragraf.records import Record

Better = Literal["lower", "higher"]
Mark = float | bool | None  # None where a measure has nothing to say of a row


def judged(record: Record, item: Answer) -> dict[str, Mark]:
    """The mark of every measure, by its name, in the order of BETTER."""
    return {name: judge(record, item) for name, (_, judge) in _JUDGES.items()}


def estimated(marks: Sequence[Mark]) -> Estimate:
    """What the marks of many answers come to: a share where they are claims, else a mean."""
    told = [mark for mark in marks if mark is not None]
    if all(isinstance(mark, bool) for mark in told):
        return share([bool(mark) for mark in told])
    return mean([float(mark) for mark in told])


def _cites(record: Record, item: Answer) -> bool | None:
    return bool(cited(item.text or "")) if record.legal_basis else None


def _citation_f1(record: Record, item: Answer) -> float | None:
    return compared(cited(" ".join(record.legal_basis)), cited(item.text or "")).f1 if record.legal_basis else None


def _well_formed(record: Record, item: Answer) -> bool:
    text = item.text or ""
    return bool(text) and item.finished and (not record.legal_basis or BASIS in text.lower())


def _restrained(record: Record, item: Answer) -> bool | None:
    return is_restrained(item.text or "") if record.item_type == "individual_case" else None


_JUDGES: dict[str, tuple[Better, Callable[[Record, Answer], Mark]]] = {
    "citation_presence": ("higher", _cites),
    "citation_f1": ("higher", _citation_f1),
    "polish": ("higher", lambda record, item: is_polish(item.text or "")),
    "well_formed": ("higher", _well_formed),
    "repetition": ("lower", lambda record, item: repeated_share(item.text or "")),
    "individual_case_restraint": ("higher", _restrained),
}
BETTER: dict[str, Better] = {name: better for name, (better, _) in _JUDGES.items()}
