"""Scanner: a text in, its citations out, in one pass from one place that may begin a citation to the next."""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from paragraf.law.citations import Citation
from paragraf.law.naming import UNKNOWN_ACT, ActNames, act_names
from paragraf.law.numbering import ARTICLE
from paragraf.law.provisions import Provision, ProvisionReader
from paragraf.law.sources import journal_at, signature_at

# One letter opens the pattern, so that the engine skips to such letters; what stands before it is looked at after.
_BEGIN = re.compile(
    r"[aA§pPuUlLdDmMIVXCKSTW](?<!\w.)(?:"
    r"(?P<provision>(?<=[aA])(?i:rt)(?=[.:\s0-9y])|(?<=§)|(?<=[pP])(?i:ar(?=\.|ag)|(?:un)?kt\w{0,3}+\.?(?=\s?[0-9]))"
    r"|(?<=[uU])(?i:st(?:\.|[eę]p\w{0,3}+)?)(?=\s?[0-9])|(?<=[lL])(?i:it(?:\.|era)(?=\s?[a-z]\b)))"
    r"|(?P<journal>(?<=[dD])[Zz](?=\.?\s?[Uu]|ien)|(?<=M)(?=\.?\s?P)|(?<=[mM])onitor)"
    r"|(?P<signature>(?<=[IVXL])[IVXL]{0,5}+(?=\s)|(?:(?<=S)K|(?<=K)(?:pt?)?|(?<=P)p?|(?<=T)[sw]|(?<=[USW]))(?=\s[0-9])"
    r"|(?<=[CT])(?=[-‑–][0-9])|(?<=K)IO|(?<=S)(?:NO|DI|ND)(?=\s)))"
)
_HIDDEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
# a word that goes on in the next line
_BROKEN = re.compile(r"-(?<=[^\W\d_]-)[ \t]*+\r?\n\s*+(?=[^\W\d_])")
# Few marks a letter, since composing many takes quadratic time.
_CLUSTER = re.compile(rf"(?P<broken>{_BROKEN.pattern})|.[\u0300-\u036f]{{0,4}}", re.DOTALL)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
# "Kodeks pracy (art. 52)": how far before a provision its act may begin
_LOOK_BACK = 120
_LISTED = "art. "
_LONGEST_LIST = 1000  # characters
_WORD_START = re.compile(r"\b(?=[a-z])")
# "Kodeks pracy, art. 52", "Kodeks pracy stanowi w art. 52", "Kodeksu pracy, a dokładnie z jego art. 52"
_GAP = re.compile(
    r"[\s,:(–-]{0,5}(?:(?:stanowi|przewiduje|okre[sś]la|reguluje|m[oó]wi|wskazuje|a)\s++)?(?:(?:dok[lł]adni|konkretni|w\s++szczeg[oó]lno[sś]c)\w{1,4}+\s++)?"
    r"(?:(?:w|we|z|ze|na\s++podstawie)\s++)?(?:(?:jego|jej|swoim|swym)\s++)?"
)


def find(text: str) -> list[Citation]:
    """All citations of a text, in the order in which they appear."""
    return _Scanner(text, act_names()).citations()


class _Scanner:
    """Reads one text once; `citations` gives what it cites, with places in the text as given."""

    def __init__(self, text: str, names: ActNames) -> None:
        self._text, self._places = _composed(text)
        # İ is the one letter whose lower case is longer
        self._lower = self._text.replace("İ", "I").lower()
        self._names = names
        self._last_act = UNKNOWN_ACT
        self._end = 0

    def citations(self) -> list[Citation]:
        """All citations, in order of appearance."""
        found: list[Citation] = []
        at = 0
        while begin := _BEGIN.search(self._text, at):
            found += self._read(begin)
            at = max(self._end, begin.end())
        return found if self._places is None else [self._as_given(citation) for citation in found]

    def _read(self, begin: re.Match[str]) -> list[Citation]:
        if begin.lastgroup == "provision":
            return self._provisions(begin.start())
        reader = journal_at if begin.lastgroup == "journal" else signature_at
        found = reader(self._text, begin.start())
        if found:
            self._end = found[-1].span[1]
        return found

    def _provisions(self, start: int) -> list[Citation]:
        if listed := self._list_at(start):
            self._last_act, self._end = listed[-1].act, len(self._lower)
            return listed
        reader = ProvisionReader(self._lower, self._names, self._last_act)
        group = reader.read(start)
        before = UNKNOWN_ACT
        if group and group[0].units[ARTICLE] and group[-1].act == UNKNOWN_ACT:
            before = self._act_before(start)
        for part in group:
            if part.act == UNKNOWN_ACT:
                part.act = before
        self._last_act = before if before != UNKNOWN_ACT else reader.last_act
        self._end = reader.end
        return [Citation(part.key, (part.start, part.end), part.act, part.units[ARTICLE]) for part in group]

    def _list_at(self, start: int) -> list[Citation]:
        """The citations from a place to the end, if each has its act: "art. 36 § 1 k.p., art. 30 § 4 k.p."; else none.

        So end most answers, with provisions that others cite as well, so each is read once.
        """
        if len(self._lower) - start > _LONGEST_LIST or not self._lower.startswith(_LISTED, start):
            return []
        found: list[Citation] = []
        pieces = self._lower[start:].rstrip().split(f", {_LISTED}")
        for piece in (pieces[0], *(_LISTED + piece for piece in pieces[1:])):
            part = _alone(self._names, piece)
            if part is None:
                return []
            found.append(Citation(part.key, (start, start + part.end), part.act, part.units[ARTICLE]))
            start += len(piece) + len(", ")
        return found

    def _act_before(self, start: int) -> str:
        """The act that stands right before a provision: "Kodeks pracy art. 52", "RODO, art. 6"."""
        low = max(self._end, start - _LOOK_BACK)
        for word in _WORD_START.finditer(self._lower, low, start):
            named = self._names.at(self._lower, word.start())
            if named and named.end <= start and _GAP.fullmatch(self._lower, named.end, start):
                return named.act
        return UNKNOWN_ACT

    def _as_given(self, citation: Citation) -> Citation:
        places = self._places or []
        start, end = citation.span
        return replace(citation, span=(places[start][0], places[end - 1][1]))


@lru_cache(maxsize=65536)
def _alone(names: ActNames, piece: str) -> Provision | None:
    """The one provision with its act that a piece of a text is; None if it is anything else."""
    reader = ProvisionReader(piece, names, UNKNOWN_ACT)
    group = reader.read(0)
    is_one = len(group) == 1 and reader.end >= len(piece.rstrip(".")) and group[0].act != UNKNOWN_ACT
    return group[0] if is_one and group[0].units[ARTICLE] else None


def _composed(text: str) -> tuple[str, list[tuple[int, int]] | None]:
    """The text in composed letters without invisible ones, and where each letter stood (None: nothing was changed)."""
    is_broken = "\n" in text and bool(_BROKEN.search(text))
    if not is_broken and (text.isascii() or not _HIDDEN.search(text)):
        return text, None
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        if cluster["broken"] or cluster.group() in _INVISIBLE:
            continue
        composed = unicodedata.normalize("NFC", cluster.group())
        letters.append(composed)
        places += [cluster.span()] * len(composed)
    return "".join(letters), places
