"""Citations: the provisions that an answer cites in, whether they are the expected ones and whether they exist out."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from paragraf.law import Citation, find
from paragraf.law.existence import standings
from paragraf.law.matching import articles, provisions
from paragraf.law.naming import UNKNOWN_ACT
from paragraf.law.standing import Standing

_BAD = (Standing.ABSENT, Standing.NOT_YET, Standing.REPEALED)
_UNKNOWN = f"{UNKNOWN_ACT}:"
_CLAUSE_END = re.compile(r"[.;!?]\s|\n|,\s(?:a|ale|lecz|bo|więc)\s")
# Who says that a provision is not there does not rely on it.
_DISOWNED = re.compile(
    r"\bnie (?:istniej|ma (?:już )?(?:takiego|takiej|takich|art|przepis|go\b)|zawiera|obowiązuj|zna\b|figuruj)"
    r"|\b(?:uchyl(?:on|ił|ono)|skreślon|utraci[łl]|nieistniejąc|przestał\w* obowiązywać|dawn\w+)",
    re.IGNORECASE,
)


class Basis(NamedTuple):
    """The provisions of a record, at the level of the article and whole."""

    articles: frozenset[str]
    provisions: frozenset[str]


class Standings(NamedTuple):
    """How many different provisions an answer cites, and how many of them have which standing."""

    cited: int = 0
    checked: int = 0
    fabricated: int = 0
    out_of_force: int = 0
    unverifiable: int = 0


def basis_of(texts: Iterable[str]) -> Basis:
    """The provisions that a list of citations in words names."""
    found = [citation for text in texts for citation in find(text)]
    return basis_in(found)


def basis_in(citations: Collection[Citation]) -> Basis:
    """The provisions among citations, ranges spelled out."""
    return Basis(frozenset(articles(citations)), frozenset(provisions(citations)))


def relied_on(text: str, citations: Iterable[Citation], on: date | None) -> dict[Citation, Standing]:
    """The different provisions that a text relies on, with their standing on a day; of a range both ends count as one.

    What the text itself says does not exist or hold is not among them.
    """
    told = {citation.key: citation for citation in citations if citation.article}
    if not told:
        return {}
    known = zip(told.values(), standings(told, on), strict=True)
    return {citation: found for citation, found in known if found not in _BAD or not _is_disowned(text, citation.span)}


def counted(found: Collection[Standing]) -> Standings:
    """How many provisions have which standing."""
    tally = Counter(found)
    return Standings(
        cited=len(found),
        checked=len(found) - tally[Standing.UNCOVERED],
        fabricated=tally[Standing.ABSENT] + tally[Standing.NOT_YET],
        out_of_force=tally[Standing.REPEALED],
        unverifiable=tally[Standing.UNCOVERED],
    )


def is_beside_the_point(expected: Basis, said: Basis) -> bool:
    """Whether an answer rests on other articles alone; those whose act it does not name are not held against it."""
    named = {key for key in said.articles if not key.startswith(_UNKNOWN)}
    return bool(expected.articles and named) and expected.articles.isdisjoint(named)


def _is_disowned(text: str, span: tuple[int, int]) -> bool:
    """Whether the clause of a citation says that there is no such provision."""
    start, end = span
    before = max((match.end() for match in _CLAUSE_END.finditer(text, 0, start)), default=0)
    after = _CLAUSE_END.search(text, end)
    return bool(_DISOWNED.search(text, before, after.start() if after else len(text)))
