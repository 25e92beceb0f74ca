"""Numbering: label and number of one unit of a provision, "art. 22¹", "§ 1", "lit. a-c", read at a given place."""

import re
from typing import NamedTuple

from paragraf.law.citations import UNIT_WORDS

UNITS = tuple(UNIT_WORDS)
ARTICLE, PARAGRAPH, PASSAGE, POINT, LETTER, INDENT, SUBPARAGRAPH, SENTENCE = range(len(UNITS))

_LEVELS = {
    "ar": ARTICLE,
    "§": PARAGRAPH,
    "§§": PARAGRAPH,
    "pa": PARAGRAPH,
    "us": PASSAGE,
    "pk": POINT,
    "pu": POINT,
    "li": LETTER,
    "ti": INDENT,
    "ak": SUBPARAGRAPH,
    "zd": SENTENCE,
}
_LABEL = re.compile(
    r"(?P<label>art(?:yku[lł][^\W\d]{0,4}+|\s?\.)?(?:\s?art\.)?|§{1,2}|par(?:agraf[^\W\d]{0,4}+|\.)?"
    r"|ust(?:[eę]p[^\W\d]{0,3}+|\.)?|p(?:un)?kt[^\W\d]{0,3}+\.?|lit(?:er\w{0,2}+(?=\s)|\.|(?=\s))|tiret"
    r"|ak(?:apit\w{0,2}+|\.)|zd(?:ani\w{1,2}+|\.)?):?\s*+(?:(?:nr\.?|numer\w?|od)\s*+)?"
)
_AMOUNT = (
    r"\s*+(?:%|‰|(?:r(?=\.|\b)|rok\w*|lat[ah]?\w{0,2}|dni\w{0,3}|dzie[nń]|miesi[aąeę]c\w*|tygod\w+|godz\w*|minut\w*"
    r"|os[oó]b\w*|razy|raz|sztuk\w*|szt|egz\w*|stron\w*|str|s[lł][oó]w|z[lł]|z[lł]ot\w+|gr|groszy|euro|eur|usd|pln"
    r"|tys\w*|mln|mld|procent\w*|proc|kg|km|cm|mm|m2|metr\w*|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca"
    r"|sierpnia|wrze[sś]nia|pa[zź]dziernika|listopada|grudnia)\b)"
)
_CODE = r"(?:k\.?(?:c|k|p|w|p\.?[caksw]|k\.?[ws]|s\.?h|r\.?(?:i\.?)?o)|rodo)\b"
_GLUED = rf"(?:{_CODE}|(?:(?:pkt|ust|lit)(?=[.\s0-9])|zd(?=\.|\s?[0-9])))"
_RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED_LETTERS = "ªᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_LOWERED = str.maketrans(_RAISED_DIGITS + _RAISED_LETTERS, "0123456789" + "aabcdefghijklmnoprstuvwxyz")
# "148kk" is article 148 of the k.k., "5zł" an amount; "15zzzzl" is an article.
_SUFFIX = (
    rf"(?:(?!{_GLUED}|(?:z[lł]|(?<=[0-9]{{4}})r|lat|dni|raz|gr|szt|kg)\b)(?:z{{3,5}}+[a-zł]{{1,2}}|[a-zł]{{1,3}}))?"
)
_RAISED = (
    rf"\s?[{_RAISED_DIGITS}]++(?:[{_RAISED_LETTERS}]++|{_SUFFIX})|[{_RAISED_LETTERS}]++"
    rf"|\s?[(\[]\s?[0-9]{{1,3}}+\s?[a-z]{{0,3}}+\s?[)\]]{_SUFFIX}"
    rf"|\s[0-9]{{1,2}}+[a-z]?(?=\s++(?:§\s?[0-9]|{_CODE}))"
    rf"|(?:\s?\^|_(?=[{{0-9])|(?=\{{)|<sup>)[{{(\[]?[0-9]{{1,3}}+[a-z]?(?:</sup>|[}})\]])?{_SUFFIX}"
)
_NUMBER = re.compile(
    rf"[0-9]{{1,5}}+{_SUFFIX}(?P<raised>{_RAISED})?(?P<apart>\s[a-h](?=\s++(?:§|ust\b|pkt\b|{_CODE})))?"
    rf"(?=(?![\w/])|{_GLUED})(?!{_AMOUNT})"
)
_RAISED_PARTS = re.compile(r"(?P<base>[0-9]+[a-zł]*)[\W_]*(?P<raised>[0-9]+)[^0-9a-zł]*(?P<letters>[a-zł]{0,3})")
_NOT_IN_A_LIST = re.compile(r"\.[0-9]|\s[0-9]{3}\b|,[0-9]{2}\s*+z[lł]|:[0-9]")
_LETTERS = re.compile(r"[„\"'(]?(?P<letters>[a-z]{1,2})(?!\w|\.\s?[a-z]\b)[”\"']?[)/]?")
# Letters that are also words go on a list only before what ends or continues one: "lit. h i i RODO", "lit. b, w razie".
_ONE_LETTER_WORDS = frozenset("aiouwz")
_LIST_GOES_ON = re.compile(r"(?<=\))|\s*+(?:$|[,;.)]|i\b|oraz\b|lub\b|rodo\b|k\.|u\.|ustaw|rozp|tiret)")
_ORDINAL = re.compile(
    rf"(?P<digits>[0-9]{{1,2}})(?![\w/])(?!{_AMOUNT})"
    r"|(?P<word>pierwsz|drug|trzec|czwart|pi[aą]t|sz[oó]st|si[oó]dm|[oó]sm|dziewi[aą]t|dziesi[aą]t)\w{1,3}+"
)
_ORDINALS = ("pierwsz", "drug", "trzec", "czwart", "piat", "szost", "siodm", "osm", "dziewiat", "dziesiat")
_PLAIN_LETTERS = str.maketrans("ąó", "ao")
_ONE_SENTENCE = 200
_RANGE = re.compile(r"\s*+(?:[-–—‑]|\bdo\b)\s*+")


