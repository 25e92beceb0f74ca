"""Surface: a text as the rules read it, with plain spaces and hyphens, and one sign for each thing already hidden."""

import re
import unicodedata
from dataclasses import dataclass

from paragraf.privacy.spans import LABELS, PLACEHOLDER, Span

HIDDEN = "\ue000"
HIDDEN_PERSON = "\ue001"
_PLAIN = {
    **dict.fromkeys(
        map(ord, "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"), " "
    ),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **dict.fromkeys(map(ord, "‘’ʼ´"), "'"),
    **dict.fromkeys(map(ord, "\ue000\ue001"), " "),
}
_LOOSE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
# Few marks a letter, since composing many takes quadratic time.
_CLUSTER = re.compile(".[\u0300-\u036f]{0,4}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Surface:
    """The text of the rules; `places` holds where each of its signs stood, None where nothing has moved."""

    text: str
    places: list[tuple[int, int]] | None

    def as_given(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as it was given."""
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def surface(text: str, hidden: list[Span]) -> Surface:
    """What the rules read: placeholders of an earlier run and the spans found so far are one sign each."""
    masks = [(span.start, span.end, span.kind == "person") for span in hidden]
    if "[" in text:
        taken = sorted(masks)
        masks += [
            (found.start(), found.end(), found[1] == LABELS["person"])
            for found in PLACEHOLDER.finditer(text)
            if not any(start < found.end() and found.start() < end for start, end, _ in taken)
        ]
    if not masks and (text.isascii() or not _LOOSE.search(text)):
        return Surface(text.translate(_PLAIN), None)
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for start, end, is_person in [*sorted(masks), (len(text), len(text), False)]:
        _compose(text, at, start, letters, places)
        if start < end:
            letters.append(HIDDEN_PERSON if is_person else HIDDEN)
            places.append((start, end))
        at = end
    return Surface("".join(letters), places)


def _compose(text: str, start: int, end: int, letters: list[str], places: list[tuple[int, int]]) -> None:
    """Add a stretch of the text in composed letters without invisible ones."""
    for cluster in _CLUSTER.finditer(text, start, end):
        if cluster.group() in _INVISIBLE:
            continue
        composed = unicodedata.normalize("NFC", cluster.group()).translate(_PLAIN)
        letters.append(composed)
        places += [cluster.span()] * len(composed)
