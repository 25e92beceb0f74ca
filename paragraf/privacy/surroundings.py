"""Surroundings: what the words beside a capital word say about it: a role, a law, a street, a sentence's start."""

import re

from paragraf.privacy.surface import HIDDEN_PERSON
from paragraf.privacy.tokens import Sentence, is_lower_given
from paragraf.privacy.vocabulary import (
    ADDRESSES,
    COUPLED,
    EPONYMS,
    KIN,
    NATIONS,
    OFFICES,
    PARTICLES,
    ROLES,
    SURNAMES_OF_OFFICE,
)
from paragraf.privacy.words import is_finite_verb, noun_forms
from paragraf.text import without_diacritics

_DIRECT = re.compile(r" {1,3}|: {0,2}")
_WITH_COMMA = re.compile(r" {1,3}|: {0,2}| ?, ?|\n")
_DOT = re.compile(r"\. {0,2}")
_DAY = re.compile(r"[0-9] $")
_PLACE_PREPOSITIONS = frozenset({"w", "we", "na", "przy", "pod", "nad", "kolo", "obok", "przez"})
_STREET_PREPOSITIONS = _PLACE_PREPOSITIONS | {"do", "od", "u", "po", "o", "z", "ze", "za"}
_REFERENCES = frozenset({"art", "ust", "pkt", "lit", "poz", "par", "nr", "str", "tom", "cz", "zal"})
_DIRECT_ADDRESSES = frozenset({"pan", "pani"})
_REFLEXIVE = frozenset({"sie", "się"})
_UNION_CASE = r"[CT]-[0-9]{1,4}/[0-9]{2,4}"
_CASE_BEFORE = re.compile(rf"{_UNION_CASE}[ ,:(„\"]*(?:w sprawie |sprawa )?(?:[^\W\d_]+ ){{0,3}}(?:i |oraz )?$")
_STATES = (
    r"(?:Polsce|Polska|Poland|Niemcom|Francji|Włochom|Rumunii|Rosji|Turcji|Ukrainie|Węgrom|Czechom|Słowacji|Litwie"
    r"|Hiszpanii|Grecji|Austrii|Szwajcarii|Belgii|Holandii|Wielkiej Brytanii|Zjednoczonemu|Chorwacji|Bułgarii"
    r"|Portugalii|Irlandii|Norwegii|Szwecji|Finlandii|Danii|Estonii|Łotwie)"
)
_CASE_AFTER = re.compile(
    rf"[^.;\n]{{0,80}}[ (]{_UNION_CASE}|[^.;\n]{{0,40}}? (?:przeciwko|przeciw|v\.?|p\.|vs\.?) {_STATES}"
)


def is_case_name(text: str, start: int, end: int) -> bool:
    """Whether a name is part of the name of a judgment of a European court, which is how all cite it."""
    return bool(_CASE_BEFORE.search(text[max(0, start - 70) : start]) or _CASE_AFTER.match(text, end))


