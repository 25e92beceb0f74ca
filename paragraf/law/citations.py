"""Citations: a provision, journal position or judgment that a text cites, as a value and back in words."""

import re
from dataclasses import dataclass

from paragraf.law.acts import acts
from paragraf.law.naming import UNKNOWN_ACT, UNLISTED

# Units of a provision from the widest to the narrowest, each with the word that Polish writes before it.
UNIT_WORDS = {
    "art": "art.",
    "par": "§",
    "ust": "ust.",
    "pkt": "pkt",
    "lit": "lit.",
    "tiret": "tiret",
    "ak": "akapit",
    "zd": "zd.",
}
JOURNALS = {"dzu": "Dz.U.", "mp": "M.P."}
UNKNOWN_YEAR = "?"

_SIGNATURE = "sig"
_COURTS_WITHOUT_DIVISION = re.compile(r"(?:C-|KIO|SNO|SDI|SND)")
_GENERAL_COURT = "T-"


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited provision, journal position or judgment.

    Attributes:
        key: canonical: "kp:art=52;par=1;pkt=1", "kc:art=118..125", "?:par=2;ust=3", "ustawa:o petycjach:art=4",
            "dzu:2018:1000", "sig:II CSK 123/15".
        span: start and end in the text as it was given; of a list, each member has its own part, and the name of the
            act belongs to the last.
        act: key of the act; "?" when none is named.
        article: number of the article, "415", "22(1)" or "118..125"; "" when there is none.
    """

    key: str
    span: tuple[int, int]
    act: str
    article: str

    @property
    def level1(self) -> str:
        """The key cut to act and article; the whole key of what has no article."""
        return f"{self.act}:art={self.article}" if self.article else self.key


def format(citation: Citation) -> str:
    """The citation in the usual Polish form, "art. 52 § 1 pkt 1 k.p."; `find` reads the same key from it."""
    kind, _, rest = citation.key.partition(":")
    if kind == _SIGNATURE:
        return _judgment(rest)
    if kind in JOURNALS:
        return _journal(kind, rest.split(":"))
    units = citation.key.rpartition(":")[2]
    return f"{_provision(units)} {_act(citation.act)}".rstrip()


def _judgment(signature: str) -> str:
    if _COURTS_WITHOUT_DIVISION.match(signature) or re.match(r"[IVXLC]+ ", signature):
        return signature
    court = "TSUE" if signature.startswith(_GENERAL_COURT) else "TK"
    return f"wyrok {court} {signature}"


def _journal(kind: str, place: list[str]) -> str:
    year, *number, item = place
    dated = [f"z {year} r."] if year != UNKNOWN_YEAR else []
    return " ".join([JOURNALS[kind], *dated, *(f"Nr {digits}" for digits in number), f"poz. {item}"])


def _provision(units: str) -> str:
    pairs = (unit.partition("=") for unit in units.split(";"))
    return " ".join(f"{UNIT_WORDS[unit]} {number.replace('..', '-')}" for unit, _, number in pairs)


def _act(key: str) -> str:
    if key == UNKNOWN_ACT:
        return ""
    if key.startswith(UNLISTED):
        return f"ustawy {key.removeprefix(UNLISTED)}"
    return acts()[key].cited_as
