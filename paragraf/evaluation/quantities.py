"""Quantities: a run of words in, the numbers, periods, amounts and dates that it states out, each in one form."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from paragraf.statements.facts import facts_of
from paragraf.statements.measures import CURRENCIES, PERIODS, SHARES, STEMS
from paragraf.statements.numerals import first_parts, is_number, ordinal
from paragraf.text import without_diacritics, words

Side = Literal["upper", "lower", ""]

COUNTED_PLACES = ("instancj", "wezwan")
_ONE = frozenset(words("jeden jedna jedno jednego jednej jednym"))
_HALVES = frozenset(words("pol cwierc poltora poltorej"))
_SIGNS = frozenset("%‰½¼¾")
_NO_ORDINALS = ("i", "v")  # "and", and a letter of a list
_MONTHS = re.compile(
    r"stycz(?:en|nia|niu)|lut(?:y|ego|ym)|mar(?:zec|ca|cu)|kwie(?:cien|tnia|tniu)|maja|czerw(?:iec|ca|cu)"
    r"|lip(?:iec|ca|cu)|sierp(?:ien|nia|niu)|wrze(?:sien|snia|sniu)|pazdziernik\w?|listopad\w{0,3}|grud(?:zien|nia|niu)"
)
_STATED_AFTER = frozenset(
    ["to", "wynosi", "jest", "tylko", "trwa", "trwac", "mija", "ma", "krotszy", "krotsza", "dluzszy", "dluzsza"]
)
_CONDITION = frozenset(["przy", "po", "gdy", "jeśli", "jeżeli"])  # "miesiąc przy stażu do pół roku"
_RATE_AFTER = frozenset(["na", "w"])  # "6 godzin na dobę"
_NUMBER = re.compile(r"[-\d/.]+ ?")


class Quantity(NamedTuple):
    """A quantity of a text.

    Attributes:
        kind: what it can be measured against: "period", "amount zl", "number", "date", "place insta".
        value: in one form, "14 day", "12 month", "5000 zl", "1/4", "2021-07-01".
        side: "upper" for what must not be exceeded or must come before, "lower" for the other way round.
        noun: concept of the word that follows, which is what a bare number counts.
        clause: number of its clause in the text.
        sentence: number of its sentence.
        bundle: quantities of one bundle belong together: "2 tygodnie, gdy pracujesz krócej niż 6 miesięcy".
        is_denied: "a nie 14", "nie wynosi 14 dni".
    """

    kind: str
    value: str
    side: Side
    noun: str
    clause: int
    sentence: int
    bundle: int
    is_denied: bool

    def is_said_by(self, other: "Quantity") -> bool:
        """Whether another text states the same with it, from no other side."""
        if self.value != other.value or self.kind != other.kind or other.is_denied:
            return False
        return not (self.side and other.side and self.side != other.side)

    def is_rival_of(self, other: "Quantity") -> bool:
        """Whether it may stand in the place of the other one; bare numbers must count the same."""
        if self.kind != other.kind:
            return False
        counts_another = self.noun and other.noun and self.noun != other.noun
        return not (self.kind == "number" and "/" not in self.value and counts_another)


@lru_cache(maxsize=200_000)
def is_part(word: str) -> bool:
    """Whether a word, in lower case without punctuation, can be part of a quantity."""
    plain = without_diacritics(word)
    if plain in _SIGNS or any(letter.isdigit() for letter in plain):
        return True
    if is_number(plain) or plain in PERIODS or plain in CURRENCIES or plain in SHARES or plain in _HALVES:
        return True
    if plain in _ONE or (ordinal(plain) is not None and plain not in _NO_ORDINALS):
        return True
    return plain.startswith(("robocz", *COUNTED_PLACES)) or bool(_MONTHS.fullmatch(plain)) or _is_compound(plain)


@lru_cache(maxsize=200_000)
def values_of(before: str, run: str, after: str) -> tuple[tuple[str, str], ...]:
    """Kind and value of the quantities in a run of words, with the word before and the word after it."""
    typed = run.split()
    plain = without_diacritics(run).split()
    if len(typed) > 1:
        pairs = zip(plain, [*plain[1:], ""], strict=True)
        is_one = [word in _ONE and following in PERIODS for word, following in pairs]
        return tuple(_kinds(" ".join("1" if one else word for word, one in zip(typed, is_one, strict=True))))
    if plain[0] in PERIODS and PERIODS[plain[0]].is_one:
        if without_diacritics(before) in _STATED_AFTER or (after in _CONDITION and before not in _RATE_AFTER):
            return (PERIODS[plain[0]].times(Fraction(1)),)
        if before in _RATE_AFTER:
            return ()
    return tuple(_kinds(f"{before} {run} {after}"))


def _is_compound(plain: str) -> bool:
    """Whether a word begins with a number and ends with a unit: "dwutygodniowy"."""
    return any(plain[: plain.find(start)] in first_parts() for start, _ in STEMS if plain.find(start) > 0)


def _kinds(text: str) -> Iterator[tuple[str, str]]:
    for family, value, _ in facts_of(text):
        if family == "amount":
            yield f"amount {_NUMBER.sub('', value)}", value
        elif family == "number" and ". " in value:
            yield f"place {value.partition(' ')[2]}", value
        elif family != "citation" and (family != "number" or value[0].isdigit()):
            yield family, value
