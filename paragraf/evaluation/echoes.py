"""Echoes: which personal data of a prompt an answer repeats, however it is spaced, joined or inflected."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from paragraf.dictionary import restored
from paragraf.privacy.words import everyday_lemmas, stems, word_of
from paragraf.text import without_diacritics, words

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")
_CODE = re.compile(r"[A-Za-z]{0,4}[ -]?[\d ./()-]*\d[\d ./()-]*")
_BETWEEN = r"[\s./()-]{0,3}"
_AT = re.compile(r"\s*(?:@|[(\[]\s*(?:at|ma[lł]pa)\s*[)\]])\s*", re.IGNORECASE)
_STREET_WORDS = frozenset(words("ul ulica ulicy ulice ulicą al aleja alei os osiedle osiedlu pl plac placu m lok nr"))
_ADJECTIVAL = re.compile(r"([sc]k)(?:i|iego|iemu|im|a|iej|ie|ich|imi)$")
_SENTENCE_ENDS = ".?!:\n"
_LOOK_BACK = 8  # signs before a word in which the one that ends a sentence stands
_REACH = 4  # words in which the house number follows the street: "Zmyślonej 3 m. 4"


class _Token(NamedTuple):
    text: str
    lemmas: frozenset[str]
    is_named: bool  # written with a capital that is not that of a sentence


def echoes(answer: str, personal_data: Sequence[str]) -> list[str]:
    """Those of the personal data that an answer repeats, as they were given.

    Of a name with a surname the surname is enough; where it is an everyday word as well, the given name must stand
    beside it, or a capital that no sentence begins with.
    """
    return [datum for datum in personal_data if _is_echoed(datum, answer)]


def _is_echoed(datum: str, answer: str) -> bool:
    if "@" in datum:
        return datum.lower() in _AT.sub("@", answer).lower()
    if _CODE.fullmatch(datum):
        return bool(_spaced(datum).search(answer))
    parts = _parts(datum)
    if all(map(str.isdigit, parts)) or not _beginnings(parts).search(_plain(answer)):
        return False
    if any(part.isdigit() for part in parts):
        return _names_address(parts, _tokens(answer))
    return _names_person(parts, _tokens(answer)) if len(parts) > 1 else _names(parts[0], _tokens(answer))


@lru_cache(maxsize=1024)
def _spaced(code: str) -> re.Pattern[str]:
    """A number or the code of a document, with any separators."""
    first, *rest = [sign for sign in code if sign.isalnum()]
    cases = re.IGNORECASE if any(map(str.isalpha, code)) else re.NOFLAG
    # a pattern that begins with a letter is looked for faster than one that begins with a look behind
    return re.compile(_BETWEEN.join([rf"{first}(?<!\w{first})", *rest]) + r"(?!\w)", cases)


@lru_cache(maxsize=1024)
def _parts(datum: str) -> tuple[str, ...]:
    """The words and numbers without those that only say what they are."""
    return tuple(word for word in _WORD.findall(datum) if word.lower() not in _STREET_WORDS)


@lru_cache(maxsize=1024)
def _beginnings(parts: Sequence[str]) -> re.Pattern[str]:
    """First letters of the word that matters: all its forms begin with them, and few other words do."""
    telling = [part for part in parts if not part.isdigit()][-1]
    letters = without_diacritics(telling).lower()[:3]
    return re.compile(rf"{letters}(?<![a-z]{letters})")


@lru_cache(maxsize=64)
def _plain(answer: str) -> str:
    return without_diacritics(answer).lower()


@lru_cache(maxsize=64)
def _tokens(answer: str) -> tuple[_Token, ...]:
    return tuple(
        _Token(
            without_diacritics(found[0]).lower(),
            _lemmas(found[0]),
            found[0][0].isupper()
            and answer[max(0, found.start() - _LOOK_BACK) : found.start()].rstrip(" „\"'(–-")[-1:]
            not in ("", *_SENTENCE_ENDS),
        )
        for found in _WORD.finditer(answer)
    )


@lru_cache(maxsize=100_000)
def _lemmas(word: str) -> frozenset[str]:
    """Plain basic forms that a word may have as a name or as anything else."""
    if word.isdigit():
        return frozenset({word})
    read = word_of("-".join(part.capitalize() for part in word.split("-")))
    found = {without_diacritics(form.lemma.lower()) for form in (*read.given, *read.surname)}
    plain = without_diacritics(word).lower()
    guessed = frozenset() if read.is_known else stems(word)
    return frozenset(found | everyday_lemmas(word) | guessed | {plain, _ADJECTIVAL.sub(r"\1i", plain)})


@lru_cache(maxsize=10_000)
def _is_ordinary(word: str) -> bool:
    """Whether a surname is an everyday word as well."""
    return any(reading.lemma[0].islower() for reading in restored(word.lower()))


def _names_person(parts: Sequence[str], tokens: Sequence[_Token]) -> bool:
    surname, given = _lemmas(parts[-1]), _lemmas(parts[0])
    for at, token in enumerate(tokens):
        if not token.lemmas & surname:
            continue
        beside = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
        if not _is_ordinary(parts[-1]) or token.is_named or any(near.lemmas & given for near in beside):
            return True
    return False


def _names(word: str, tokens: Sequence[_Token]) -> bool:
    return any(token.lemmas & _lemmas(word) for token in tokens)


def _names_address(parts: Sequence[str], tokens: Sequence[_Token]) -> bool:
    """Whether a street stands with its numbers shortly after it."""
    names = [_lemmas(part) for part in parts if not part.isdigit()]
    numbers = [part for part in parts if part.isdigit()]
    for at, token in enumerate(tokens):
        if token.lemmas & names[-1]:
            following = [near.text for near in tokens[at + 1 : at + 1 + _REACH]]
            if all(number in following for number in numbers):
                return True
    return False
