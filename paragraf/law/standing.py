"""Standing: whether a provision exists, and how surely that can be said."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from paragraf.law.inventory import Inventory
from paragraf.law.places import Place
from paragraf.law.units import Article


class Standing(StrEnum):
    """What is known of a provision, from the best that can be said to the worst."""

    IN_FORCE = "in force"
    REPEALED = "repealed"  # it was there once, and is not now or not on the day that was asked about
    UNCOVERED = "uncovered"  # nothing is known of the act, or the key is of no provision of a known act
    UNSURE = "unsure"  # it may be or have been there, as what is known of the act has gaps
    NOT_YET = "not yet"  # it came later than the day that was asked about
    ABSENT = "absent"  # it is not there and surely never was

    @property
    def is_fabricated(self) -> bool:
        """Whether who cites it cites what surely was never there, or not by then."""
        return self in (Standing.NOT_YET, Standing.ABSENT)


_ORDER = list(Standing)
_BY_PLACE: dict[Place, Standing] = {"taken": Standing.IN_FORCE, "free": Standing.UNSURE, "beyond": Standing.ABSENT}
_PROVISION = re.compile(r"(?P<act>.+):art=(?P<article>[^;]+)(?P<rest>.*)")
_PARAGRAPH = re.compile(r";(?:par|ust)=([^;]+)")


def provisions_of(key: str) -> Iterator[tuple[str, str, str]]:
    """Act, article and paragraph ("" for none) of each provision that a citation key names; of a range both ends."""
    match = _PROVISION.fullmatch(key)
    if not match:
        return
    paragraph = _PARAGRAPH.match(match["rest"])
    for article in match["article"].split(".."):
        for number in paragraph[1].split("..") if paragraph else [""]:
            yield match["act"], article, number


def worst(standings: Iterable[Standing]) -> Standing:
    """The standing of a whole, of which each part must exist; UNCOVERED for nothing."""
    return max(standings, key=_ORDER.index, default=Standing.UNCOVERED)


def standing_in(inventory: Inventory, article: str, paragraph: str) -> Standing:
    """The standing of one provision in one state of an act."""
    known = inventory.articles.get(article)
    return standing_of(known, paragraph) if known else _BY_PLACE[inventory.numbers.place_of(article)]


def standing_of(article: Article, paragraph: str) -> Standing:
    """The standing of a paragraph, or for "" of the whole article, where the article is known."""
    if article.is_repealed:
        return Standing.REPEALED
    return _BY_PLACE[article.place_of(paragraph)] if paragraph else Standing.IN_FORCE
