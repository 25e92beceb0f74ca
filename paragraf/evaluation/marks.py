"""Marks: what a word of an answer does in its sentence beside what it speaks of: ends it, denies, links, limits."""

import re
from collections.abc import Sequence
from enum import IntFlag, auto
from functools import lru_cache
from sys import intern
from typing import NamedTuple, TypeVar

from paragraf.dictionary import Reading, readings
from paragraf.evaluation.concepts import concepts_of, is_kin
from paragraf.evaluation.quantities import COUNTED_PLACES, is_part
from paragraf.statements.stance import HELD, Modality, denies, modality_of_word
from paragraf.text import without_diacritics


class Mark(IntFlag):
    """What a word does."""

    ENDS = auto()  # a sentence
    MAY_END = auto()  # a sentence, if the next word begins one: "r.", "k.p."
    BREAKS = auto()  # a clause
    LINKS = auto()  # opens a clause that depends on another one: "gdy", "jeżeli", "który"
    LISTS = auto()  # goes on with something else: "a", "oraz", "i"
    NOT = auto()
    LACKS = auto()  # "bez", "brak": the noun after it is not there
    DENIED = auto()  # by its own first letters: "nieważny"
    NEGATIVE = auto()  # says no in whatever way: "żaden", "zakaz", "odrzucić"
    HOLDS = auto()  # "ma": somebody has a right
    HELD = auto()  # the right
    INFINITIVE = auto()
    QUANTITY = auto()
    JOINS = auto()  # stands between the numbers of a range: "do", "lub"
    UPPER = auto()  # what follows is not exceeded: "do", "najwyżej"
    LOWER = auto()
    LESS = auto()  # "krócej"
    MORE = auto()
    COMPARES = auto()  # "niż", "od": the word before says from which side
    PASSES = auto()  # "upływem", "ukończenia": the word before says from which side
    KNOWN = auto()  # to the dictionary
    ALLOWS = auto()  # allows, forbids or orders
    DECLINES = auto()  # is said where no answer is given: "wiem", "potrafię"


class Word(NamedTuple):
    """A word of a text, as it stands between two blanks; `marks` is a plain number, as flags are slow to ask."""

    concepts: tuple[str, ...]
    marks: int
    modality: Modality | None
    core: str  # in lower case, without punctuation
    plain: str  # without diacritics, too
    is_capital: bool


_Value = TypeVar("_Value")
_MOST_WORDS = 400_000  # some 200 MB
NOTHING = Word((), 0, None, "", "", False)
_EDGES = "„”\"'«»()[]…,.;:!?*_–—-"
_ENDINGS = re.compile(r"(?:[.!?…]+|[:;])[”\"»')\]*_]*$")
_BREAKS = re.compile(r"[,;:][”\"»')\]]*$|^[–—-]+$")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEVER_END = frozenset(
    [
        "np",
        "m.in",
        "tzw",
        "tzn",
        "tj",
        "ok",
        "art",
        "ust",
        "pkt",
        "lit",
        "par",
        "zob",
        "por",
        "nr",
        "poz",
        "ww",
        "im",
        "dr",
        "mgr",
        "prof",
        "ul",
        "św",
        "mln",
        "mld",
        "tys",
        "godz",
        "min",
        "tel",
        "os",
    ]
)
_MAY_END = frozenset(
    [
        "r",
        "zł",
        "gr",
        "itd",
        "itp",
        "in",
        "k.p",
        "k.c",
        "k.k",
        "k.r.o",
        "k.p.a",
        "k.p.c",
        "k.p.k",
        "o.o",
        "s.a",
        "u",
        "pn",
    ]
)
_LIKE_NO = re.compile(
    r"zad(?:en|na|ne|nego|nej|nym|nych)|nikt|nikogo|nikomu|nigdy|nic|ani|zakaz\w*|zabr(?:on|ani)\w+|odrzuc\w+"
    r"|odm(?:ow|aw)\w+|wyklucz\w+|wylacz(?:y\w*|a|aja|ac|on\w+|eni\w+)|utra[ct]\w+|trac\w+|wygas\w+|przepad\w+|zw[oa]lni\w+"
    r"|uchyl\w+|znies\w+|bezskuteczn\w+|bezprawn\w+|brak\w*|bez|nie|zbedn\w+|przedawn\w+|zamiast|wbrew|pozbaw\w+"
    r"|bezplatn\w+|oddal\w+|unik\w+|sprzeczn\w+|przeszkod\w+|pomin\w+|pomij\w+|wolny|wolna|wolne"
)
_LESS = re.compile(r"krots\w+|krocej|mniej|mniejs\w+|niz[ejs]\w+|mlods\w+|wczesniej\w*")
_MORE = re.compile(r"dluz\w+|wiecej|wieks\w+|wyz[ejs]\w+|stars\w+|pozniej\w*")
_CROSSING = r"przekr(?:acza\w*|oczy\w*)"
_MEMBERS: tuple[tuple[Mark, str], ...] = (
    (Mark.NOT, "nie"),
    (Mark.LACKS, "bez brak braku brakiem"),
    (
        Mark.LINKS,
        "gdy jesli jezeli kiedy dopoki ile ktory ktora ktore ktorego ktorej ktorym ktorych ktorzy ktorymi jak liczac"
        " czyli przy dla chyba zanim odkad",
    ),
    (Mark.LISTS, "a oraz natomiast zas i lub albo ale lecz"),
    (Mark.JOINS, "do lub albo i - – —"),
    (
        Mark.UPPER,
        "do przed ponizej najwyzej maksymalnie maksimum najdluzej najpozniej ciagu terminie nieprzekraczajacy"
        " nieprzekraczajacej nieprzekraczajacego",
    ),
    (Mark.LOWER, "po ponad powyzej najmniej przynajmniej minimum minimalnie najwczesniej"),
    (Mark.COMPARES, "niz od"),
    (
        Mark.PASSES,
        "uplywem uplywie uplywu ukonczenia ukonczeniu dnia dniu dniem konca koncem koncu wysokosci kwoty wartosci"
        " okres okresie pelnych pelne",
    ),
    (Mark.HOLDS, "mam masz ma mamy macie maja mial miala mieli miec mialby"),
    (Mark.HELD, "prawo prawa"),
    (
        Mark.DECLINES,
        "wiem potrafie umiem moge mozemy potrafimy jestem jestesmy odpowiem odpowiemy udziele udzielimy podam"
        " podamy wskaze wypowiem rozstrzygne mam posiadam dysponuje mamy posiadamy znam znamy pamietam trudno wykracza"
        " odmawiam brak brakuje moja chce",
    ),
)
_SETS = tuple((int(mark), frozenset(members.split())) for mark, members in _MEMBERS)
_PATTERNS = (
    (int(Mark.NEGATIVE), _LIKE_NO),
    (int(Mark.LESS), _LESS),
    (int(Mark.MORE), _MORE),
    (int(Mark.LOWER), re.compile(_CROSSING)),
)
_LIMITS = int(Mark.UPPER | Mark.LOWER | Mark.LESS | Mark.MORE)


