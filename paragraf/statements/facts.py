"""Facts: a legal text in, the citations, dates, periods, amounts and numbers that it states out, each in one form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from paragraf.law import find
from paragraf.statements.measures import CURRENCIES, PERIODS, PLACES, SHARES, STEMS, Unit
from paragraf.statements.numerals import Number, first_parts, is_false_friend, number_at, ordinal
from paragraf.text import without_diacritics, words

Family = Literal["citation", "date", "period", "amount", "number"]

_MONTHS = ("stycz", "lut", "mar", "kwie", "ma", "czerw", "lip", "sierp", "wrze", "pazdzier", "listopad", "grud")
_MONTH = (
    r"(?P<month>stycz(?:en|nia|niu)|lut(?:y|ego|ym)|mar(?:zec|ca|cu)|kwie(?:cien|tnia|tniu)|maja|czerw(?:iec|ca|cu)"
    r"|lip(?:iec|ca|cu)|sierp(?:ien|nia|niu)|wrze(?:sien|snia|sniu)|pazdziernik(?:a|u)?|listopad(?:a|zie)?"
    r"|grud(?:zien|nia|niu))\b"
)
_YEAR = r"(?P<year>(?:1[89]|2[01])\d\d)"
_DATES = (
    re.compile(rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})[./-](?P<number>[01]?\d)[./-]{_YEAR}\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})\.? (?:dnia )?{_MONTH}(?:,? (?:roku )?{_YEAR})?"),
    re.compile(rf"\b{_MONTH} {_YEAR}"),
    re.compile(rf"\b{_YEAR}(?= ?r\b| rok)"),
    re.compile(rf"(?:\brok(?:u|iem)?|\br\.) {_YEAR}\b(?! ?(?:zl|euro|%))"),
    re.compile(rf"\b(?:w|od|do|z|po|przed|na|za) {_YEAR}\b(?!\s*(?:zl|eur|%|tys|mln|[a-z]{{3}}))"),
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-4])[:.](00|15|30|45)\b(?=\s*(?:do|-|–|$|[,;.?!)]))|\b([01]?\d|2[0-4]):([0-5]\d)\b")
_MASK = re.compile(r"\[[^\W\d_][^\]\[]{0,30}\]")
_CODE = re.compile(r"\b(?:[^\W\d_]{1,6}-?\d+[^\W_]*|\d+[a-z]{1,2}\b)")
_ROMAN = re.compile(rf"\b(?=[IVX]{{2}})X{{0,3}}(?:IX|IV|V?I{{0,3}})\b(?!\s+(?:{'|'.join(PLACES)}))")
_TOKEN = re.compile(
    r"[1-9]\d{0,2}(?:[ \u00a0]\d{3})+(?:,\d+)?(?!\d)|\d+/\d+|\d+(?:[.,]\d+)*|[^\W\d_]+|[-–—,%‰½¼¾§]|[.;:?!\n]"
)
_HALVES = {"pol": Fraction(1, 2), "cwierc": Fraction(1, 4), "poltora": Fraction(3, 2), "poltorej": Fraction(3, 2)}
_CONNECTORS = frozenset({"-", "–", "—", "do", "lub", "albo", "i", "czy", "a", "oraz", ","})
_AFTER_WHAT = frozenset(
    words(
        "ciagu przez uplywie uplywem uplywu terminie po ponad powyzej ponizej niz najmniej najwyzej najpozniej "
        "najdluzej przynajmniej maksymalnie minimum raz na od do o co mija minie minal uplynie przed sprzed polowe"
    )
)
_NO_PERIOD_BEFORE = ("kalendarz", "podatk", "szkol", "obrot", "bilans", "nastepn", "biezac", "zycia", "ubiegl")


class Fact(NamedTuple):
    """Something that a variant must state as its origin does; the span is in the text."""

    family: Family
    value: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Words:
    """The tokens of a text that are left after citations and dates, in plain lower case, and where they begin."""

    plain: list[str]
    starts: list[int]
    typed: str
    is_typed_plain: bool


@lru_cache(maxsize=2048)
def facts_of(text: str) -> tuple[Fact, ...]:
    """All facts in the order of the text."""
    found: list[Fact] = []
    rest = without_diacritics(text).lower()
    for citation in find(text):
        found.append(Fact("citation", without_diacritics(citation.key.lower()), citation.span))
        rest = _blanked(rest, citation.span)
    for fact in (*_masks(text), *_romans(text), *_dates(rest), *_codes(rest)):
        if rest[slice(*fact.span)].strip():
            found.append(fact)
            rest = _blanked(rest, fact.span)
    found.extend(_quantities(_words(text, rest)))
    return tuple(sorted(found, key=lambda fact: fact.span))


def values_of(text: str) -> set[tuple[str, str]]:
    """Family and value of all facts of a text."""
    return {fact[:2] for fact in facts_of(text)}


def _masks(text: str) -> Iterator[Fact]:
    for match in _MASK.finditer(text):
        yield Fact("number", match[0], match.span())


def _romans(text: str) -> Iterator[Fact]:
    for match in _ROMAN.finditer(text):
        yield Fact("number", match[0], match.span())


def _dates(plain: str) -> Iterator[Fact]:
    for pattern in _DATES:
        for match in pattern.finditer(plain):
            told = match.groupdict()
            month = int(told.get("number") or _month(told.get("month") or "") or 0)
            value = f"{told.get('year') or '?'}-{month:02}-{int(told.get('day') or 0):02}"
            yield Fact("date", value, match.span())


def _month(name: str) -> int:
    """A month by its first letters; of several that fit the longest: "marca" is no "maja"."""
    fitting = [stem for stem in _MONTHS if name.startswith(stem)]
    return _MONTHS.index(max(fitting, key=len)) + 1 if fitting else 0


def _codes(plain: str) -> Iterator[Fact]:
    """Clock times, and names with digits: "L4", "PIT-37", "B2B"."""
    for match in _CLOCK.finditer(plain):
        hour, minute = match[1] or match[3], match[2] or match[4]
        yield Fact("number", hour.lstrip("0") if minute == "00" else f"{hour}:{minute}", match.span())
    for match in _CODE.finditer(plain):
        if not _is_counted(match[0]):
            yield Fact("number", match[0].replace("-", ""), match.span())


def _is_counted(word: str) -> bool:
    """Whether letters after digits are a unit, as in "14dni" or "5zl"."""
    letters = word.lstrip("0123456789")
    return letters != word and (letters in PERIODS or letters in CURRENCIES or letters in ("r", "h"))


def _blanked(text: str, span: tuple[int, int]) -> str:
    start, end = span
    return text[:start] + " " * (end - start) + text[end:]


def _words(text: str, rest: str) -> _Words:
    matches = list(_TOKEN.finditer(rest))
    has_polish_letters = text.lower() != without_diacritics(text.lower())
    return _Words([match[0] for match in matches], [match.start() for match in matches], text, not has_polish_letters)


def _quantities(held: _Words) -> Iterator[Fact]:
    at = 0
    waiting: list[tuple[Fraction, int, int]] = []  # their unit may come later: "od 2 do 8 lat"
    while at < len(held.plain):
        number = _number(held, at)
        if number is None:
            single = _single(held, at)
            if single:
                yield single
            if waiting and held.plain[at] not in _CONNECTORS:
                yield from _unitless(held, waiting)
                waiting = []
            at += 1
            continue
        if place := _place_in_time(held, number):
            yield _fact(held, ("number", f"{number.value}. {place[0]}"), at, place[1])
            at = place[1]
            continue
        unit, end = _unit(held.plain, number.end)
        waiting.append((number.value, at, end))
        at = end
        if unit is None and number.end - 1 > 0 and held.plain[number.end - 2] in ("lat", "lata"):
            unit = PERIODS["lat"]  # "do lat 2"
        if unit:
            yield from [_fact(held, unit.times(value), start, stop) for value, start, stop in waiting]
        elif _goes_on(held, end):
            continue
        else:
            yield from _unitless(held, waiting)
        waiting = []
    yield from _unitless(held, waiting)


def _number(held: _Words, at: int) -> Number | None:
    word = held.plain[at]
    start = held.starts[at]
    is_counting = at + 1 < len(held.plain) and held.plain[at + 1] in PERIODS
    if not held.is_typed_plain and not is_counting and is_false_friend(word, held.typed[start : start + len(word)]):
        return None
    if word in _HALVES:
        return Number(_HALVES[word], at + 1)
    number = number_at(held.plain, at)
    if number is None:
        return _one_part(held.plain, at) if word in ("jedna", "jednej") else None
    if number.end < len(held.plain) and (part := _part(held.plain[number.end])):
        return Number(number.value / part, number.end + 1)
    return number


def _one_part(tokens: Sequence[str], at: int) -> Number | None:
    """The third part in "jedna trzecia"."""
    part = _part(tokens[at + 1]) if at + 1 < len(tokens) else None
    return Number(Fraction(1, part), at + 2) if part else None


def _part(word: str) -> int | None:
    """What an ordinal divides by after a number."""
    place = ordinal(word) if word.endswith(("a", "e", "ych", "ej")) else None
    return place if place and place > 2 else None


def _place_in_time(held: _Words, number: Number) -> tuple[str, int] | None:
    """What is counted to by an ordinal in digits, "12. tygodniu" or "18 rokiem", and the place after it."""
    tokens = held.plain
    at = number.end + (tokens[number.end : number.end + 1] == ["."])
    word = tokens[at] if at < len(tokens) else ""
    is_single = word in PERIODS and PERIODS[word].is_one and word not in ("godziny", "minuty", "doby", "godz")
    is_whole = number.value > 1 and number.value.denominator == 1
    return (_ranked(word), at + 1) if is_single and is_whole else None


def _ranked(word: str) -> str:
    """One name for the forms of what is put in an order."""
    return PERIODS[word].times(Fraction(1))[1] if word in PERIODS else word[:5]


def _goes_on(held: _Words, at: int) -> bool:
    """Whether after a connector another number follows, which may carry the unit for both."""
    tokens = held.plain
    return at + 1 < len(tokens) and tokens[at] in _CONNECTORS and _number(held, at + 1) is not None


def _unit(tokens: Sequence[str], at: int) -> tuple[Unit | None, int]:
    """What is counted, with the place after it; an adjective may stand between: "3 pelne miesiace"."""
    for place in (at, at + 1) if at < len(tokens) and tokens[at] in (".", "-", "–", "pelne", "pelnych") else (at,):
        if place >= len(tokens):
            break
        word = tokens[place]
        if unit := PERIODS.get(word) or CURRENCIES.get(word):
            is_working = place + 1 < len(tokens) and tokens[place + 1].startswith("robocz")
            return (unit._replace(name="working day") if is_working else unit), place + 1
        if stem := next((unit for start, unit in STEMS if word.startswith(start)), None):
            return stem, place + 1
    return None, at


def _single(held: _Words, at: int) -> Fact | None:
    """A quantity in one word: "dwutygodniowy", "polowa", "rok" after "w ciagu"; or the place of an instance."""
    word = held.plain[at]
    if share := SHARES.get(word):
        return _fact(held, ("number", str(share)), at, at + 1)
    if "/" in word:
        top, bottom = (int(part) for part in word.split("/"))
        return _fact(held, ("number", str(Fraction(top, bottom)) if bottom else word), at, at + 1)
    if word in PERIODS and PERIODS[word].is_one and _is_measured(held.plain, at):
        return _fact(held, PERIODS[word].times(Fraction(1)), at, at + 1)
    place = ordinal(word)
    following = held.plain[at + 1 : at + 3]
    if place and following[:1] == ["."]:
        following = following[1:]
    if place and following and following[0].startswith(PLACES):
        return _fact(held, ("number", f"{place}. {_ranked(following[0])}"), at, at + 1)
    compound = _compound(word)
    return _fact(held, compound, at, at + 1) if compound else None


def _is_measured(tokens: Sequence[str], at: int) -> bool:
    """Whether a bare "rok" or "miesiac" is a length of time and no place in the calendar."""
    before = tokens[at - 1] if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    if after.startswith(_NO_PERIOD_BEFORE) or after[:1].isdigit() or before not in _AFTER_WHAT:
        return after in ("od", "temu", "naprzod") and before not in ("w", "tego", "kazdy") and tokens[at] != "roku"
    return not (before in ("do", "od", "przed", "po") and tokens[at] in ("dnia", "dniu", "godziny", "godzinie", "dni"))


@lru_cache(maxsize=20_000)
def _compound(word: str) -> tuple[Family, str] | None:
    for start, unit in STEMS:
        cut = word.find(start)
        if cut > 0 and (value := first_parts().get(word[:cut])) is not None:
            return unit.times(Fraction(value) if value else Fraction(1, 2))
    return None


def _unitless(held: _Words, numbers: Sequence[tuple[Fraction, int, int]]) -> Iterator[Fact]:
    """Numbers of things; that there is one goes without saying."""
    for value, start, end in numbers:
        if value != 1:
            yield _fact(held, ("number", str(value)), start, end)


def _fact(held: _Words, told: tuple[Family, str], start: int, end: int) -> Fact:
    last = end - 1
    return Fact(*told, (held.starts[start], held.starts[last] + len(held.plain[last])))
