"""Existence: which cited provisions surely do not exist, by the imported statutes and the shipped inventory."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from paragraf.law.acts import acts
from paragraf.law.citations import Citation
from paragraf.law.inventory import shipped
from paragraf.law.places import steps
from paragraf.law.scanner import find
from paragraf.law.standing import Standing, provisions_of, standing_in, worst
from paragraf.law.statutes import StatuteIndex, is_there


def fabricated(text: str, on: date | None = None) -> list[Citation]:
    """Citations of provisions that surely do not exist; with a day, also of those that came only after it.

    A provision that was repealed is not fabricated, and what neither the imported statutes nor the inventory cover is
    not judged.
    """
    index = StatuteIndex.open()
    return [citation for citation in find(text) if _standing(index, citation.key, on).is_fabricated]


def tally(text: str, on: date | None = None) -> Counter[Standing]:
    """How many citations of a text have each standing."""
    return Counter(standings((citation.key for citation in find(text)), on))


def exists(key: str, on: date | None = None) -> bool | None:
    """Whether the provision of a citation key holds on a day, or for None ever held; None if nobody can say."""
    return is_there(standing(key, on), on)


def standing(key: str, on: date | None = None) -> Standing:
    """What is known of the provision of a citation key, from the imported statutes or else from the inventory."""
    return _standing(StatuteIndex.open(), key, on)


def standings(keys: Iterable[str], on: date | None = None) -> list[Standing]:
    """What is known of each of many provisions."""
    index = StatuteIndex.open()
    return [_standing(index, key, on) for key in keys]


@lru_cache(maxsize=65536)
def _standing(index: StatuteIndex, key: str, on: date | None) -> Standing:
    return worst(
        _of_provision(index, f"{act}:art={article}", paragraph, on) for act, article, paragraph in provisions_of(key)
    )


def _of_provision(index: StatuteIndex, article_key: str, paragraph: str, on: date | None) -> Standing:
    """The inventory speaks where the index has nothing to say, and must agree before anything is called absent."""
    key = f"{article_key};par={paragraph}" if paragraph else article_key
    found = index.standing(key, on)
    if found not in (Standing.UNCOVERED, Standing.UNSURE, Standing.ABSENT):
        return found
    listed = _listed(key, on)
    return found if listed is Standing.UNCOVERED else listed


@lru_cache(maxsize=65536)
def _listed(key: str, on: date | None) -> Standing:
    """What the shipped inventory knows, which shows one year alone."""
    act, article, paragraph = next(provisions_of(key))
    inventory = shipped().acts.get(act)
    if not inventory:
        return Standing.UNCOVERED
    found = standing_in(inventory, article, paragraph)
    if on is None or found not in (Standing.IN_FORCE, Standing.REPEALED) or on.year > shipped().year:
        return found
    # Plain numbers are those of the first day of the act; the others came later, nobody knows here when.
    is_original = len(steps(article)) == 1 and not paragraph and found is Standing.IN_FORCE
    began = acts()[act].year if act in acts() else None
    return found if is_original and began and on.year > began else Standing.UNSURE