def words_of(text: str) -> list[Word]:
    """The words of a text, each with what it does."""
    return list(map(_WORDS.__getitem__, text.split()))


class _Words(dict[str, Word]):
    """Words that were met before; a plain dictionary, as a cache that notes what was asked last is far slower."""

    def __missing__(self, typed: str) -> Word:
        if len(self) >= _MOST_WORDS:
            self.clear()
        word = _word(typed)
        # what many words share is held once, as memory is what reading waits for
        concepts, marks = _shared(word.concepts), _shared(word.marks)
        self[typed] = word = word._replace(concepts=concepts, marks=marks, plain=intern(word.plain))
        return word


_WORDS = _Words()


@lru_cache(maxsize=100_000)
def _shared(value: _Value) -> _Value:
    """The first one of equal values."""
    return value


def _word(typed: str) -> Word:
    """A word with what it does; `typed` is all that stands between two blanks."""
    core = typed.strip(_EDGES).lower()
    plain = without_diacritics(core)
    marks = _punctuation(typed, core) | _role(plain)
    is_capital = typed.lstrip(_EDGES)[:1].isupper()
    if (core or typed[-1:] in "%‰") and is_part(core or typed):
        marks |= int(Mark.QUANTITY)
        if not plain.startswith(COUNTED_PLACES):
            return Word((), marks | int(Mark.KNOWN), None, core, plain, is_capital)
    letters = _LETTERS.findall(core)
    told = readings(core) if len(letters) == 1 else []
    if len(letters) == 1 and plain.startswith("nie") and plain != "nie" and not is_kin(core) and denies(core):
        marks |= int(Mark.DENIED | Mark.NEGATIVE)
        concepts = concepts_of(core[3:]) or concepts_of(core)
    else:
        concepts = tuple(dict.fromkeys(key for word in letters for key in concepts_of(word)))
    modality = _modality(plain, told)
    marks |= int(Mark.KNOWN) * bool(told) | int(Mark.ALLOWS) * bool(modality)
    if any(reading.tag.startswith(("inf", "ger")) for reading in told):
        marks |= int(Mark.INFINITIVE)
    return Word(() if marks & _LIMITS else concepts, marks, modality, core, plain, is_capital)


def _modality(plain: str, told: Sequence[Reading]) -> Modality | None:
    """What a word allows or orders by itself; "prawo" does only where somebody has it, "zobowiązanie" is a debt."""
    if plain in HELD and plain.startswith("praw"):
        return None
    is_noun = bool(told) and all(reading.tag.startswith(("subst", "ger")) for reading in told)
    return None if is_noun and plain.startswith("zobowiazan") else HELD.get(plain) or modality_of_word(plain)


def _punctuation(typed: str, core: str) -> int:
    """What the end of a word says about the sentence."""
    marks = Mark(0)
    if _ENDINGS.search(typed) and not (core in _NEVER_END and typed.endswith(".")):
        is_ordinal = core.isdecimal() and typed.endswith(".")
        marks |= Mark.MAY_END if core in _MAY_END or is_ordinal else Mark.ENDS
    if _BREAKS.search(typed):
        marks |= Mark.BREAKS
    return int(marks)


@lru_cache(maxsize=200_000)
def _role(plain: str) -> int:
    """What a plain word does."""
    marks = 0
    for mark, members in _SETS:
        if plain in members:
            marks |= mark
    for mark, pattern in _PATTERNS:
        if pattern.fullmatch(plain):
            marks |= mark
    return marks
