"""Showing: answers in, their words with every citation marked by its standing, and the provisions themselves, out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from paragraf.law import find
from paragraf.law.citations import Citation
from paragraf.law.citations import format as in_words
from paragraf.law.existence import standing
from paragraf.law.standing import Standing
from paragraf.law.statutes import StatuteIndex

_LONGEST = 2500  # characters of a provision; what is longer is cut

Sense = str
"""How a stretch of text is shown: "" as it is, "fabricated", "repealed", "there"."""
_SENSES: dict[Standing, Sense] = {
    Standing.ABSENT: "fabricated",
    Standing.NOT_YET: "fabricated",
    Standing.REPEALED: "repealed",
    Standing.IN_FORCE: "there",
}


class Stretch(NamedTuple):
    """Part of a text; `link` is the name of the provision's place on the page, "" where its text is not at hand."""

    text: str
    sense: Sense = ""
    link: str = ""


class Provision(NamedTuple):
    """A provision that a page tells the words of."""

    link: str
    name: str
    text: str
    is_cut: bool


@dataclass(slots=True)
class Shown:
    """Texts as stretches, and every provision that they cite and whose words are known, each once."""

    _provisions: dict[str, Provision]
    _index: StatuteIndex

    @classmethod
    def open(cls) -> "Shown":
        """With the statutes that were imported into this workspace; without them nothing is linked."""
        return cls({}, StatuteIndex.open())

    def stretches(self, text: str, on: date | None = None) -> list[Stretch]:
        """A text in pieces that together are the text; `on` is the day whose law it speaks of."""
        found, at = [], 0
        for citation in _apart(find(text)):
            start, end = citation.span
            found += [Stretch(text[at:start]), self._stretch(citation, text[start:end], on)]
            at = end
        return [stretch for stretch in [*found, Stretch(text[at:])] if stretch.text]

    def provisions(self) -> list[Provision]:
        """Those that were cited so far, by act and article."""
        return [self._provisions[link] for link in sorted(self._provisions)]

    def _stretch(self, citation: Citation, text: str, on: date | None) -> Stretch:
        sense = _SENSES.get(standing(citation.key, on), "") if citation.article else ""
        words = self._index.text(citation.key, on) if sense == "there" else None
        if words is None:
            return Stretch(text, sense)
        link = f"przepis-{re.sub(r'[^a-z0-9]+', '-', citation.level1.lower()).strip('-')}"
        name = in_words(Citation(citation.level1, (0, 0), citation.act, citation.article))
        self._provisions.setdefault(link, Provision(link, name, words[:_LONGEST], len(words) > _LONGEST))
        return Stretch(text, sense, link)


def _apart(citations: Iterable[Citation]) -> list[Citation]:
    """In the order of the text, without those that overlap an earlier one."""
    kept: list[Citation] = []
    for citation in sorted(citations, key=lambda one: one.span):
        if not kept or citation.span[0] >= kept[-1].span[1]:
            kept.append(citation)
    return kept
