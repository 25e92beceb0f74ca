"""Words: what a word can be in a name: given name, surname, place, everyday word, in which case and gender."""

import re
from functools import lru_cache
from typing import NamedTuple

from paragraf.dictionary import readings, restored, spellings
from paragraf.privacy.vocabulary import AMBIGUOUS_GIVEN, FOREIGN_GIVEN, POPULAR_GIVEN
from paragraf.text import without_diacritics

CASES = frozenset({"nom", "gen", "dat", "acc", "inst", "loc", "voc"})
_GIVEN = "imię"
_SURNAME = "nazwisko"
_PLACE = "nazwa_geograficzna"
_FAMILY_ENDING = re.compile(
    r"(?:[sdc]k[ai]|[sc]ki|icz|czyk|czuk|czak|[^aeiouyąęó]ak|iak|enko|shvili|dze|[eo]v[ay]?|ian|yan|skyi|skaya|sson)$"
)
_ADJECTIVE_ENDING = re.compile(r"[sc]k[ai]$")
_FOREIGN_ENDINGS = (
    "",
    "a",
    "owi",
    "em",
    "iem",
    "ie",
    "u",
    "y",
    "i",
    "ę",
    "ą",
    "o",
    "ej",
    "ii",
    "ię",
    "ią",
    "ego",
    "emu",
    "m",
)


class Form(NamedTuple):
    """One way in which a word is a name: its basic form, number (sg, pl), gender (m, f) and possible cases."""

    lemma: str
    number: str
    gender: str
    cases: frozenset[str]


class Word(NamedTuple):
    """What a word with a capital letter can be.

    Attributes:
        is_everyday: also a noun, verb or other word that is nobody's name.
        is_function: also a conjunction, preposition, pronoun or verb, which no role leads to: "adwokat lub".
        is_adjective: also an adjective, as Kowalski and Zielona are.
        is_known: the dictionary has it.
    """

    given: tuple[Form, ...]
    surname: tuple[Form, ...]
    is_everyday: bool
    is_adjective: bool
    is_place: bool
    is_known: bool
    is_function: bool = False

    @property
    def is_plain(self) -> bool:
        """Nothing but a name, as far as the dictionary knows."""
        return not (self.is_everyday or self.is_adjective)

    @property
    def is_popular_given(self) -> bool:
        """A given name that many bear, also where it is an everyday word too, as Paweł and Marek."""
        return any(form.lemma in POPULAR_GIVEN for form in self.given)

    @property
    def is_popular_nominative(self) -> bool:
        """A given name as it stands after "mój brat", also where it is typed without its capital letter."""
        return not self.is_ambiguous_given and any(
            form.lemma in POPULAR_GIVEN and "nom" in form.cases for form in self.given
        )

    @property
    def is_ambiguous_given(self) -> bool:
        """A given name that a capital letter alone does not make a person of: Róża, Maja, Sylwester."""
        return any(form.lemma in AMBIGUOUS_GIVEN for form in self.given)

    @property
    def has_family_ending(self) -> bool:
        """A surname by its ending, as Wiśniewska or Szewczyk."""
        return any(_FAMILY_ENDING.search(form.lemma.lower()) for form in self.surname)

    @property
    def is_adjectival_surname(self) -> bool:
        """A surname that bends like an adjective."""
        return any(_ADJECTIVE_ENDING.search(form.lemma) for form in self.surname)

    @property
    def is_name(self) -> bool:
        """Whether it can name a person at all."""
        return bool(self.given or self.surname)


NOBODY = Word((), (), True, False, False, True)


@lru_cache(maxsize=200_000)
def word_of(text: str) -> Word:
    """What a word, as its letters stand with the first one capital, can be."""
    if "-" not in text:
        return _single(text)
    first, _, second = text.partition("-")
    if not first or not second or "-" in second:
        return NOBODY
    return _joined(first, second)


@lru_cache(maxsize=100_000)
def everyday_lemmas(text: str) -> frozenset[str]:
    """Basic forms of a word in lower case and the word itself, all without diacritics."""
    found = {without_diacritics(reading.lemma.lower()) for reading in restored(text.lower())}
    return frozenset(found | {without_diacritics(text.lower())})


@lru_cache(maxsize=100_000)
def noun_forms(text: str) -> frozenset[tuple[str, str, str]]:
    """Case, number and gender of a word in lower case that can be a noun."""
    return frozenset(
        (case, number, gender)
        for reading in restored(text.lower())
        if reading.tag.startswith(("subst", "ger")) and len(parts := reading.tag.split(":")) > 3
        for case in parts[2].split(".")
        for number in parts[1].split(".")
        for gender in parts[3].split(".")
    )


@lru_cache(maxsize=100_000)
def is_finite_verb(text: str) -> bool:
    """Whether a word in lower case can be what a sentence says of its subject."""
    finite = ("fin:", "praet:", "bedzie:", "winien:", "pred")
    return text == "nie" or any(reading.tag.startswith(finite) for reading in restored(text.lower()))