class Label(NamedTuple):
    """A word such as "art." or "§", the level that it opens, and where its number must begin."""

    level: int
    end: int


class Value(NamedTuple):
    """A number in canonical form, "22(1)", "a", "118..125", and where it ends."""

    number: str
    end: int


def label_at(lower: str, at: int) -> Label | None:
    """The label that begins at a place; whether a number follows is not looked at."""
    match = _LABEL.match(lower, at)
    return Label(_LEVELS[match["label"][:2]], match.end()) if match else None


def value_at(lower: str, at: int, level: int) -> Value | None:
    """The number or range of numbers that begins at a place; None if it is an amount or a date."""
    first = _single(lower, at, level)
    if not first:
        return None
    dash = _RANGE.match(lower, first.end)
    if not dash:
        return first
    again = label_at(lower, dash.end())
    if again and again.level != level:
        return first
    last = _single(lower, again.end if again else dash.end(), level)
    if not last or (level == LETTER and not _is_letter_of_list(lower, last)):
        return first
    return Value(f"{first.number}..{last.number}", last.end)


def next_value_at(lower: str, at: int, level: int) -> Value | None:
    """As `value_at`, for a number without a label of its own, as the 2 of "§ 1 i 2": more easily something else."""
    value = value_at(lower, at, level)
    if not value or _NOT_IN_A_LIST.match(lower, value.end):
        return None
    if level == LETTER and not _is_letter_of_list(lower, value):
        return None
    return value


def _is_letter_of_list(lower: str, value: Value) -> bool:
    return value.number not in _ONE_LETTER_WORDS or bool(_LIST_GOES_ON.match(lower, value.end))


def _single(lower: str, at: int, level: int) -> Value | None:
    if level < LETTER and (match := _NUMBER.match(lower, at)):
        return Value(_canonical(match), match.end() + _closing(lower, at, match.end(), level))
    if level == ARTICLE or (level < LETTER and lower[at : at + 1].isdigit()):
        return None
    if level == LETTER:
        match = _LETTERS.match(lower, at)
        return Value(match["letters"], match.end()) if match else None
    match = _ORDINAL.match(lower, at)
    return Value(match["digits"] or _position(match["word"]), match.end()) if match else None


def _closing(lower: str, at: int, end: int, level: int) -> int:
    """Length of the bracket of "pkt 1)", as statutes print it; 0 where it closes one that was opened before."""
    if level != POINT or not lower.startswith(")", end):
        return 0
    return int(lower.rfind("(", max(0, at - _ONE_SENTENCE), at) <= lower.rfind(")", max(0, at - _ONE_SENTENCE), at))


def _canonical(match: re.Match[str]) -> str:
    """22¹, 22[1], 22^1 and 22 (1) as "22(1)"; 18³a and 18³ᵃ as "18(3)a"."""
    number = match.group()
    if not match["raised"]:
        return number.replace(" ", "") if match["apart"] else number
    parts = _RAISED_PARTS.match(
        f"{number[: match.start('raised') - match.start()]} {match['raised'].replace('sup', '').translate(_LOWERED)}"
    )
    if not parts:
        return number.translate(_LOWERED)
    return f"{parts['base']}({parts['raised']}){parts['letters']}{(match['apart'] or '').strip()}"


def _position(word: str) -> str:
    return str(_ORDINALS.index(word.translate(_PLAIN_LETTERS)) + 1)
