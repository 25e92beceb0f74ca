"""Concepts: a Polish word form in, the keys of what it speaks of out, one for all forms and derivations of a word."""

import re
from collections.abc import Iterable
from functools import lru_cache

from paragraf.dictionary import readings
from paragraf.evaluation.kin import ALTERNATIVES, FRAME_WORDS, KIN, SILENT
from paragraf.statements.opposites import opposites

_SPEAKING = (
    *("subst", "depr", "adj", "adja", "adjp", "adv", "fin", "praet", "inf", "ger", "ppas", "pact"),
    *("pcon", "pant", "imps", "impt", "winien"),
)
_SUFFIXES = (
    *("owywanie", "owanie", "ywanie", "iwanie", "awanie", "anie", "enie", "ęcie", "ięcie", "ucie", "ycie", "icie"),
    *("owywać", "ować", "ywać", "iwać", "awać", "nąć", "ać", "ieć", "eć", "ić", "yć", "uć"),
    *("alność", "liwość", "owność", "ność", "owość", "ość", "iciel", "yciel", "owiec", "ownictwo", "nictwo", "ctwo"),
    *("stwo", "acyjny", "yjny", "acja", "encja", "cja", "sja", "zja", "owniczy", "niczy", "owny", "alny", "liwy"),
    *("iczny", "yczny", "eczny", "czny", "owy", "ony", "any", "ny", "ski", "cki", "czy", "nik", "arz", "izm"),
    *("owo", "nie", "liwie", "alnie", "ycznie", "icznie", "ecznie", "cznie", "ie", "a", "o", "e", "y", "i", "ek"),
)
_LONGEST_FIRST = tuple(sorted(_SUFFIXES, key=len, reverse=True))
_SHORTEST_ROOT = 3
_LONGEST_ROOT = 8
_ALIKE = str.maketrans("óńśźć", "onszc")
_SOFTENED = re.compile(r"(?<=d)z$|i$")


@lru_cache(maxsize=200_000)
def concepts_of(word: str) -> tuple[str, ...]:
    """Keys of all that a word may speak of; none for a word that only holds a sentence together."""
    lowered = word.lower()
    told = readings(lowered) or readings(word)
    if any(reading.lemma.lower() in SILENT for reading in told):
        return ()
    lemmas = [reading.lemma.lower() for reading in told if reading.tag.partition(":")[0] in _SPEAKING]
    if not told and len(word) > 1:
        lemmas = [lowered]
    return tuple(dict.fromkeys(key for lemma in lemmas for key in _keys(lemma)))


def is_frame(concept: str) -> bool:
    """Whether a concept is one that sentences about any rule are built with: "wynosi", "termin", "wyjątek"."""
    return concept in _frames()


def opposites_of(concepts: Iterable[str]) -> tuple[str, ...]:
    """Keys of what would turn a sentence round in the place of these concepts."""
    return tuple(dict.fromkeys(other for concept in concepts for other in _opposites().get(concept, ())))


@lru_cache(maxsize=1)
def _opposites() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    pairs = [(lemma, other) for lemma, others in opposites().items() for other in others]
    pairs += [pair for one, other in ALTERNATIVES for pair in ((one, other), (other, one))]
    for lemma, other in pairs:
        if set(_keys(lemma)).isdisjoint(_keys(other)):
            for key in _keys(lemma):
                found[key] = (*found.get(key, ()), *_keys(other))
    return found


@lru_cache(maxsize=100_000)
def _keys(lemma: str) -> tuple[str, ...]:
    return _kin().get(lemma) or (root(lemma),)


@lru_cache(maxsize=100_000)
def root(lemma: str) -> str:
    """What the derivations of a word share, as far as cutting their endings shows it."""
    rest = lemma
    for suffix in _LONGEST_FIRST:
        if lemma.endswith(suffix) and len(lemma) - len(suffix) >= _SHORTEST_ROOT:
            rest = lemma[: -len(suffix)]
            break
    return _SOFTENED.sub("", rest.translate(_ALIKE))[:_LONGEST_ROOT]


@lru_cache(maxsize=1)
def _kin() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for family in KIN:
        for lemma in family:
            found[lemma] = (*found.get(lemma, ()), f"={family[0]}")
    return found


@lru_cache(maxsize=1)
def _frames() -> frozenset[str]:
    return frozenset(key for word in FRAME_WORDS for key in _keys(word))


def is_kin(word: str) -> bool:
    """Whether a basic form has a family of its own among the words that say the same."""
    return word in _kin()