@lru_cache(maxsize=100_000)
def is_everyday_word(text: str) -> bool:
    """Whether a word in lower case is in the dictionary as something else than a name."""
    return any(
        not (reading.tag.startswith("brev") or reading.styles or reading.lemma[0].isupper())
        for reading in restored(text)
    )


def agrees(given: Word, surname: Word) -> bool:
    """Whether a given name and a surname can stand in one case, of one gender; an unknown word agrees with all."""
    if not surname.surname:
        return not surname.is_everyday and not surname.is_place
    return any(
        first.cases & last.cases and (last.number == "pl" or first.gender == last.gender)
        for first in given.given
        for last in surname.surname
    )


def stems(word: str) -> frozenset[str]:
    """Basic forms that a word which the dictionary does not know may have."""
    lower = without_diacritics(word.lower())
    cut = {lower[: -len(end)] for end in map(without_diacritics, _FOREIGN_ENDINGS) if end and lower.endswith(end)}
    return frozenset({lower} | {stem for stem in cut if len(stem) > 2} | {stem + "a" for stem in cut if len(stem) > 2})


def _single(text: str) -> Word:
    known = _known(text)
    if known is not None:
        return known
    spelled = [word for spelling in spellings(text) if (word := _known(spelling))]
    if not spelled:
        return Word(_foreign(text), (), False, False, False, False)
    named = [word for word in spelled if word.is_name] or spelled
    return Word(
        tuple(form for word in named for form in word.given),
        tuple(form for word in named for form in word.surname),
        all(word.is_everyday for word in named),
        any(word.is_adjective for word in named),
        any(word.is_place for word in spelled),
        True,
        any(word.is_function for word in named),
    )


def _known(text: str) -> Word | None:
    given: list[Form] = []
    surname: list[Form] = []
    is_everyday = is_adjective = is_place = is_function = False
    found = readings(text)
    for reading in found:
        is_person = bool(reading.labels & {_GIVEN, _SURNAME})
        is_place |= _PLACE in reading.labels
        forms = _forms(reading.lemma, reading.tag) if is_person else []
        if _GIVEN in reading.labels:
            given += [form for form in forms if form.number == "sg"]
        if _SURNAME in reading.labels:
            surname += forms
        if is_person or reading.tag.startswith(("brev", "depr")) or (reading.styles and len(found) > 1):
            continue
        if reading.lemma[0].isupper():
            is_place = True
        elif reading.tag.startswith("adj"):
            is_adjective = True
        else:
            is_everyday = True
            is_function |= not reading.tag.startswith(("subst", "ger", "impt", "frag"))
    if not found:
        return None
    return Word(tuple(given), tuple(surname), is_everyday, is_adjective, is_place, True, is_function)


def _forms(lemma: str, tag: str) -> list[Form]:
    parts = tag.split(":")
    if parts[0] != "subst" or len(parts) < 4:
        return []
    gender = "f" if parts[3] == "f" else "m"
    return [Form(lemma, number, gender, frozenset(parts[2].split("."))) for number in parts[1].split(".")]


def _joined(one_part: str, other_part: str) -> Word:
    """A word of two parts with a hyphen: a double surname or a double given name."""
    first, second = _single(one_part), _single(other_part)
    is_strange = any(word.is_everyday and not word.surname for word in (first, second))
    surname = (
        ()
        if is_strange or not (first.surname or second.surname)
        else _pairs(first.surname or _loose(one_part), second.surname or _loose(other_part))
    )
    given = _pairs(first.given, second.given)
    is_everyday = first.is_everyday and second.is_everyday
    is_place = (first.is_place and second.is_place) or not (surname or given)
    return Word(given, surname, is_everyday, False, is_place, bool(surname or given))


def _loose(part: str) -> tuple[Form, ...]:
    """Half of a double surname that the dictionary does not know."""
    return tuple(Form(stem, "sg", gender, CASES) for stem in stems(part) for gender in "mf")


def _pairs(ones: tuple[Form, ...], others: tuple[Form, ...]) -> tuple[Form, ...]:
    """Double names of halves in one case, number and gender."""
    pairs = {
        Form(f"{one.lemma}-{other.lemma}", other.number, other.gender, one.cases & other.cases)
        for one in ones
        for other in others
        if one.cases & other.cases and one.gender == other.gender and one.number == other.number
    }
    return tuple(sorted(pairs, key=lambda form: (form.lemma, form.number, form.gender, sorted(form.cases))))


def _foreign(text: str) -> tuple[Form, ...]:
    """Given names of other languages as they are written in Polish texts, in any case form."""
    found = [lemma for stem in stems(text) if (lemma := stem) in FOREIGN_GIVEN]
    return tuple(Form(lemma.capitalize(), "sg", gender, CASES) for lemma in found for gender in FOREIGN_GIVEN[lemma])
