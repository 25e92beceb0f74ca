"""Clauses: an answer in, its sentences out, cut into clauses that know what they say and what they only suppose."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from paragraf.evaluation.cues import phrases
from paragraf.evaluation.phrases import BREAKS, CONJUNCTIONS, ENDS, NEGATIONS, Found, Place, marked
from paragraf.text import without_diacritics, without_quotes, words

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]|\n")
_ABBREVIATIONS = frozenset(
    words(
        "art ust pkt lit par np itd itp tj tzw tzn ww ok godz dr mec prof inz mgr ul al os pl nr poz zob por r zl gr"
        " tys mln mld min max m tel sw dot ds br ub str dz zm oo"
    )
)
# A clause that begins with one of these supposes, asks or speaks of somebody else.
_OPENING = frozenset(
    words(
        "czy jesli jezeli jesliby jezeliby gdy gdyby gdybym gdybys gdzie zanim kiedy ile jak kto kogo komu co ktory"
        " ktora ktore ktorego ktorej ktorych ktorym ktorzy ktorymi chyba dopoki czyli"
    )
)
_CONDITIONS = frozenset(words("jesli jezeli jesliby jezeliby gdy gdyby gdybym gdybys chyba"))
_THAT = frozenset(words("ze iz zeby aby by jakoby izby zebys zebym"))
_LEADING = frozenset(words("a i ale lecz tylko oraz nawet wiec bo wtedy o"))


@dataclass(slots=True)
class Clause:
    """A part of a sentence between its marks.

    Attributes:
        tokens: words, numbers and signs in the form of the table of cues.
        cues: what is said in it, each with its places among the tokens.
        is_open: it supposes, asks, denies what depends on it, or tells what others say.
        is_condition: it begins with "if".
        is_backed: the clause that it hangs on vouches for it: "I guarantee that".
    """

    tokens: Sequence[str]
    cues: Found
    is_open: bool = False
    is_condition: bool = False
    is_backed: bool = False

    def says(self, *cues: str) -> bool:
        """Whether any of the cues stands here and is not denied."""
        return any(not self._is_denied(place) for cue in cues for place in self.cues.get(cue, ()))

    def holds(self, *cues: str) -> bool:
        """Whether any of the cues stands here, denied or not."""
        return not self.cues.keys().isdisjoint(cues)

    def takes_back(self, cue: str) -> bool:
        """Whether a "nie" follows a cue: "a guarantee does not give"."""
        return any(self.tokens[end : end + 1] == ["nie"] for _, end in self.cues.get(cue, ()))

    def _is_denied(self, place: Place) -> bool:
        """Whether a negation stands shortly before a place; one that the cue begins with is its own."""
        start = place[0]
        return self.tokens[start] not in NEGATIONS and any(
            self.tokens[at] in NEGATIONS and self.tokens[at + 1] != "tylko" for at in range(max(0, start - 3), start)
        )


@dataclass(slots=True)
class Sentence:
    """Clauses up to a mark that ends a sentence."""

    clauses: list[Clause]
    is_question: bool

    @property
    def is_conditional(self) -> bool:
        """Whether anything in it holds only on a condition."""
        return any(clause.is_condition for clause in self.clauses)

    def says(self, *cues: str) -> bool:
        """Whether any clause says one of the cues."""
        return any(clause.says(*cues) for clause in self.clauses)

    def holds(self, *cues: str) -> bool:
        """Whether a cue stands in any clause, denied or not."""
        return any(clause.holds(*cues) for clause in self.clauses)


@dataclass(frozen=True)
class Reading:
    """An answer as the rules read it.

    Attributes:
        text: the whole of it in lower case.
        tokens: words, numbers and signs in the form of the table of cues.
        cues: all that is said, with its places among the tokens.
    """

    text: str
    tokens: list[str]
    cues: Found
    _made: dict[int, Sentence] = field(default_factory=dict)

    @cached_property
    def typed(self) -> list[str]:
        """The tokens as they are typed, in lower case."""
        return _TOKEN.findall(self.text)

    def holds(self, *cues: str) -> bool:
        """Whether a cue stands anywhere, denied or not: a quick look that spares most answers a rule."""
        return not self.cues.keys().isdisjoint(cues)

    def sentence_at(self, token: int) -> Sentence:
        """The sentence in which a token stands, made when a rule first asks for it."""
        number = bisect_right(self._starts, token) - 1
        if number not in self._made:
            self._made[number] = self._sentence(number)
        return self._made[number]

    def sentences_with(self, *cues: str) -> Iterator[Sentence]:
        """The sentences in which any of the cues stands, in the order of the cues; more than once if it stands so."""
        return (self.sentence_at(start) for cue in cues for start, _ in self.cues.get(cue, ()))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *_ends(self.tokens), len(self.tokens)]

    @cached_property
    def _said(self) -> dict[int, list[tuple[str, Place]]]:
        """The cues of each sentence by its number."""
        said: dict[int, list[tuple[str, Place]]] = {}
        for cue, places in self.cues.items():
            for place in places:
                said.setdefault(bisect_right(self._starts, place[0]) - 1, []).append((cue, place))
        return said

    def _sentence(self, number: int) -> Sentence:
        start, end = self._starts[number : number + 2]
        clauses: list[Clause] = []
        for first, last in _clauses(self.tokens, start, end):
            cues: Found = {}
            for cue, place in self._said.get(number, ()):
                if first <= place[0] < last:
                    cues.setdefault(cue, []).append((place[0] - first, place[1] - first))
            clause = Clause(self.tokens[first:last], cues)
            _place(clause, clauses[-1] if clauses else None)
            clauses.append(clause)
        return Sentence(clauses, self.tokens[end - 1] == "?")


@lru_cache(maxsize=64)  # all rules read the same answer one after the other
def read(answer: str) -> Reading:
    """The answer taken apart; what stands in quotation marks is somebody else's and left out."""
    text = unicodedata.normalize("NFC", without_quotes(answer)).lower()
    kept = marked(text)
    plain = kept.replace("ę", "e")
    tokens = _TOKEN.findall(kept)
    return Reading(text, tokens, phrases(without_diacritics if plain == text else marked).find(tokens))


