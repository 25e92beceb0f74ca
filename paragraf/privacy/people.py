"""People: names of persons in any case form, by what their words can be and by the words around them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from paragraf.privacy.naming import name_of
from paragraf.privacy.spans import Name
from paragraf.privacy.surroundings import Surroundings, is_case_name
from paragraf.privacy.tokens import Sentence, can_be_lower_surname, is_lower_given, may_name
from paragraf.privacy.vocabulary import FIRM_FORMS, NATIONS
from paragraf.privacy.words import agrees

_MOST_GIVEN = 3
_GIVEN_TO_BOTH = "Maria"  # a second name of men as well
_MOST_STRANGE = 3


class Mention(NamedTuple):
    """A person's name at text[start:end]; `is_certain` where given name and surname stand together."""

    start: int
    end: int
    name: Name
    is_certain: bool


def people(text: str, known: Iterable[Name]) -> list[Mention]:
    """All persons named in a text; `known` are those of whom the same row has spoken."""
    return list(_People(text).mentions(list(known))) if may_name(text) else []


class _People:
    """Walks once over the words of a text; each rule gives the number of the word after the name, or its own start."""

    def __init__(self, text: str) -> None:
        self._all = Sentence(text)
        self._near = Surroundings(self._all)
        self._rules = (self._given_first, self._surname_first, self._initials_first, self._addressed, self._alone)

    def mentions(self, known: list[Name]) -> Iterator[Mention]:
        """Persons by the rules in order of appearance, then other mentions of their surnames."""
        found: list[tuple[int, int]] = []
        candidates = [number for number, token in enumerate(self._all.tokens) if token.may_begin]
        for at in candidates:
            if at not in self._near.named and (end := self._end(at)) > at:
                found.append((at, end))
                self._near.named.update(range(at, end))
        named = [self._mention(*place) for place in found]
        named = [mention for mention in named if not is_case_name(self._all.text, mention.start, mention.end)]
        yield from named
        families = {lemma for name in [*known, *(mention.name for mention in named)] for lemma in name.surname}
        if families:
            for number in candidates:
                if number not in self._near.named and self._near.is_known_surname(number, families):
                    yield self._mention(number, number + 1)

    def _end(self, at: int) -> int:
        return next((end for rule in self._rules if (end := rule(at)) > at), at)

    def _mention(self, start: int, end: int) -> Mention:
        tokens = self._all.tokens
        stop = tokens[end - 1].end
        if len(tokens[end - 1].text) == 1 and self._all.text[stop : stop + 1] == ".":
            stop += 1
        name = name_of(tokens[start:end], self._near.gender_before(start))
        return Mention(tokens[start].start, stop, name, end - start > 1 and len(tokens[start].text) > 1)

    def _given_first(self, at: int) -> int:
        """ "Anna Maria Wiśniewska-Nowak", "Jan F. Kowalski", "Mateusz K.", "jan kowalski"."""
        end = self._given_names(at)
        if end == at or self._near.is_eponym(at):
            return at
        last = self._all.tokens[end - 1].word
        surname = self._after_initials(end)
        if surname < len(self._all) and self._is_surname_after(at, surname):
            return self._second_surname(surname + 1)
        if surname > end and self._near.is_initial(surname - 1) and not last.is_everyday:
            return surname
        if end - at == 1 and last.surname and at + 1 < end:
            return end
        words = [token.word for token in self._all.tokens[at:end]]
        is_sure = words[0].is_popular_given or all(word.is_plain or word.is_popular_given for word in words)
        if end - at > 1 and is_sure and not self._all.is_numbered(end - 1) and self._all.is_named(at):
            return end
        return at

    def _given_names(self, at: int) -> int:
        """The word after a run of given names that agree; a last one that is a surname rather is left."""
        tokens = self._all.tokens
        end = at
        while end < len(tokens) and end - at < _MOST_GIVEN and tokens[end].word.given and not self._near.is_office(end):
            if end > at and not (self._all.is_joined(end - 1) and self._is_same_writing(at, end)):
                break
            if end > at and not any(
                one.cases & other.cases and (one.gender == other.gender or other.lemma == _GIVEN_TO_BOTH)
                for one in tokens[end - 1].word.given
                for other in tokens[end].word.given
            ):
                break
            end += 1
        return end

    def _is_same_writing(self, one: int, other: int) -> bool:
        return self._all.tokens[one].is_capital == self._all.tokens[other].is_capital

    def _after_initials(self, at: int) -> int:
        """The word after one or two initials with their dots, or after "van der"."""
        end = at
        while end < len(self._all) and end - at < 2 and self._near.is_initial(end) and self._all.is_joined(end - 1):
            end += 1
        particle = end
        while self._near.is_particle(particle) and self._all.is_joined(particle):
            particle += 1
        return particle if particle > end and self._all.is_named(particle) and self._all.is_joined(end - 1) else end

    def _is_surname_after(self, first: int, at: int) -> bool:
        """Whether a word, after a given name, its initials or "van", is the surname."""
        given, token = self._all.tokens[first], self._all.tokens[at]
        if not (self._all.is_joined(at - 1) or self._near.is_initial(at - 1)) or len(token.text) < 2:
            return False
        if not (agrees(given.word, token.word) or agrees(self._all.tokens[at - 1].word, token.word)):
            return False
        if not self._is_same_writing(first, at):
            return False
        if self._all.is_named(first):
            is_doubtful = given.word.is_function or not (given.word.is_plain or given.word.is_popular_given)
            return not (is_doubtful and not token.word.is_plain) and not self._near.is_only_office(at)
        return bool(token.word.surname) and is_lower_given(given.text) and can_be_lower_surname(token.text)

    def _second_surname(self, end: int) -> int:
        """Takes a second surname, "Nowak Kowalska" or "Nowak - Kowalska"."""
        if end >= len(self._all) or self._all.gap(end - 1) not in (" ", " - ", "- ", " -"):
            return end
        word = self._all.tokens[end].word
        is_free = not (word.is_everyday or word.given or word.is_place)
        one = self._all.tokens[end - 1].word
        agree = any(a.cases & b.cases and a.gender == b.gender for a in one.surname for b in word.surname)
        return end + 1 if self._all.is_named(end) and is_free and agree and word.has_family_ending else end

    def _surname_first(self, at: int) -> int:
        """ "Kowalski Jan", "NOWAK ANNA MARIA"."""
        tokens = self._all.tokens
        word = tokens[at].word
        if not (word.surname and self._all.is_named(at) and at + 1 < len(tokens) and self._all.is_joined(at)):
            return at
        end = self._given_names(at + 1)
        if end == at + 1 or not self._all.is_named(at + 1) or not agrees(tokens[at + 1].word, word):
            return at
        is_surname = word.is_plain or (word.has_family_ending and not word.is_everyday)
        is_told = self._near.role(at) or tokens[at].is_shouted
        is_sure = is_surname or is_told or (tokens[at + 1].word.is_popular_given and not self._all.is_opening(at))
        is_free = not (self._near.is_eponym(at) or self._near.is_office(at))
        return end if is_sure and is_free and not self._all.is_numbered(end - 1) else at

    def _initials_first(self, at: int) -> int:
        """ "J. Kowalski", "A. M. Nowak"."""
        end = at
        while end < len(self._all) and end - at < 2 and self._near.leads_on(end):
            end += 1
        if end == at or end >= len(self._all) or not self._all.is_named(end) or self._near.is_eponym(at):
            return at
        token = self._all.tokens[end]
        letters = "".join(initial.text.lower() for initial in self._all.tokens[at:end])
        if not token.word.surname or token.word.is_function or len(token.text) < 3 or letters in FIRM_FORMS:
            return at
        if self._near.is_office(end) or self._near.follows_reference(at):
            return at
        is_plain = not token.word.is_everyday and not self._is_nation(end)
        is_marker = self._all.is_opening(at) and end - at == 1
        is_sure = is_plain and token.word.has_family_ending if is_marker else is_plain or end - at == 1
        return end + 1 if is_sure else at

    def _is_nation(self, at: int) -> bool:
        return bool(self._all.lemmas(at) & NATIONS)

    def _addressed(self, at: int) -> int:
        """What follows "pan", "pani", "nazywam się": a name whether the dictionary has it or not."""
        if not self._near.is_addressed(at) or self._near.is_office(at) or self._is_nation(at):
            return at
        token = self._all.tokens[at]
        if not self._all.is_named(at):
            is_name = is_lower_given(token.text) or can_be_lower_surname(token.text)
            return at + 1 if is_name and token.word.is_name else at
        end = at
        while end < len(self._all) and end - at < _MOST_STRANGE and self._all.is_named(end):
            word = self._all.tokens[end].word
            if end > at and not self._all.is_joined(end - 1):
                break
            is_particle = end > at and self._near.is_particle(end)
            if not is_particle and (not (word.is_name or not word.is_known) or (end > at and word.is_everyday)):
                break
            end += 1
        return end

    def _alone(self, at: int) -> int:
        """One word: a given name, or a surname that its role or its form gives away."""
        if self._near.is_eponym(at):
            return at
        if self._near.is_lone_given(at) or self._near.is_lone_surname(at):
            return at + 1
        return at
