"""Naming: whom a mention names, so that the same person is known again in another case form."""

from collections.abc import Sequence
from itertools import islice

from paragraf.privacy.spans import Name
from paragraf.privacy.tokens import Token
from paragraf.privacy.words import Form, stems
from paragraf.text import without_diacritics

_MOST_LEMMAS = 24


def name_of(tokens: Sequence[Token], gender: str) -> Name:
    """Who is named by these words; `gender` is what the word before them says, "" if nothing."""
    words = [token for token in tokens if len(token.text) > 1]
    initials = frozenset(token.text.lower() for token in tokens[:1] if len(token.text) == 1)
    given = next(
        (
            token
            for token in words
            if token.word.given and (len(words) > 1 or not token.word.surname or token.word.is_popular_given)
        ),
        None,
    )
    family = next((token for token in reversed(words) if token is not given and token.word.surname), None)
    if family is None:
        family = next((token for token in reversed(words) if token is not given and not token.word.given), None)
    forms = _agreeing(given.word.given if given else (), family.word.surname if family else (), gender)
    return Name(
        given=_lemmas(forms[0], given) if given else initials,
        surname=_lemmas(forms[1], family) if family else frozenset(),
        gender=gender or _gender(forms[1] or forms[0], forms[0]),
    )


def can_be_same(one: Name, other: Name) -> bool:
    """Whether two mentions can name one person: some part agrees and none differs."""
    if one.gender and other.gender and one.gender != other.gender:
        return False
    if not (one.surname and other.surname) and not (one.given and other.given):
        return False
    if one.surname and other.surname and not one.surname & other.surname:
        return False
    if one.given and other.given:
        return bool(one.given & other.given) or _by_initial(one, other) or _by_initial(other, one)
    return True


def merged(one: Name, other: Name) -> Name:
    """All that two mentions of one person say of that person."""
    return Name(
        given=_narrower(one.given, other.given),
        surname=_narrower(one.surname, other.surname),
        gender=one.gender or other.gender,
    )


def _narrower(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if one & other:
        return one & other
    return max(one, other, key=lambda lemmas: max(map(len, lemmas), default=0))


def _by_initial(one: Name, other: Name) -> bool:
    return bool(one.surname and other.surname) and any(
        len(initial) == 1 and any(lemma.startswith(initial) for lemma in other.given) for initial in one.given
    )


def _agreeing(given: Sequence[Form], surname: Sequence[Form], gender: str) -> tuple[list[Form], list[Form]]:
    """The readings of both words that fit each other and the gender, all of them where none fit."""
    if gender in ("m", "f"):
        given = [form for form in given if form.gender == gender] or given
        surname = [form for form in surname if form.gender == gender and form.number == "sg"] or surname
    if gender == "pl":
        surname = [form for form in surname if form.number == "pl"] or surname
    if not (given and surname):
        return list(given), list(surname)
    pairs = [
        (one, two)
        for one in given
        for two in surname
        if one.cases & two.cases and one.gender == two.gender and two.number == "sg"
    ]
    return ([one for one, _ in pairs] or list(given)), ([two for _, two in pairs] or list(surname))


def _lemmas(forms: Sequence[Form], token: Token) -> frozenset[str]:
    found = frozenset(islice((without_diacritics(form.lemma.lower()) for form in forms), _MOST_LEMMAS))
    return found or stems(token.text)


def _gender(forms: Sequence[Form], given: Sequence[Form]) -> str:
    if not given and forms and all(form.number == "pl" for form in forms):
        return "pl"
    genders = {form.gender for form in (given or forms)}
    return genders.pop() if len(genders) == 1 else ""
