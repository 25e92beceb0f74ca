"""Slices: the parts of a test set that a record belongs to."""

from datetime import date

from paragraf.law import find
from paragraf.law.days import day_of
from paragraf.law.statutes import StatuteIndex
from paragraf.records import Record

TEMPORAL = "temporal"
PARAPHRASE = "paraphrase"
CLOSED = "closed"


def slices_of(record: Record, known_until: date | None = None) -> tuple[str, ...]:
    """The slices of a record; `known_until` is the last day whose law the model or its data can know."""
    is_new = known_until is not None and has_changed(record, known_until)
    return (
        f"area:{record.area}",
        f"kind:{record.item_type}",
        *([TEMPORAL] if is_new else []),
        *([CLOSED] if record.choices else []),
    )


def has_changed(record: Record, since: date) -> bool:
    """Whether the law that a record asks for is another one than on an earlier day.

    By the imported texts of its provisions, where they are at hand for both days; else by its date alone.
    """
    on = day_of(record)
    if on is None or on <= since:
        return False
    index = StatuteIndex.open()
    keys = [citation.key for text in record.legal_basis for citation in find(text)]
    texts = [(index.text(key, since), index.text(key, on)) for key in keys]
    if not texts or any(None in pair for pair in texts):
        return True
    return any(before != after for before, after in texts)
