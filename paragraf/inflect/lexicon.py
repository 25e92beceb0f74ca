"""Lexicon: what each word of a noun phrase may be, and its forms in other cases, as the dictionary has them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, cast

from paragraf.dictionary import analyser, generator
from paragraf.inflect.nominal import ADJECTIVES, NOUNS, Case, Nominal, Number, Word
from paragraf.inflect.preferences import everyday, likely
from paragraf.task_words import PREPOSITIONS

_PERSONAL = frozenset({"nazwisko", "imię", "przydomek"})
# Labels of style that say nothing against a word in a legal text.
_PLAIN_STYLES = frozenset({"praw.", "urz.", "ekon.", "fin.", "pol.", "handl.", "med.", "techn.", "książk.", "ofic."})
_ACRONYM = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ][A-ZĄĆĘŁŃÓŚŹŻ0-9]{1,6}")
_TOKEN_EDGE = re.compile(r"([,;:])(?=\s|$)")
_JOINTS = PREPOSITIONS - {"względem"} | {"i", "oraz", "lub", "albo", "a", "ani"}  # "od" is an ode, too
_SIGN_ENDS = (".", ")", "”", '"', "]", "!", "?")
_SHADED = (*ADJECTIVES, "ger")


def words_of(phrase: str) -> list[Word]:
    """The words of a phrase; commas, semicolons and colons are words of their own."""
    return [word_of(token) for token in _TOKEN_EDGE.sub(r" \1", phrase).split()]


@lru_cache(maxsize=100_000)
def word_of(token: str) -> Word:
    """What a word may be."""
    is_acronym = _ACRONYM.fullmatch(token) is not None
    if not is_acronym and (not token[0].isalpha() or token.endswith(_SIGN_ENDS)):
        return Word(token, "", (), (), (), frozenset(), False, True)
    prefix, analysed = _analysed(token)
    parts = frozenset(item.tag.split(":")[0] for item in analysed)
    is_joint = token.lower() in _JOINTS
    nominals = [] if is_joint else likely([nominal for item in analysed for nominal in _nominals(token, item)])
    nouns = tuple(item for item in nominals if item.part in NOUNS)
    adjectives = tuple(item for item in nominals if item.part in ADJECTIVES)
    numerals = tuple(item for item in nominals if item.part == "num")
    return Word(token, prefix, nouns, adjectives, numerals, parts, is_acronym, False)


@lru_cache(maxsize=100_000)
def forms(nominal: Nominal, written: str, case: Case, gender: str) -> tuple[str, ...]:
    """All everyday forms in a case of the lexeme of `written`, in the number and shade of the reading."""
    key = (nominal.part, nominal.number, nominal.shade)
    plain: list[str] = []
    marked: list[str] = []
    for table in _paradigms(nominal.lemma):
        cells = table.get(key, ())
        if any(cell.form.lower() == written.lower() for cell in cells):
            for cell in cells:
                if case in cell.cases and gender in cell.genders:
                    (marked if cell.is_marked else plain).append(cell.form)
    return everyday(plain or marked)


@lru_cache(maxsize=20_000)
def is_graded(lemma: str) -> bool:
    """Whether an adjective has a comparative."""
    return any(shade == "com" for table in _paradigms(lemma) for _, _, shade in table)


class _Analysed(NamedTuple):
    lemma: str
    tag: str
    labels: frozenset[str]
    styles: tuple[str, ...]


def _analysed(token: str) -> tuple[str, list[_Analysed]]:
    """The unchanging first part of a compound adjective, and all readings of the word or of its last part."""
    analysis = analyser()(token)
    last = max((end for _, end, _ in analysis), default=0)
    whole = [
        _Analysed(lemma, tag, frozenset(labels), tuple(styles))
        for start, end, (_, lemma, tag, labels, styles) in analysis
        if start == 0 and end == last and tag != "ign"
    ]
    first, hyphen, rest = token.rpartition("-")
    if whole or not rest or not any(tag == "adja" for _, _, (_, _, tag, _, _) in analysis):
        return "", whole
    return first + hyphen, [item for item in _analysed(rest)[1] if item.tag.startswith("adj:")]


def _nominals(token: str, found: _Analysed) -> Iterable[Nominal]:
    part, *rest = found.tag.split(":")
    if part not in (*_SHADED, "subst", "num") or len(rest) < 3 or (part == "num" and "col" in rest):
        return
    if token[0].islower() and part == "subst" and (found.lemma[:1].isupper() or found.labels & _PERSONAL):
        return
    labels = found.labels
    if not _PLAIN_STYLES.issuperset(found.styles):
        labels |= {"marked"}
    if "." in rest[0]:
        labels |= {"unchanging"}
    for number in rest[0].split("."):
        cases, genders = frozenset(rest[1].split(".")), frozenset(rest[2].split("."))
        shade = rest[-1] if part in _SHADED else ""
        yield Nominal(part, found.lemma, cast(Number, number), cases, genders, shade, labels)


class _Cell(NamedTuple):
    form: str
    cases: frozenset[str]
    genders: frozenset[str]
    is_marked: bool


_Table = dict[tuple[str, str, str], list[_Cell]]


@lru_cache(maxsize=20_000)
def _paradigms(lemma: str) -> list[_Table]:
    """All lexemes of that name: forms by part of speech, number and shade.

    The dictionary lists them one after the other; each noun begins with its basic form.
    """
    tables: list[_Table] = [{}]
    before = ""
    for form, name, tag, _, styles in generator()(lemma):
        part, *rest = tag.split(":")
        if len(rest) < 3 or (name != lemma and ":" in lemma) or "." in rest[0] or not _is_counting(part, rest):
            continue
        if part == "subst" and rest[1].startswith("nom") and not before.startswith(tag[:12]):
            is_next_number = rest[0] == "pl" and before.startswith("subst:sg")
            if before and not is_next_number:
                tables.append({})
        before = tag
        shade = rest[-1] if part in _SHADED else ""
        cell = _Cell(
            form, frozenset(rest[1].split(".")), frozenset(rest[2].split(".")), not _PLAIN_STYLES.issuperset(styles)
        )
        tables[-1].setdefault((part, rest[0], shade), []).append(cell)
    return tables


def _is_counting(part: str, rest: list[str]) -> bool:
    """Whether a form leaves what it counts in its own case: "pięć" makes a genitive of it, in two cases."""
    if part != "num":
        return True
    return "col" not in rest and ("congr" in rest or rest[1:3] == ["acc", "m1"])
