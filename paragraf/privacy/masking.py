"""Masking: personal data out of the texts of a row, with the same placeholder for the same person or number."""

from dataclasses import dataclass

from paragraf.privacy.finding import find_personal, find_with
from paragraf.privacy.naming import can_be_same, merged
from paragraf.privacy.spans import LABELS, PLACEHOLDER, Kind, Name, Span, placeholder
from paragraf.text import normal_form


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and what they replaced: spans of the text as it was given, in order."""

    text: str
    spans: tuple[Span, ...]


class Pseudonyms:
    """The numbering of one row: who or what has which number; hand the same one to all texts of the row."""

    def __init__(self) -> None:
        self._people: dict[int, Name] = {}
        self._values: dict[tuple[Kind, str], int] = {}
        self._last: dict[Kind, int] = {}

    @property
    def names(self) -> list[Name]:
        """The persons named so far."""
        return list(self._people.values())

    def reserve(self, text: str) -> None:
        """Keep the numbers of placeholders that a text already has for what they stand for there."""
        kinds = {label: kind for kind, label in LABELS.items()}
        for found in PLACEHOLDER.finditer(text):
            kind = kinds[found[1]]
            self._last[kind] = max(self._last.get(kind, 0), int(found[2]))

    def of(self, span: Span) -> str:
        """The placeholder of what a span holds, a new one for what was not seen before."""
        if span.name is not None:
            return placeholder(span.kind, self._person(span.name))
        value = _same_for_all_spellings(span)
        number = self._values.get((span.kind, value)) or self._next(span.kind)
        self._values[span.kind, value] = number
        return placeholder(span.kind, number)

    def _person(self, name: Name) -> int:
        """Number of the one known person who can be meant; where two can, somebody new is."""
        same = [number for number, known in self._people.items() if can_be_same(name, known)]
        alike = [number for number in same if bool(self._people[number].given) == bool(name.given)]
        chosen = same if len(same) == 1 else alike
        number = chosen[0] if len(chosen) == 1 else self._next("person")
        self._people[number] = merged(self._people[number], name) if number in self._people else name
        return number

    def _next(self, kind: Kind) -> int:
        self._last[kind] = self._last.get(kind, 0) + 1
        return self._last[kind]


def _same_for_all_spellings(span: Span) -> str:
    """What stays of a value however it is spaced and typed; of a Polish telephone number the nine digits."""
    if span.kind == "email":
        return span.value.lower()
    value = normal_form(span.value).replace(" ", "")
    if span.kind == "phone":
        return value[-9:]
    return value.removeprefix("pl") if span.kind in ("iban", "nip") else value


def mask(text: str, pseudonyms: Pseudonyms | None = None) -> Masked:
    """The text with a placeholder for each piece of personal data; masking it again changes nothing."""
    numbering = pseudonyms or Pseudonyms()
    spans = find_with(text, numbering.names)
    if not spans:
        return Masked(text, ())
    numbering.reserve(text)
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += [text[at : span.start], numbering.of(span)]
        at = span.end
    return Masked("".join([*parts, text[at:]]), tuple(spans))


def is_clean(text: str) -> bool:
    """Whether a text holds no personal data that the rules know, as it must before it leaves the machine."""
    return not find_personal(text)
