"""Citations: the provisions that an answer cites in, whether they are the expected ones and whether they exist out."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from paragraf.law import Citation, find
from paragraf.law.existence import standings
from paragraf.law.matching import articles, provisions
from paragraf.law.naming import UNKNOWN_ACT
from paragraf.law.standing import Standing

_BAD = frozenset({Standing.ABSENT, Standing.NOT_YET, Standing.REPEALED})
_UNKNOWN = f"{UNKNOWN_ACT}:"
_CLAUSE_END = re.compile(  # a stop that is no abbreviation's, as in "art. 5" or "k.c. nie", and a conjunction
    r"(?:(?<!\bart)(?<!\bust)(?<!\.\w)[.;!?]|(?<=\.\w)\.(?=\s+[A-ZĄĆĘŁŃÓŚŹŻ]))\s|\n|,\s(?:a|ale|lecz|bo|więc)\s"
)
# Who says that a provision is not there does not rely on it. The provision must be what is said to be gone: "uchylony
# wyrok" and "umowa nie obowiązuje" beside an invented article do not excuse it.
_NOW = r"(?:\s+(?:już|dziś|dzisiaj|obecnie|wcale|w ogóle|po prostu|nigdy|od dawna))*"
_MORE = r"(?:[\s,]*(?:i|oraz|ani|lub|art\.?|§|ust\.?|pkt|\d+\w*|k\.(?:\w\.){1,2}))*"  # of a list of provisions
_GONE = (
    r"(?:nie (?:istniej|istniał|obowiązuj|figuruj)\w*|nie ma(?=\s*(?:[.,;:!?)]|$|we?\b|już|takiego))"
    rf"|(?:zosta[łl]\w*|jest|są|był\w*){_NOW} (?:uchylon|skreślon|wykreślon|zmyślon|fikcyjn|nieistniejąc)\w*"
    r"|uchylono|skreślono|(?:u|s)traci[łl]\w* moc|przesta[łl]\w* (?:istnieć|obowiązywać))"
)
_PREDICATE = re.compile(rf"{_MORE}{_NOW}\s+{_GONE}", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rf"\s*,?\s*któr\w+{_NOW}\s+{_GONE}"
    r"|\s*[(,–—-]\s*(?:(?:dziś|obecnie|już) )?(?:uchylon|skreślon|nieistniejąc|nieobowiązując)"
    r"\w*(?=\s*(?:[).,;]|$|z\b|w\b|ustaw|dnia|przez|od\b))",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:uchylon|skreślon|nieistniejąc|nieobowiązując|dawn)\w*(?:\s+przepis\w*)?"
    r"|\b(?:nie (?:istniej\w*|istniał\w*|ma|było|obowiązuj\w*|figuruj\w*|zawiera\w*|zna)"
    r"|uchyli[łl]\w*|uchylono|skreślono)"
    r"(?:\s+(?:już|dziś|obecnie|we?|jak|jako|o|numer\w*|oznaczon\w*|tak\w+|przepis\w*|artykuł\w*|kodeks\w*|ustaw\w*"
    r"|polsk\w+|prawie|cywiln\w+|karn\w+|pracy|postępowania|administracyjn\w+|rodzinn\w+|spółek|handlowych))*)"
    rf"{_MORE}[\s(„\"]*$",
    re.IGNORECASE,
)
_NO_SUCH = re.compile(
    rf"\bnie (?:ma|istnieje|istniał\w*){_NOW} (?:(?:takiego|takiej|tego) )?(?:przepis|artykuł|podstaw|jednostk)"
    rf"|\b(?:tak\w+|ten|tego) (?:przepis|artykuł)\w*{_NOW} nie (?:ma|istnieje|istniał|obowiązuje)\b",
    re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"\b(?:z|ze|w|we|do|o|na podstawie|na mocy|według|wedle|mocą)\s+(?:treści\s+|przepisu\s+)?$", re.IGNORECASE
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


def relied_on(text: str, citations: Iterable[Citation], on: date | None) -> tuple[list[Citation], list[Standing]]:
    """The different provisions that a text relies on, with their standing on a day; of a range both ends count as one.

    What the text itself says does not exist or hold is not among them.
    """
    told = {citation.key: citation for citation in citations if citation.article}
    if not told:
        return [], []
    relied, known = list(told.values()), standings(told, on)
    if _BAD.isdisjoint(known):
        return relied, known
    pairs = zip(relied, known, strict=True)
    kept = [pair for pair in pairs if pair[1] not in _BAD or not _is_disowned(text, pair[0].span)]
    return [citation for citation, _ in kept], [found for _, found in kept]


def counted(found: list[Standing]) -> Standings:
    """How many provisions have which standing."""
    unverifiable = found.count(Standing.UNCOVERED)
    return Standings(
        cited=len(found),
        checked=len(found) - unverifiable,
        fabricated=found.count(Standing.ABSENT) + found.count(Standing.NOT_YET),
        out_of_force=found.count(Standing.REPEALED),
        unverifiable=unverifiable,
    )


def is_beside_the_point(expected: Basis, said: Basis) -> bool:
    """Whether an answer rests on other articles alone; those whose act it does not name are not held against it."""
    named = {key for key in said.articles if not key.startswith(_UNKNOWN)}
    return bool(expected.articles and named) and expected.articles.isdisjoint(named)


def _is_disowned(text: str, span: tuple[int, int]) -> bool:
    """Whether the clause of a citation says that there is no such provision."""
    start, end = span
    opened = max((match.end() for match in _CLAUSE_END.finditer(text, 0, start)), default=0)
    closed = _CLAUSE_END.search(text, end - 1)
    before, after = text[opened:start], text[end : max(end, closed.start()) if closed else len(text)]
    return bool(
        _DENIED.search(before)
        or _ATTRIBUTE.match(after)
        or (_PREDICATE.match(after) and not _GOVERNED.search(before))
        or _NO_SUCH.search(before + after)
    )
