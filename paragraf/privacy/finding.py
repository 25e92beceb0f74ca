"""Finding: a text in, the places of its personal data out; law, dates and amounts are left alone."""

from collections.abc import Iterable, Iterator

from paragraf.law import find
from paragraf.privacy.addresses import addresses
from paragraf.privacy.contacts import contacts
from paragraf.privacy.numbers import numbers
from paragraf.privacy.people import people
from paragraf.privacy.spans import Kind, Name, Span
from paragraf.privacy.surface import surface

# What these rules find is no part of a citation, whatever the scanner reads into the name of an act.
_CERTAIN: frozenset[Kind] = frozenset({"email", "iban", "land_register", "pesel", "nip", "krs"})
Candidate = tuple[int, int, Kind, Name | None, bool]


def find_personal(text: str) -> list[Span]:
    """All personal data of a text, in order; spans never overlap."""
    return find_with(text, ())


def find_with(text: str, known: Iterable[Name]) -> list[Span]:
    """All personal data of a text in which also persons named elsewhere may be meant.

    What is found is hidden and the rest read again until nothing is left, so a masked text reads as clean.
    """
    people_known = list(known)
    spans: list[Span] = []
    while found := _once(text, spans, people_known):
        spans += found
        people_known += [span.name for span in found if span.name is not None]
    return sorted(spans, key=lambda span: span.start)


def _once(text: str, hidden: list[Span], known: list[Name]) -> list[Span]:
    shown = surface(text, hidden)
    found: list[Span] = []
    taken: list[tuple[int, int]] = []
    law: list[tuple[int, int]] | None = None
    for start, end, kind, name, is_certain in _candidates(shown.text, known):
        if _overlaps(start, end, taken):
            continue
        if law is None:
            law = [citation.span for citation in find(shown.text)]
        if not is_certain and _overlaps(start, end, law):
            continue
        taken.append((start, end))
        first, last = shown.as_given(start, end)
        found.append(Span(first, last, kind, text[first:last], name))
    return found


def _candidates(text: str, known: list[Name]) -> Iterator[Candidate]:
    for rule in (numbers, contacts, addresses):
        for start, end, kind in rule(text):
            yield start, end, kind, None, kind in _CERTAIN
    for mention in people(text, known):
        yield mention.start, mention.end, "person", mention.name, mention.is_certain


def _overlaps(start: int, end: int, places: list[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in places)
