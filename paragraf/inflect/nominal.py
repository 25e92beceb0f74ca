"""Nominal: a word that has case, as it may be read, and the words of a phrase with all their readings."""

from typing import Literal, NamedTuple

Case = Literal["nom", "gen", "dat", "acc", "inst", "loc"]
Number = Literal["sg", "pl"]

NOUNS = ("subst", "ger")
ADJECTIVES = ("adj", "ppas", "pact")


def listed(words: str) -> frozenset[str]:
    """The words of a list that is written with blanks."""
    return frozenset(words.split())


class Nominal(NamedTuple):
    """One way to read a word that has case.

    Attributes:
        part: part of speech as the dictionary writes it: subst, ger, adj, ppas, pact, num.
        lemma: the dictionary's own name of the lexeme, "prezes:Sm1".
        shade: what keeps forms of one lexeme apart beside number, case and gender: degree, negation.
        labels: what a noun names, "imię"; "marked" for one of old or narrow use, "unchanging" for one form for all.
    """

    part: str
    lemma: str
    number: Number
    cases: frozenset[str]
    genders: frozenset[str]
    shade: str
    labels: frozenset[str]

    @property
    def name(self) -> str:
        """The basic form, without what the dictionary adds to keep lexemes apart."""
        return self.lemma.partition(":")[0]


class Word(NamedTuple):
    """A word of a phrase with its readings.

    Attributes:
        prefix: what stands unchanged before the part that is inflected: "polsko-" of polsko-niemiecki.
        parts: the parts of speech of all readings.
        is_sign: a number, a mark, an abbreviation with a dot, or something in brackets or quotation marks.
    """

    text: str
    prefix: str
    nouns: tuple[Nominal, ...]
    adjectives: tuple[Nominal, ...]
    numerals: tuple[Nominal, ...]
    parts: frozenset[str]
    is_acronym: bool
    is_sign: bool

    @property
    def is_unknown(self) -> bool:
        return not (self.parts or self.is_acronym or self.is_sign)