class Surroundings:
    """Answers questions about the word of a given number in its text."""

    def __init__(self, sentence: Sentence) -> None:
        self._all = sentence
        self.named: set[int] = set()  # words of the persons found so far

    def is_initial(self, at: int) -> bool:
        """Whether a word is one capital letter with a dot and more text on its line."""
        token = self._all.tokens[at]
        if len(token.text) != 1 or not token.text.isupper() or self._all.is_shouted:
            return False
        return self._all.text[token.end : token.end + 1] == "."

    def leads_on(self, at: int) -> bool:
        """Whether an initial stands right before the next word and no part of "k.p.a." or "S.A." is before it."""
        is_inside = self._all.gap(at - 1) == "." and len(self._all.tokens[at - 1].text) == 1
        return (
            self.is_initial(at)
            and bool(_DOT.fullmatch(self._all.gap(at)))
            and (not is_inside or self.is_initial(at - 1))
        )

    def is_particle(self, at: int) -> bool:
        """Whether a word is a small one inside names, as "van"."""
        return at < len(self._all) and self._all.tokens[at].text.lower() in PARTICLES

    def follows_reference(self, at: int) -> bool:
        """Whether "lit.", "pkt" or another initial stands before: then a letter is a number, not an initial."""
        return bool(self._all.lemmas(at - 1) & _REFERENCES)

    def is_office(self, at: int) -> bool:
        return bool(self._all.lemmas(at) & OFFICES)

    def is_only_office(self, at: int) -> bool:
        """Whether a word after a given name is an office all the same: "Janowi Sąd odmówił"."""
        return self.is_office(at) and not self._all.lemmas(at) & SURNAMES_OF_OFFICE

    def is_eponym(self, at: int) -> bool:
        """Whether a name only names a law, a street, a feast or an institution, or is quoted."""
        start = self._all.tokens[at].start
        if self._all.is_quoted(at) or _DAY.search(self._all.text[max(0, start - 3) : start]):
            return True
        is_near = self._all.is_joined(at - 1) or self._is_abbreviated(at - 1)
        return is_near and bool(self._all.lemmas(at - 1) & EPONYMS)

    def role(self, at: int) -> bool:
        """Whether a role stands right before the word: "pozwany", "mąż", "komornik sądowy"."""
        is_near = _DIRECT.fullmatch(self._all.gap(at - 1)) or self._is_abbreviated(at - 1)
        return bool(is_near and self._all.lemmas(self._all.role_before(at)) & (ROLES | ADDRESSES))

    def is_kin(self, at: int) -> bool:
        """Whether a word for a person's own people stands before it, a comma allowed."""
        is_near = _WITH_COMMA.fullmatch(self._all.gap(at - 1)) or self._is_abbreviated(at - 1)
        return bool(is_near and self._all.lemmas(self._all.role_before(at)) & (KIN | ADDRESSES))

    def is_addressed(self, at: int) -> bool:
        """Whether "pan", "pani", "p." or "nazywam się" stands before, offices between them allowed."""
        before = at - 1
        while before >= 0 and self._all.is_named(before) and self.is_office(before) and self._all.is_joined(before):
            if self._all.lemmas(before) & ADDRESSES:
                break
            before -= 1
        if self._is_abbreviated(before):
            return bool(self._all.lemmas(before) & ADDRESSES)
        if not self._all.is_joined(before):
            return False
        if self._all.tokens[before].text.lower() in _REFLEXIVE:
            return bool(self._all.lemmas(before - 1) & {"nazywac", "nazywam"})
        called = ADDRESSES - {"p"} if self._all.is_named(at) else _DIRECT_ADDRESSES
        return bool(self._all.lemmas(before) & called)

    def gender_before(self, at: int) -> str:
        """The gender that "pan" or "pani" before a name gives it, "" if neither stands there."""
        lemmas = self._all.lemmas(at - 1) if at else frozenset()
        if lemmas & {"panstwo", "malzonkowie", "malzenstwo", "rodzina"}:
            return "pl"
        if "pani" in lemmas and "pan" not in lemmas:
            return "f"
        return "m" if "pan" in lemmas and "pani" not in lemmas else ""

    def is_lone_given(self, at: int) -> bool:
        """Whether a given name without a surname names a person here."""
        token = self._all.tokens[at]
        if not token.word.given or len(token.text) < 3:
            return False
        if not self._all.is_named(at):
            return self.is_kin(at) and (is_lower_given(token.text) or token.word.is_popular_nominative)
        if token.is_shouted or self._all.is_numbered(at) or self._is_in_longer_name(at):
            return False
        if self.is_kin(at) or self._is_coupled(at):
            return not self.is_office(at)
        return not token.word.is_ambiguous_given and self._is_given_by_itself(at)

    def is_lone_surname(self, at: int) -> bool:
        """Whether a surname without a given name names a person here."""
        token = self._all.tokens[at]
        if not token.word.surname or not self._all.is_named(at) or len(token.text) < 3 or self.is_office(at):
            return False
        if self._is_in_longer_name(at) or token.is_shouted:
            return False
        if self.role(at):
            return not token.word.is_everyday or self._fits_role(at)
        if not token.word.has_family_ending or token.word.is_everyday or self._all.lemmas(at) & NATIONS:
            return False
        return not self._can_be_adjective_or_street(at)

    def is_known_surname(self, at: int, families: set[str]) -> bool:
        """Whether a word is the surname of a person named elsewhere in the row."""
        token = self._all.tokens[at]
        if not families or not token.word.surname or not self._all.is_named(at) or self.is_eponym(at):
            return False
        if not any(without_diacritics(form.lemma.lower()) in families for form in token.word.surname) or self.is_office(
            at
        ):
            return False
        return not (self._is_place_after_preposition(at) or (token.word.is_everyday and self._all.is_opening(at)))

    def _is_given_by_itself(self, at: int) -> bool:
        """Whether a given name without any word that leads to it names a person."""
        word = self._all.tokens[at].word
        if self._is_place_after_preposition(at):
            return False
        if self._all.is_opening(at):
            return word.is_popular_given and (word.is_plain or self._is_subject(at))
        return word.is_popular_given or (word.is_plain and not word.is_place)

    def _is_abbreviated(self, at: int) -> bool:
        """Whether a word and its dot are an abbreviation that leads to the next word: "adw. Nowak"."""
        return at >= 0 and bool(_DOT.fullmatch(self._all.gap(at))) and self._all.is_abbreviation(at)

    def _is_coupled(self, at: int) -> bool:
        """Whether a person stands before with "i", "oraz" or a comma between."""
        if self._is_person(at - 1):
            return bool(re.fullmatch(r", ?", self._all.gap(at - 1)))
        return self._is_person(at - 2) and self._all.tokens[at - 1].text in COUPLED

    def _is_person(self, at: int) -> bool:
        return at in self.named or (at >= 0 and self._all.tokens[at].text == HIDDEN_PERSON)

    def _is_in_longer_name(self, at: int) -> bool:
        """Whether a capital word that is no person's name stands beside it: then both name a thing."""
        before, after = at - 1, at + 1
        if before >= 0 and self._all.is_joined(before) and self._is_thing(before) and not self._all.is_opening(before):
            return True
        return (
            after < len(self._all) and self._all.is_joined(at) and self._is_thing(after) and not self.is_office(after)
        )

    def _is_thing(self, at: int) -> bool:
        token = self._all.tokens[at]
        if not self._all.is_named(at) or token.text == HIDDEN_PERSON or len(token.text) == 1:
            return False
        lemmas = self._all.lemmas(at)
        return not (lemmas & (ROLES | ADDRESSES)) and not (lemmas & {"czy", "jak", "gdy", "kiedy", "jesli"})

    def _is_place_after_preposition(self, at: int) -> bool:
        before = self._all.tokens[at - 1].text.lower() if at else ""
        word = self._all.tokens[at].word
        return word.is_place and before in _PLACE_PREPOSITIONS and not word.is_popular_given

    def _is_subject(self, at: int) -> bool:
        following = self._all.tokens[at + 1].text if at + 1 < len(self._all) else ""
        return self._all.is_joined(at) and is_finite_verb(following)

    def _fits_role(self, at: int) -> bool:
        """Whether the surname stands in a case and number of the role before it."""
        role = noun_forms(self._all.tokens[self._all.role_before(at)].text)
        if not role:
            return True
        return any(
            case in form.cases and number == form.number
            for case, number, _ in role
            for form in self._all.tokens[at].word.surname
        )

    def _can_be_adjective_or_street(self, at: int) -> bool:
        """Whether a lone surname in -ski or -ska may as well be part of a street's or an office's name."""
        tokens = self._all.tokens
        word = tokens[at].word
        before = tokens[at - 1].text.lower() if at and self._all.is_joined(at - 1) else ""
        if before in _PLACE_PREPOSITIONS or (word.is_place and not word.is_adjectival_surname):
            return True
        if not word.is_adjectival_surname:
            return self._all.is_opening(at) and not self._is_subject(at)
        if before in _STREET_PREPOSITIONS and all(form.gender == "f" for form in word.surname if form.number == "sg"):
            return True
        if before and any(gender != "m1" for _, _, gender in noun_forms(before)) and self._shares_case(before, at):
            return True
        following = tokens[at + 1].text if at + 1 < len(tokens) and self._all.is_joined(at) else ""
        if following and following.islower() and self._shares_case(following, at):
            return True
        return self._all.is_opening(at) and not self._is_subject(at)

    def _shares_case(self, noun: str, at: int) -> bool:
        """Whether a thing's noun and the surname, read as its adjective, stand in one case."""
        cases = {
            case
            for form in self._all.tokens[at].word.surname
            for case in form.cases - ({"acc"} if form.gender == "m" else set())  # of things it is "Sobieski"
        }
        return any(case in cases for case, _, _ in noun_forms(noun))
