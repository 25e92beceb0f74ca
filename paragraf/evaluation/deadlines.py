"""Deadlines: whether an answer states a given time limit, in any of the ways to write it, or says that one runs."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from paragraf.evaluation.clauses import read
from paragraf.statements.measures import PERIODS, STEMS, Unit
from paragraf.statements.numerals import first_parts, is_number, number_at, ordinal
from paragraf.text import words

_STEMS = tuple((stem, unit) for stem, unit in STEMS if unit.kind == "period" and stem[:3] != "lat")  # of adjectives
_ADJECTIVES = ("miesięczn", *(stem for stem, _ in _STEMS if stem != "tygodniow"))  # "dniow" is in "tygodniow"
_UNITS = frozenset(PERIODS) | {"miesięcy", "godzinę", "minutę", "dobę"}
_SHORTEST = min(map(len, _ADJECTIVES))
_BETWEEN = frozenset("-–()") | set(words("pelny pelne pelnych kolejnych kolejne nastepnych najblizszych"))
_HALVES = {"pol": Fraction(1, 2), "poltora": Fraction(3, 2), "poltorej": Fraction(3, 2)}
# Before a bare "rok" or "tydzien" these say when or how often, not how long.
_WHEN = frozenset(
    words(
        "w tym tego ten ta kazdym kazdy kazdego zeszlym ubieglym przyszlym biezacym ostatnim danym co konca koniec"
        " koncem poczatku polowie dzien dnia raz razy nowego nowym biezacego danego zeszlego"
    )
)
_WHICH = ("kalendarz", "podatk", "obrot", "szkoln", "akademi", "zycia")  # what a year is called
_COUNTED_AFTER = frozenset({"lat", "lata", "dni", "miesiecy", "tygodni"})  # "lat pieciu"
_PAST = frozenset({"od", "przed", "sprzed"})
_PENALTIES = frozenset({"kara", "kare", "kary", "karze", "grozi", "grozila", "zagrozony", "zagrozone"})
_PENALTY_REACH = 8  # tokens: "kara pozbawienia wolnosci od trzech miesiecy do lat pieciu"
_DURATIONS = ("trwal", "ostatni", "mial")  # beginnings of words before a length of what was
_NO_LIMIT_AFTER = frozenset(words("wiezienia pozbawienia aresztu robocze zycia temu wczesniej pozniej"))
_AFTER_NOT = ("pozniej", "dluz", "krot", "wiecej", "mniej", "przekr", "tylko", "wczesniej")  # "nie pozniej niz"
_STOPS = frozenset(",;:.()") | {"lecz", "ale", "tylko", "a"}


class _Period(NamedTuple):
    """A length of time with its first token and the one after the last."""

    value: tuple[str, str]
    start: int
    end: int


def states_deadline(answer: str, deadline: str) -> bool:
    """Whether an answer states the time limit that a phrase such as "14 dni" names, in digits or in words.

    Weeks and days, months and years are reckoned into each other; a month is not 30 days. What is denied, past or
    counted in working days does not count.
    """
    wanted = named(deadline)
    return any(period.value == wanted for period in _periods(answer))


def says_time_runs(answer: str) -> bool:
    """Whether an answer says that a time limit runs, with or without its length."""
    reading = read(answer)
    if any(not sentence.holds("no_limit") for sentence in reading.sentences_with("runs")):
        return True
    return _sets_limit(answer)


def keeps_deadline(answer: str, deadline: str) -> bool:
    """Whether an answer states this time limit, or says that one runs and gives it no other length."""
    return states_deadline(answer, deadline) or (says_time_runs(answer) and not _sets_limit(answer))


def _sets_limit(answer: str) -> bool:
    reading = read(answer)
    if not reading.holds("limit_of"):
        return False
    timed = (reading.sentence_at(period.start) for period in _periods(answer))
    return any(sentence.holds("limit_of") and not sentence.holds("no_limit") for sentence in timed)


@lru_cache(maxsize=1024)
def named(deadline: str) -> tuple[str, str]:
    """The one length of time in a phrase, in one form for all ways to write it.

    Raises:
        ValueError: there is none, or there are several.
    """
    found = {period.value for period in _periods(deadline)}
    if len(found) != 1:
        raise ValueError(f"{deadline!r} names {len(found)} lengths of time, expected one such as '14 dni'")
    return found.pop()


@lru_cache(maxsize=64)
def _periods(answer: str) -> tuple[_Period, ...]:
    """The lengths of time that an answer states for what is to come."""
    reading = read(answer)
    has_adjective = any(stem in reading.text for stem in _ADJECTIVES)
    at_units = [
        at
        for at, token in enumerate(reading.tokens)
        if token in _UNITS or (has_adjective and len(token) >= _SHORTEST and _compound(token))
    ]
    if not at_units:
        return ()
    tokens = "\0".join(reading.tokens).replace("ę", "e").split("\0")
    found = (_period(tokens, at) for at in at_units)
    return tuple(period for period in found if period and not _is_elsewhere(tokens, period))


def _period(tokens: Sequence[str], at: int) -> _Period | None:
    if unit := PERIODS.get(tokens[at]):
        return _counted(tokens, at, unit) or _bare(tokens, at, unit)
    return _adjective(tokens, at)


def _counted(tokens: Sequence[str], at: int, unit: Unit) -> _Period | None:
    """A number with its unit after it or, as in "lat pieciu", before it."""
    end = at + 1
    if end < len(tokens) and tokens[end].startswith("robocz"):
        unit = unit._replace(name="working day")
    if at and tokens[at - 1] in _HALVES:
        return _Period(_length(unit, _HALVES[tokens[at - 1]]), at - 1, end)
    for start in range(_begin(tokens, at), at):
        number = number_at(tokens, start)
        if number and _leads_to(tokens, number.end, at):
            return _Period(_length(unit, number.value), start, end)
    if tokens[at] in _COUNTED_AFTER and end < len(tokens) and (number := number_at(tokens, end)):
        return _Period(_length(unit, number.value), at, number.end)
    return None


def _begin(tokens: Sequence[str], at: int) -> int:
    """Where the numbers begin that stand right before a place, with what may stand between them and it."""
    begin = at
    while begin > 0 and (
        tokens[begin - 1] in _BETWEEN or tokens[begin - 1][0].isdigit() or is_number(tokens[begin - 1])
    ):
        begin -= 1
    return begin


@lru_cache(maxsize=4096)
def _length(unit: Unit, value: Fraction) -> tuple[str, str]:
    """So many of a unit in one form for all that are as long."""
    return unit.times(value)


def _leads_to(tokens: Sequence[str], start: int, end: int) -> bool:
    """Whether nothing stands between a number and its unit but the number once more: "14 (czternastu) dni"."""
    return all(token in _BETWEEN or number_at(tokens, start + step) for step, token in enumerate(tokens[start:end]))


def _bare(tokens: Sequence[str], at: int, unit: Unit) -> _Period | None:
    """One of a unit: "ma Pan miesiac"."""
    before, after = tokens[at - 1] if at else "", tokens[at + 1] if at + 1 < len(tokens) else ""
    if place := ordinal(before):
        return _Period(_length(unit, Fraction(place)), at - 1, at + 1) if unit.name == "day" else None
    if tokens[max(0, at - 2) : at] == ["raz", "na"]:
        return None
    if not unit.is_one or before in _WHEN or before[:1].isdigit() or after[:1].isdigit() or after.startswith(_WHICH):
        return None
    return _Period(_length(unit, Fraction(1)), at, at + 1)


def _adjective(tokens: Sequence[str], at: int) -> _Period | None:
    """A length in an adjective: "siedmiodniowy", "14-dniowy"; alone, "roczny" is one only of a limit or a period."""
    found = _compound(tokens[at])
    if found is None:
        return None
    unit, value = found
    if value is not None:
        return _Period(_length(unit, value), at, at + 1)
    for start in range(max(0, at - 2), at):
        number = number_at(tokens, start)
        if number and _leads_to(tokens, number.end, at):
            return _Period(_length(unit, number.value), start, at + 1)
    is_of_limit = any(token.startswith(("termin", "okres")) for token in tokens[max(0, at - 3) : at + 3])
    return _Period(_length(unit, Fraction(1)), at, at + 1) if is_of_limit else None


@lru_cache(maxsize=20_000)
def _compound(word: str) -> tuple[Unit, Fraction | None] | None:
    """The unit in an adjective of time with the number before it, None where it has none."""
    word = word.replace("ę", "e")
    for stem, unit in _STEMS:
        cut = word.find(stem)
        if cut < 0:
            continue
        if cut == 0:
            return unit, None
        if (part := first_parts().get(word[:cut])) is not None:
            return unit, Fraction(part) if part else Fraction(1, 2)
    return None


def _is_elsewhere(tokens: Sequence[str], period: _Period) -> bool:
    """Whether a length of time is past, going on, a punishment or denied."""
    before, after = tokens[period.start - 1] if period.start else "", tokens[period.end : period.end + 1]
    is_past = before in _PAST or (before == "przez" and after != ["od"])
    is_penalty = not _PENALTIES.isdisjoint(tokens[max(0, period.start - _PENALTY_REACH) : period.start])
    return is_past or is_penalty or not _NO_LIMIT_AFTER.isdisjoint(after) or _is_denied(tokens, period.start)


def _is_denied(tokens: Sequence[str], start: int) -> bool:
    """Whether a "nie" or a word for what lasted stands within three words before, in the same clause."""
    for at in range(start - 1, max(-1, start - 4), -1):
        if tokens[at] in _STOPS:
            return False
        if tokens[at].startswith(_DURATIONS):
            return True
        if tokens[at] == "nie":
            return not tokens[at + 1].startswith(_AFTER_NOT)
    return False
