"""Sources: journal positions ("Dz.U. z 2018 r. poz. 1000") and signatures of judgments ("II CSK 123/15")."""

import re

from paragraf.law.acts import published_at
from paragraf.law.citations import UNKNOWN_YEAR, Citation
from paragraf.law.naming import UNKNOWN_ACT

_JOURNAL = re.compile(
    r"(?:(?P<dzu>dz\.?\s?u\.?(?![a-z])|dziennik\w{0,3}+\s++ustaw)|m\.\s?p\.|mp\b|monitor\w{0,2}+\s++polski\w{0,3}+)\s*+",
    re.IGNORECASE,
)
_POSITION_DOTTED = re.compile(
    r"(?:z\s++)?(?:(?P<year>[0-9]{4})[./](?:(?P<number>[0-9]{1,3})[./])?|(?P<short>[0-9]{2})\.(?P<issue>[0-9]{1,3})\.)"
    r"(?P<item>[0-9]{1,4})(?![\w/])"
)
_POSITION = re.compile(
    r"(?:,\s*+)?(?:z\s++)?(?:dnia\s++[0-9]{1,2}\s++\w{3,12}+\s++)?(?:(?P<year>[0-9]{4})(?!\w)\s*+(?:r(?:\.|oku\b|\b))?)?[\s,]*+"
    r"(?:n(?:r|umer)\.?\s*+(?P<number>[0-9]{1,3})(?:\s++z\s++(?P<later>[0-9]{4})\s*+r(?:\.|oku\b|\b))?)?[\s,]*+poz(?:\.|ycj\w{1,2}+)?\s*+(?P<item>[0-9]{1,5})(?![\w/])",
    re.IGNORECASE,
)
_NEXT_POSITION = re.compile(
    r"[\s,;]*+(?:(?:i|oraz|a\s++tak[zż]e)\s++)?(?:z\s++(?P<year>[0-9]{4})\s*+r(?:\.|oku\b|\b)[\s,]*+)?"
    r"(?:nr\.?\s*+(?P<number>[0-9]{1,3})[\s,]*+)?poz\.?\s*+(?P<item>[0-9]{1,5})(?![\w/])",
    re.IGNORECASE,
)
_NEXT_ITEM = re.compile(r"\s*+(?:,|i\b|oraz\b)\s*+(?P<item>[0-9]{1,5})(?![\w/.]|\s*+(?:r\b|z[lł]))")
_YEAR_AFTER = re.compile(r"\s*+z\s++(?:dnia\s++[0-9]{1,2}\s++\w{3,12}+\s++)?(?P<year>[0-9]{4})\s*+r")
_YEAR_BEFORE = re.compile(r"\bz\s++(?:dnia\s++)?(?:[0-9]{1,2}[.\s]\s*+\w{1,12}+[.\s]\s*+)?(?P<year>[0-9]{4})\s*+r")
_LOOK_BACK_FOR_YEAR = 200
# Years of two digits were in use until about 2012, so that 44 and later are of the last century.
_CENTURY, _FIRST_YEAR = 19, "44"

_DIVISION = re.compile(
    r"(?P<division>[IVXL]{1,6})\s++(?P<repertory>(?!(?:Nr|Os|Al|Ul|Pl|Dz)\b)"
    r"(?:[A-Z][a-z]{0,2}[A-Z]?|[A-Z]{2,5}[a-z]{0,3})(?:/[A-Z][a-zł]{1,2})?(?:[- ]upr)?)"
    r"\s*+(?P<case>[0-9]{1,5}\s?/\s?[0-9]{2}(?:[0-9]{2})?)(?![\w/])"
)
_TRIBUNAL = re.compile(r"(?:SK|Kpt?|K|P|Pp|Ts|Tw|U|S|W)\s++[0-9]{1,3}/[0-9]{2}(?:[0-9]{2})?(?![\w/])")
_UNION = re.compile(r"(?P<court>[CT])[-‑–](?P<case>[0-9]{1,4}/[0-9]{2}(?:\s(?:PPU|P|R)\b)?)(?![\w/])")
_CHAMBER = re.compile(
    r"(?P<chamber>KIO(?:/(?:UZP|KD|KU))?|SNO|SDI|SND)\s++(?P<case>[0-9]{1,5}/[0-9]{2}(?:[0-9]{2})?)(?![\w/])"
)
# A tank is a T-34/85, and "K 1/20" may be anything, unless the text has just spoken of a judgment.
_JUDGMENT = re.compile(
    r"\bTK\b|\bSUE\b|TSUE|(?i:trybuna|sygn|wyrok|postanowieni|orzeczeni|spraw[aąęyi]|s[aą]du\s++unii|s[aą]du\s++ue)"
)
_LOOK_BACK_FOR_JUDGMENT = 80


