"""Naming: which act a text names at a given place, by abbreviation, by name in any case, or by "tej ustawy"."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from paragraf.law.acts import Act, ActSource, act_source, acts

UNKNOWN_ACT = "?"
UNLISTED = "ustawa:"

_LOOSE_LETTERS = str.maketrans(
    {polish: f"[{polish}{plain}]" for polish, plain in zip("ąćęłńóśźż", "acelnoszz", strict=True)}
)
_ONE_LETTER_WORDS = "aiouwz"
# "k.k.w zw. z" is a hurried "k.k. w zw. z"
_NOT_JOINED = r"(?!\s++(?:zw\b|zwi[aą]zku\b|powi[aą]zaniu\b))"
_BLANKS = r"\s*+"

_DEMONSTRATIVES = (
    r"(?:(?:cyt|ww|pow|przyw)\b\.?|w/w|(?:po)?wy[zż]ej|te[jgż]\w{0,3}+|t[aą]|(?:cytowan|powo[lł]an|przywo[lł]an|wskazan|wymienion"
    r"|wspomnian|omawian|przedmiotow|powy[zż]sz|niniejsz|obowi[aą]zuj[aą]c|polski|nasz|obecn|aktualn|now|same)\w{1,3}+)"
)
_LEAD = re.compile(rf"{_BLANKS}(?:[,–—-]{_BLANKS})?(?:\({_BLANKS})?(?:z\s++)?(?:{_DEMONSTRATIVES}\s++){{0,3}}[„\"]?")
_STATUTE = re.compile(r"ustaw(?:[ayęąeo]|ie|om|ach|ami)\b")
_DATE = re.compile(
    r"\s++z\s++(?:(?:dnia|dn\.)\s*+)?(?:[0-9]{1,2}(?:\.|\s)\s*+(?:\w{1,12}+)(?:\.|\s)\s*+)?(?P<year>[0-9]{4})"
    r"(?:\s*+(?:r\b\.?|roku\b))?"
)
_DASH = re.compile(rf"{_BLANKS}(?:[-–—,:]{_BLANKS})?[„\"]?")
_LATER_YEAR = re.compile(r"\s++z\s++(?P<year>[0-9]{4})\s*+r(?:\.|oku\b|\b)")
_VERB_STEMS = (
    "stanow m[oó]wi przewiduj okre[sś]la reguluj zak[lł]ada wymaga nakazuj zakazuj wskazuj chroni pozwala "
    "przys[lł]uguj obowi[aą]zuj odpowiada podlega grozi prosz oznacza wynika dotycz stosuj wprowadza uprawnia "
    "zobowi[aą]zuj zwalnia narusz jeste mo[zż]e mo[zż]na nale[zż]y brzmi nak[lł]ada przyzna umo[zż]liwi dopuszcza "
    "ustanawia definiuj wy[lł][aą]cza zosta[lł] b[eę]d[zą] by[lł] wesz[lł] wchodz zawiera ustala zabrania "
    "powin kt[oó]r tak[zż]e r[oó]wnie[zż] tylko zgodnie"
)
_OTHER_WORDS = (
    "jest s[aą] nie ma mam masz daje czy gdy je[zż]eli je[sś]li poniewa[zż] bo wi[eę]c [zż]e si[eę] tj zd pkt"
)
# The title of an act that the table does not list ends where a finite verb or the next reference begins.
_TITLE_END = (
    r"(?:(?:i|oraz|lub|albo|a)\s++(?:art\b|§|ust\b)|w\s++zw\b|w\s++zwi[aą]zku\s++z\s++art"
    rf"|(?:{'|'.join(_VERB_STEMS.split())})\w*+|(?:{'|'.join(_OTHER_WORDS.split())})\b)"
)
_TITLE = re.compile(rf"(?P<title>(?:o|prawo|ordynacja|przepisy)(?:\s++(?!{_TITLE_END})[\w/-]{{1,40}}+){{1,16}})")
_LOOSE_END = re.compile(r"(?:\s++(?:i|oraz|lub|albo|a|o|w|we|z|ze|na|do|od|dla|przez|za|po|u))+$")
_BACK_REFERENCE = re.compile(r"(?P<kind>kodeks|rozporz[aą]dzeni)[ua]\b")


class Named(NamedTuple):
    """An act key, and the place after its name."""

    act: str
    end: int


class ActNames:
    """All forms of all acts of a table, as patterns over text in lower case."""

    def __init__(self, table: Iterable[Act]) -> None:
        self._acts = {act.key: act for act in table}
        shortened = {_letters(form) for act in self._acts.values() for form in act.abbreviations}
        proper: list[tuple[str, str, str]] = []
        titles: list[tuple[str, str, str]] = []
        for act in self._acts.values():
            proper += [(form, _abbreviation(form, shortened), act.key) for form in act.abbreviations]
            for name in act.names:
                (titles if name.startswith("o ") else proper).append((name, _name(name), act.key))
        self._proper, self._proper_keys = _longest_first(proper)
        self._titles, self._title_keys = _longest_first(titles)

    def after(self, lower: str, at: int, last: str) -> Named | None:
        """The act named at a place after a provision; `last` is what "tej ustawy" means there."""
        lead = _LEAD.match(lower, at)
        start = lead.end() if lead else at
        return self.at(lower, start) or self._back_reference(lower, start, last)

    def at(self, lower: str, start: int) -> Named | None:
        """The act whose name begins exactly at `start`."""
        if statute := _STATUTE.match(lower, start):
            return self._statute(lower, start, statute.end())
        if not (match := self._proper.match(lower, start)):
            return None
        key = self._proper_keys[(match.lastindex or 1) - 1]
        later = _LATER_YEAR.match(lower, match.end())
        if later and self._is_older(key, later["year"]):
            return Named(self._predecessor(key, later["year"]), later.end())
        return Named(key, match.end())

    def _statute(self, lower: str, start: int, end: int) -> Named | None:
        """What follows the word ustawa: perhaps a date, then a name or a title, of a listed or an unlisted act."""
        date = _DATE.match(lower, end)
        year = date["year"] if date else ""
        dash = _DASH.match(lower, date.end() if date else end)
        at = dash.end() if dash else end
        for pattern, keys in ((self._titles, self._title_keys), (self._proper, self._proper_keys)):
            if match := pattern.match(lower, at):
                key = keys[(match.lastindex or 1) - 1]
                return Named(self._predecessor(key, year) if self._is_older(key, year) else key, match.end())
        if match := self._proper.match(lower, start):
            return Named(self._proper_keys[(match.lastindex or 1) - 1], match.end())
        return _unlisted(lower, at)

    def _back_reference(self, lower: str, at: int, last: str) -> Named | None:
        """The act cited last, where "tej ustawy" or "tego kodeksu" fits its kind; an unknown act where not."""
        if statute := _STATUTE.match(lower, at):
            is_statute = last.startswith(UNLISTED) or (last in self._acts and self._acts[last].year is not None)
            return Named(last if is_statute else UNKNOWN_ACT, statute.end())
        if not (match := _BACK_REFERENCE.match(lower, at)):
            return None
        is_code = last in self._acts and self._acts[last].title.startswith("kodeks")
        fits = is_code if match["kind"] == "kodeks" else last == "rodo"
        return Named(last if fits else UNKNOWN_ACT, match.end())

    def _is_older(self, key: str, year: str) -> bool:
        of_act = self._acts[key].year
        return bool(year) and of_act is not None and int(year) < of_act

    def _predecessor(self, key: str, year: str) -> str:
        """Key of the act of the same name that the listed one replaced, as k.k. of 1969."""
        return f"{UNLISTED}z {year} r. {self._acts[key].title}"


def act_names() -> ActNames:
    """The names of all acts that are known now."""
    return _act_names(act_source())


@lru_cache(maxsize=16)
def _act_names(source: ActSource) -> ActNames:  # the source is what the result is kept by
    return ActNames(acts().values())


def _unlisted(lower: str, at: int) -> Named | None:
    match = _TITLE.match(lower, at)
    if not match:
        return None
    title = _LOOSE_END.sub("", match["title"])
    if " " not in title:
        return None
    return Named(UNLISTED + " ".join(title.split()), at + len(title))


def _longest_first(forms: Sequence[tuple[str, str, str]]) -> tuple[re.Pattern[str], list[str]]:
    """One pattern for many forms, and the act key of each of its groups.

    The empty group closes each branch, not opens it: the engine then rejects a branch by its first letter.
    """
    ordered = sorted(forms, key=lambda form: len(form[0]), reverse=True)
    pattern = "|".join(f"{source}()" for _, source, _ in ordered)
    return re.compile(pattern), [key for _, _, key in ordered]


def _letters(abbreviation: str) -> str:
    return re.sub(r"\W", "", abbreviation).lower()


def _abbreviation(form: str, shortened: set[str]) -> str:
    """Pattern of "k.p.c." that also takes kpc, K.P.C. and "k. p. c."."""
    parts = [part.translate(_LOOSE_LETTERS) for part in re.findall(r"\w+", form.lower())]
    if form.startswith("="):
        return r"\.\s?".join(parts) + r"\.(?!\s?\w)"
    *first, last = parts
    start = r"\.?\s?".join(first)
    if last in _ONE_LETTER_WORDS and _letters(form)[:-1] in shortened:
        return rf"{start}(?:\.?{last}\.?|\.?\s?{last}\.)(?!\w){_NOT_JOINED}"
    joint = r"\.?\s?" if first else ""
    return rf"{start}{joint}{last}(?!\.?\s?cit\b)\.?(?!\w)"


def _name(name: str) -> str:
    words = (re.escape(word).replace(r"\~", "~").translate(_LOOSE_LETTERS) for word in name.lower().split())
    return r"\s++".join(word.replace("~", r"\w{0,4}+") for word in words) + r"(?!\w)"
