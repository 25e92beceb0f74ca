"""Other values: a number or an article of the law in, another one out that is surely false in its place."""

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from random import Random
from types import MappingProxyType
from typing import Literal

from paragraf.law import acts, find
from paragraf.law.inventory import shipped
from paragraf.records import Record
from paragraf.statements.facts import Fact
from paragraf.text import without_diacritics

Way = Literal["less", "more", "any"]

# Which numbers are false too, by the words before the number. "At least 10" is still true of what is at least 20, and
# "up to 800 is a petty offence" of what goes up to 400: only the number that makes the statement false will do.
_WAYS: tuple[tuple[str, Way | None], ...] = (
    (r"(?:najwyzej|nie dluzej niz(?: na)?|nie (?:moze|moga) (?:lacznie )?przekraczac|nie dluzszy niz)", "less"),
    (r"(?:wynosi|wyniesc|miec|ma wartosc nominalna|trwa) co najmniej", "more"),
    (r"nie (?:moze byc )?(?:krotszy|nizsza|nizszy|mniejszy) niz", "more"),
    (r"(?:co najmniej|przynajmniej|ponizej|mniej niz|krocej niz|\bnie .{0,20})", None),
    (r"(?:ponad|powyzej|dluzej niz|dluzszy niz|przekraczajac[aye]\w*)", "less"),
    (r"(?:kara|kare|zakaz \w+ \w+|pozbawienie wolnosci|areszt|grzywna) do", "less"),
    (r"^do", "more"),
    (r"\bdo", None),
    (r"\b(?:po|z uplywem|po uplywie|po ukonczeniu)", "less"),
    (r"\b(?:przez|przed|przed ukonczeniem|przed uplywem)", "more"),
    (r"\b(?:w ciagu|w terminie|wynosi|to|termin|o)", "any"),
    (r"^", "any"),
    (r"", "more"),
)
_AS_WORDS = (  # forms that can stand for each other in one sentence, the noun after them staying as it is
    {2: "dwa", 3: "trzy", 4: "cztery"},
    {2: "dwóch", 3: "trzech", 4: "czterech"},
    {5: "pięć", 6: "sześć", 7: "siedem", 8: "osiem", 10: "dziesięć", 12: "dwanaście", 15: "piętnaście"},
    {5: "pięciu", 6: "sześciu", 8: "ośmiu", 10: "dziesięciu", 12: "dwunastu", 15: "piętnastu"},
)
_USUAL: Mapping[str, tuple[int, ...]] = MappingProxyType(  # numbers that such a period might have in a statute
    {
        "dn": (2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90),
        "ty": (2, 3, 4, 6, 8),
        "mi": (2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 60),
        "la": (2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30),
        "go": (3, 4, 6, 8, 10, 12, 24, 36, 48, 72, 96),
    }
)
_FEMININE = ("go", "do")
_TIMES = (Fraction(1, 5), Fraction(1, 2), Fraction(2), Fraction(5))
_COUNTED = re.compile(r"(?P<number>\d[\d ]*|[^\W\d_]+) (?P<unit>[^\W\d_]+)")
# Chapters so narrow that they never govern what is asked elsewhere: forms of wills and legacies, carriage and
# commission, military offences. The words would say that a row is about them after all.
_FAR_AWAY: Mapping[str, tuple[tuple[tuple[int, int], ...], str]] = MappingProxyType(
    {
        "kc": (((949, 958), (968, 977)), r"testament|spad[ek]|zapis|dziedzi|zachow"),
        "kk": (((338, 363),), r"wojsk|zolnier|rozkaz|sluzb"),
    }
)
_FAR_FROM_WILLS = (((765, 771), (774, 793)), r"przewo|komis|podroz|transport|przesyl|bilet")


def other_number(told: str, fact: Fact, known: Collection[str], rng: Random) -> str | None:
    """The statement with another usual number, in the same words and the same grammar; None where none is surely false.

    `known` holds what the row says elsewhere, which might be right in this place too.
    """
    start, end = fact.span
    counted = _COUNTED.fullmatch(told[start:end])
    way = _way(told[:start])
    if counted is None or way is None:
        return None
    forms = _forms(counted["number"].strip(), counted["unit"], fact)
    amount = Fraction(fact.value.split()[0])
    value = next((number for number, form in forms.items() if form == counted["number"].strip()), None)
    if not value:
        return None
    scale, unit = amount / value, fact.value.partition(" ")[2]
    fitting = [
        form for number, form in forms.items() if _goes(way, number, value) and f"{number * scale} {unit}" not in known
    ]
    if not fitting:
        return None
    return told[:start] + told[start:end].replace(counted["number"].strip(), rng.choice(fitting), 1) + told[end:]


def other_article(record: Record, rng: Random) -> str | None:
    """An article of the act that a row rests on, of a chapter that has nothing to do with it; None where unsure."""
    cited = [citation.act for basis in record.legal_basis for citation in find(basis)]
    if len(set(cited)) != 1 or cited[0] not in _FAR_AWAY:
        return None
    act = cited[0]
    plain = without_diacritics(f"{record.question} {record.answer}").lower()
    ranges, traces = _FAR_AWAY[act]
    if act == "kc" and re.search(traces, plain):
        ranges, traces = _FAR_FROM_WILLS
    if re.search(traces, plain):
        return None
    there = shipped().acts[act].articles
    numbers = [number for first, last in ranges for number in range(first, last + 1)]
    standing = [number for number in numbers if str(number) in there and not there[str(number)].is_repealed]
    return f"art. {rng.choice(standing)} {acts()[act].cited_as}" if standing else None


def _way(before: str) -> Way | None:
    plain = without_diacritics(before).lower().strip()
    return next(way for pattern, way in _WAYS if re.search(rf"{pattern}$", plain))


def _goes(way: Way, number: int, value: int) -> bool:
    return number != value and (way == "any" or (number < value) == (way == "less"))


def _forms(typed: str, unit: str, fact: Fact) -> dict[int, str]:
    """Numbers that may take the place of one as it is typed, with the way to type each."""
    kind = without_diacritics(unit).lower()[:2]
    if typed[0].isdigit():
        value = int(typed.replace(" ", ""))
        if fact.family == "amount":
            return {value: typed} | {int(value * times): _grouped(int(value * times)) for times in _TIMES if value > 9}
        return {value: typed} | {
            number: str(number) for number in _USUAL.get(kind, ()) if _is_few(number) == _is_few(value) and value > 1
        }
    for forms in _AS_WORDS:
        if typed in forms.values():
            is_dwie = kind in _FEMININE and typed in _AS_WORDS[0].values()
            return {number: form for number, form in forms.items() if number != 2 or not is_dwie}
    return {}


def _grouped(value: int) -> str:
    return f"{value:,}".replace(",", " ") if value >= 10_000 else str(value)


def _is_few(number: int) -> bool:
    """Whether Polish counts so many with the nominative: 2 to 4, 22 to 24, but not 12 to 14."""
    return number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