def _ends(tokens: Sequence[str]) -> Iterator[int]:
    """The places after the marks that end a sentence, but for the last."""
    for at, sign in enumerate(tokens):
        if sign in ENDS and at + 1 < len(tokens) and not (sign == "." and _is_abbreviated(tokens, at)):
            yield at + 1


def _is_abbreviated(tokens: Sequence[str], at: int) -> bool:
    before = tokens[at - 1] if at else ""
    is_last = at + 1 == len(tokens) or tokens[at + 1] == "\n"
    return not is_last and (before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()))


def _clauses(tokens: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of tokens between marks or before a conjunction."""
    begun = start
    for at in range(start, end):
        token = tokens[at]
        if token in BREAKS or token in ENDS or token in CONJUNCTIONS:
            if at > begun:
                yield begun, at
            begun = at if token in CONJUNCTIONS else at + 1
    if begun < end:
        yield begun, end


def _place(clause: Clause, before: Clause | None) -> None:
    """Tell a clause what its first words and the clause that it hangs on make of it."""
    first = next((token for token in clause.tokens[:3] if token not in _LEADING), "")
    clause.is_condition = first in _CONDITIONS or clause.holds("condition")
    clause.is_open = clause.is_condition or first in _OPENING or clause.holds("doubt")
    if before is not None and first in _THAT:
        is_denied = not NEGATIONS.isdisjoint(before.tokens) and not before.holds("certain")
        clause.is_open = before.is_open or is_denied or before.holds("doubt", "hearsay")
        clause.is_backed = before.says("vouch") and not clause.is_open
