"""Days: the day whose law a record describes, as a date and as text."""

import re
from datetime import date

from paragraf.records import Record

_YEAR = re.compile(r"[12]\d{3}")


def day_of(record: Record) -> date | None:
    """The day whose law a record describes: of a year that stands alone the last one; None if it is not told."""
    try:
        return date.fromisoformat(record.legal_state)
    except ValueError:
        year = _YEAR.match(record.legal_state)
        return date(int(year[0]), 12, 31) if year else None


def iso_day_of(record: Record) -> str:
    """The same day as text; "" if it is not told."""
    day = day_of(record)
    return day.isoformat() if day else ""
