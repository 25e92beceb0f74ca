"""Numerals: numbers in digits or in Polish words, with or without diacritics, read as values."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from paragraf.dictionary import generator
from paragraf.text import without_diacritics

_TENS = "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt"
_HUNDREDS = "sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset"
_UNITS = (
    "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście "
    "piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"
)
_ORDINALS = (
    "pierwszy drugi trzeci czwarty piąty szósty siódmy ósmy dziewiąty dziesiąty jedenasty dwunasty trzynasty "
    "czternasty piętnasty szesnasty siedemnasty osiemnasty dziewiętnasty dwudziesty"
)
_THOUSANDS = {"tysiąc": 10**3, "milion": 10**6, "miliard": 10**9}
_SHORT = {"tys": 10**3, "mln": 10**6, "mld": 10**9}
# What a compound adjective or noun begins with: "dwutygodniowy", "piętnastolatek".
_FIRST_PARTS = (
    "jedno dwu trzy cztero pięcio sześcio siedmio ośmio dziewięcio dziesięcio jedenasto dwunasto trzynasto czternasto "
    "piętnasto szesnasto siedemnasto osiemnasto dziewiętnasto"
)
_FIRST_TENS = (
    "dwudziesto trzydziesto czterdziesto pięćdziesięcio sześćdziesięcio siedemdziesięcio osiemdziesięcio "
    "dziewięćdziesięcio"
)
_OTHER_WORDS = frozenset({"piec", "piecu", "pol"})  # an oven, fields: numbers only where no diacritics are typed
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0.]\d{3})+(?:,\d+)?(?!\d)")


class Number(NamedTuple):
    """A value, and the index of the first token after it."""

    value: Fraction
    end: int


def number_at(tokens: Sequence[str], at: int) -> Number | None:
    """The number that begins with a token: digits, words, or both ("10 tysięcy"); a bare "jeden" is none.

    Tokens are in plain lower case; digits come with their groups and decimals as one token.
    """
    return _in_digits(tokens, at) or _in_words(tokens, at)


def is_number(token: str) -> bool:
    """Whether a plain lower-case word counts as a number anywhere."""
    return token in _words() or token in _thousands() or token in ("pol", "poltora", "poltorej", "cwierc")


def ordinal(token: str) -> int | None:
    """Place that a plain lower-case ordinal or Roman numeral names."""
    return _ordinals().get(token)


@lru_cache(maxsize=1)
def first_parts() -> Mapping[str, int]:
    """Plain beginnings of compound words, "dwu", "dwudziestojedno", with their values."""
    small = {part: value for value, part in enumerate(_plain(_FIRST_PARTS), 1)}
    tens = {part: 10 * value for value, part in enumerate(_plain(_FIRST_TENS), 2)}
    both = {ten + one: tens[ten] + small[one] for ten in tens for one in list(small)[:9]}
    return {**small, **tens, **both, "stu": 100, "pol": 0}


@lru_cache(maxsize=20_000)
def value_of(digits: str) -> Fraction:
    """Value of "1 200,50", "1.200", "0,5" or "14"."""
    if _GROUPS.fullmatch(digits):
        digits = re.sub(r"[ \u00a0.]", "", digits)
    return Fraction(digits.replace(",", "."))


def is_false_friend(token: str, typed: str) -> bool:
    """Whether a plain form reads as a number only because its diacritics are gone, while those of its text are not."""
    return token in _OTHER_WORDS and typed.lower() == token


def inflected(lemmas: Iterable[str], tags: tuple[str, ...] = ()) -> dict[str, str]:
    """Plain forms of the lemmas with the lemma of each; `tags` are beginnings of those tags that count."""
    return {
        without_diacritics(form): lemma
        for lemma in lemmas
        for form, tag in forms_of([lemma])
        if not tags or tag.startswith(tags)
    }


def forms_of(lemmas: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every form of the lemmas with its tag."""
    generate = generator()
    for lemma in lemmas:
        yield from ((form, tag) for form, _, tag, _, _ in generate(lemma))


def _in_digits(tokens: Sequence[str], at: int) -> Number | None:
    if not tokens[at][:1].isdigit() or not (_DIGITS.fullmatch(tokens[at]) or _GROUPS.fullmatch(tokens[at])):
        return None
    value, end = value_of(tokens[at]), at + 1
    if end < len(tokens) and (times := _thousands().get(tokens[end])):
        return Number(value * times, end + 1)
    return Number(value, end)


def _in_words(tokens: Sequence[str], at: int) -> Number | None:
    """Hundreds, tens and units one after the other, with what multiplies them."""
    known, times = _words(), _thousands()
    total, part, last, end = 0, 0, 1000, at
    while end < len(tokens):
        token = tokens[end]
        if token in times and times[token] > 1:
            total, part, last = total + (part or 1) * times[token], 0, 1000
        elif token in known and known[token] < last and _fits(last, known[token]):
            part += known[token]
            last = _size(known[token])
        else:
            break
        end += 1
    if end == at or (total + part == 1 and end == at + 1):
        return None
    return Number(Fraction(total + part), end)


def _fits(last: int, value: int) -> bool:
    return last == 1000 or (last == 100 and value < 100) or (last == 10 and value < 10)


def _size(value: int) -> int:
    return 100 if value >= 100 else 10 if value >= 20 else 1


@lru_cache(maxsize=1)
def _words() -> dict[str, int]:
    values = {lemma: value for value, lemma in enumerate(_UNITS.split(), 1)}
    values |= {lemma: 10 * value for value, lemma in enumerate(_TENS.split(), 2)}
    values |= {lemma: 100 * value for value, lemma in enumerate(_HUNDREDS.split(), 1)}
    return {form: values[lemma] for form, lemma in inflected(values, ("num", "adj:sg")).items() if form != "jedne"}


@lru_cache(maxsize=1)
def _thousands() -> dict[str, int]:
    return {form: _THOUSANDS[lemma] for form, lemma in inflected(_THOUSANDS, ("subst",)).items()} | _SHORT


@lru_cache(maxsize=1)
def _ordinals() -> dict[str, int]:
    places = {lemma: place for place, lemma in enumerate(_ORDINALS.split(), 1)}
    romans = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
    return {form: places[lemma] for form, lemma in inflected(places, ("adj",)).items()} | romans


def _plain(words: str) -> list[str]:
    return without_diacritics(words).split()
