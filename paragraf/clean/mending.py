"""Mending: a row in, the row with sound, tidy text out, and the counted reason of everything that was changed."""

import dataclasses
import re
import unicodedata
from collections.abc import Callable

from paragraf.clean.rejoining import rejoined
from paragraf.hypertext import without_html
from paragraf.records import Record
from paragraf.repair import repair
from paragraf.text import tidy, without_controls

_LINE_BREAK = re.compile("\r\n|[\r\n\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")

_MOST_ROUNDS = 9  # two do, but for texts made to need more

Step = Callable[[str], str]


def mended(record: Record) -> tuple[Record, tuple[str, ...]]:
    """The record with every text mended, and the reasons, each once, in the order of the steps."""
    reasons: set[str] = set()

    def lines(text: str) -> str:
        return _mend(text, _tidy_lines, reasons)

    def line(text: str) -> str:
        return _mend(text, tidy, reasons)

    mended = dataclasses.replace(
        record,
        question=lines(record.question),
        answer=lines(record.answer),
        basis_text=lines(record.basis_text),
        area=line(record.area),
        legal_state=line(record.legal_state),
        legal_basis=tuple(map(line, record.legal_basis)),
        facts=tuple(map(line, record.facts)),
        choices=tuple((letter, line(text)) for letter, text in record.choices),
    )
    return (mended, tuple(reason for reason in _REASONS if reason in reasons)) if reasons else (record, ())


def _mend(text: str, straighten: Step, reasons: set[str]) -> str:
    """The text after all steps, again and again until nothing changes; a step that changes something adds its reason.

    The order matters: what looks like a control character or a space can be half of a damaged letter, a page's
    entities stand for characters of all kinds, and words are joined when nothing invisible stands between the halves.
    """
    steps = (*_STEPS, ("whitespace", straighten), ("rejoined_words", rejoined))
    for _ in range(_MOST_ROUNDS):
        before = text
        for reason, step in steps:
            changed = step(text)
            if changed != text:
                reasons.add(reason)
                text = changed
        if text == before:
            break
    return text


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _tidy_lines(text: str) -> str:
    """Tidy line by line: line breaks carry the choices of an exam item and the paragraphs of an answer."""
    if text.isprintable():
        return tidy(text)
    lines = "\n".join(tidy(line) for line in _LINE_BREAK.split(text))
    return _BLANK_LINES.sub("\n\n", lines).strip()


_STEPS: tuple[tuple[str, Step], ...] = (
    ("composed_letters", _composed),
    ("encoding_repaired", repair),
    ("html_removed", without_html),
    ("control_characters", without_controls),
)
_REASONS = (*(reason for reason, _ in _STEPS), "whitespace", "rejoined_words")