def journal_at(text: str, at: int) -> list[Citation]:
    """All positions that one mention of Dziennik Ustaw or Monitor Polski lists."""
    journal = _JOURNAL.match(text, at)
    if not journal:
        return []
    kind = "dzu" if journal["dzu"] else "mp"
    position = _POSITION_DOTTED.match(text, journal.end()) or _POSITION.match(text, journal.end())
    if not position:
        return []
    told = position.groupdict()
    year = _year_told(told) or _year_near(text, at, position.end())
    number = told["number"] or told.get("issue")
    found = [_position(kind, year, number, position["item"], (at, position.end()))]
    while following := _NEXT_POSITION.match(text, position.end()) or _NEXT_ITEM.match(text, position.end()):
        told = following.groupdict()
        if "year" in told:
            year, number = told["year"] or year, told["number"] or (None if told["year"] else number)
        span = (following.start("item"), following.end())
        found.append(_position(kind, year, number, following["item"], span))
        position = following
    return found


def _year_told(told: dict[str, str | None]) -> str | None:
    """The year of a position, also of "Nr 167 z 2005 r., poz. 1398" and of "05.167.1398"."""
    short = told.get("short")
    if short:
        return f"{_CENTURY if short >= _FIRST_YEAR else _CENTURY + 1}{short}"
    return told["year"] or told.get("later")


def _position(kind: str, year: str, number: str | None, item: str, span: tuple[int, int]) -> Citation:
    key = ":".join([kind, year, *([number] if number else []), item])
    return Citation(key, span, published_at().get(key, UNKNOWN_ACT), "")


def _year_near(text: str, start: int, end: int) -> str:
    """The year that follows, as in "Dz.U. Nr 16, poz. 93 z 1964 r.", or else that of the act before it."""
    if after := _YEAR_AFTER.match(text, end):
        return after["year"]
    before = list(_YEAR_BEFORE.finditer(text, max(0, start - _LOOK_BACK_FOR_YEAR), start))
    return before[-1]["year"] if before else UNKNOWN_YEAR


def signature_at(text: str, at: int) -> list[Citation]:
    """The signature that begins at a place; short ones count only where the text speaks of a judgment."""
    for reader in (_division, _tribunal, _union, _chamber):
        if found := reader(text, at):
            signature, end = found
            return [Citation(f"sig:{signature}", (at, end), UNKNOWN_ACT, "")]
    return []


def _division(text: str, at: int) -> tuple[str, int] | None:
    match = _DIVISION.match(text, at)
    if not match:
        return None
    return f"{match['division']} {match['repertory']} {''.join(match['case'].split())}", match.end()


def _tribunal(text: str, at: int) -> tuple[str, int] | None:
    match = _TRIBUNAL.match(text, at)
    return (" ".join(match.group().split()), match.end()) if match and _speaks_of_judgment(text, at) else None


def _union(text: str, at: int) -> tuple[str, int] | None:
    match = _UNION.match(text, at)
    if not match or (match["court"] == "T" and not _speaks_of_judgment(text, at)):
        return None
    return f"{match['court']}-{' '.join(match['case'].split())}", match.end()


def _chamber(text: str, at: int) -> tuple[str, int] | None:
    match = _CHAMBER.match(text, at)
    return (f"{match['chamber']} {match['case']}", match.end()) if match else None


def _speaks_of_judgment(text: str, at: int) -> bool:
    line = text.rfind("\n", max(0, at - _LOOK_BACK_FOR_JUDGMENT), at) + 1
    return bool(_JUDGMENT.search(text, max(line, at - _LOOK_BACK_FOR_JUDGMENT), at))
