"""Opposites: words and phrases of which one must not come in the place of the other."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from paragraf.statements.facts import Fact, facts_of
from paragraf.statements.numerals import forms_of, inflected
from paragraf.text import without_diacritics, words

_PAIRS = (
    "pracodawca:pracownik sprzedawca:nabywca zbywca:nabywca wynajmujący:najemca dłużnik:wierzyciel powód:pozwany "
    "pożyczkodawca:pożyczkobiorca kredytodawca:kredytobiorca wydzierżawiający:dzierżawca darczyńca:obdarowany "
    "zleceniodawca:zleceniobiorca usługodawca:usługobiorca spadkodawca:spadkobierca podejrzany:pokrzywdzony "
    "mocodawca:pełnomocnik sprzedawca:kupujący konsument:przedsiębiorca małoletni:pełnoletni "
    "podwyższyć:obniżyć podwyższać:obniżać podwyższenie:obniżenie podwyżka:obniżka zwiększyć:zmniejszyć "
    "zwiększenie:zmniejszenie zwiększać:zmniejszać wydłużyć:skrócić wydłużenie:skrócenie wydłużać:skracać "
    "przyjąć:odrzucić przyjęcie:odrzucenie przyjmować:odrzucać kupić:sprzedać kupno:sprzedaż zakup:sprzedaż "
    "wygrać:przegrać zawrzeć:rozwiązać zawarcie:rozwiązanie uwzględnić:oddalić uwzględnienie:oddalenie "
    "zyskać:stracić wzrost:spadek zatrudnić:zwolnić zatrudnienie:zwolnienie dostarczenie:nadanie "
    "pisemny:ustny pisemnie:ustnie zbrodnia:występek przestępstwo:wykroczenie apelacja:zażalenie odwołanie:zażalenie "
    "skarga:zażalenie apelacja:kasacja najem:dzierżawa darowizna:pożyczka rozwód:separacja areszt:grzywna "
    "wyrok:postanowienie decyzja:postanowienie minimalny:maksymalny minimum:maksimum minimalnie:maksymalnie "
    "zgoda:sprzeciw zgodny:sprzeczny zgodnie:wbrew jednostronny:dwustronny zawsze:nigdy każdy:żaden wszyscy:nikt "
    "zawieszenie:przerwanie zawiesić:przerwać "
    "wymagalność:przedawnienie ruchomość:nieruchomość brutto:netto "
    "pierwszy:ostatni ojciec:matka mąż:żona syn:córka brat:siostra rodzic:dziecko wnuk:dziadek teść:zięć"
)
_PHRASES = {
    "at least": r"co ?najmniej|przynajmniej|minimum|minimalnie|nie (?:mniej|krocej|nizej|wczesniej) niz"
    r"|(?:nie|nie moze byc) (?:krots\w+|niz\w+|mniejs\w+|mlods\w+) (?:niz|od)|najmniej|najwczesniej",
    "at most": r"co ?najwyzej|najwyzej|maksymalnie|maksimum|nie (?:wiecej|dluzej|wyzej|pozniej) niz|najdluzej"
    r"|(?:nie|nie moze byc) (?:dluzs\w+|wyzs\w+|wieks\w+|starsz\w+) (?:niz|od)|najpozniej|nie (?:moze )?przekr\w+",
    "above": r"ponad|powyzej|(?:wiecej|dluzej|pozniej|wyzej) niz|przekracza\w*|przekroczy\w*"
    r"|(?:dluzs|wyzs|wieks|starsz)\w* (?:niz|od)",
    "below": r"ponizej|(?:mniej|krocej|wczesniej|nizej) niz|(?:krots|nizs|mniejs|mlods)\w* (?:niz|od)",
    "earlier": r"wczesniej\w*|uprzednio",
    "later": r"pozniej\w*",
    "more": r"wiecej|wieks\w+|wyzs\w+|dluz\w+",
    "less": r"mniej\w*|nizs\w+|krots\w+|krocej",
    "no more": r"nie wiecej",
    "no less": r"nie mniej",
    "not only": r"nie tylko",
    "only": r"tylko",
    "good faith": r"(?:w )?dobrej wierze|dobra wiara",
    "bad faith": r"(?:w )?zlej wierze|zla wiara",
    "before": r"przed",
    "after": r"po",
}
_PHRASE = re.compile("|".join(rf"(?P<{name.replace(' ', '_')}>\b(?:{told})\b)" for name, told in _PHRASES.items()))
_OPPOSITE = {
    **{"at least": "at most", "above": "below", "more": "less", "no more": "more", "no less": "less"},
    **{"earlier": "later", "before": "after", "from": "until", "not only": "only", "good faith": "bad faith"},
}
# "nie przekracza" is a limit and "przekracza" is what is over it
_CROSSED = {"at most": "above", "above": "at most", "at least": "below", "below": "at least"}
_BOTH_WAYS = {other: one for one, other in _OPPOSITE.items()} | _OPPOSITE
_DIRECTIONS = {"at least", "at most", "above", "below", "before", "after"}
_FROM_OR_UNTIL = re.compile(
    r"\b(?P<way>od|do|przed|po)(?: (?:dnia|dniu|dniem|koncem|konca|koncu|uplywem|uplywie|uplywu))? ?$"
)
_WAYS = {"od": "from", "do": "until", "przed": "before", "po": "after"}
_BEFORE_A_FACT = 40  # characters in which the words stand that turn a number into a limit
_BEFORE_A_NOUN = re.compile(r"\b(bez|za|z|ze|przy|od|do|przed|po) (?=(\w+)(?: (\w+))?)")  # an adjective may come first
_RELATIONS = {
    "bez": "without",
    **dict.fromkeys(("za", "z", "ze", "przy"), "with"),
    **{"od": "from", "do": "until", "przed": "before", "po": "after"},
}
_OTHER_RELATION = {"with": "without", "from": "until", "before": "after"}
_OTHER_RELATION |= {other: one for one, other in _OTHER_RELATION.items()}
_ACTS = " acts"  # of a lemma in the nominative, as who does something most often is
_SHORTEST_NOUN = 3
_STEM = 4  # letters that the cases of a noun share: "zgody", "zgodą"


@lru_cache(maxsize=2048)
def _told(text: str) -> Counter[str]:
    """How often a text says each side of each pair."""
    plain = _without_however(without_diacritics(text).lower())
    said: Counter[str] = Counter()
    for match in _PHRASE.finditer(plain):
        said[(match.lastgroup or "").replace("_", " ")] += 1
    lemmas = _lemmas()
    for typed, word in zip(words(text.lower()), words(without_diacritics(text.lower())), strict=True):
        said.update(lemmas.get(word, ()))
        said.update(lemma + _ACTS for lemma in lemmas.get(word, ()) if typed in _nominatives())
    for match in _BEFORE_A_NOUN.finditer(plain):
        nouns = (word for word in match.groups()[1:] if word and len(word) >= _SHORTEST_NOUN)
        said.update(f"{_RELATIONS[match[1]]}:{noun[:_STEM]}" for noun in nouns)
    return said


def _without_however(plain: str) -> str:
    """A plain text without the word that parts "nie dłużej jednak niż"."""
    return plain.replace(" jednak ", " ")


def swapped(text: str, other: str) -> str | None:
    """What the other text says in the place of its opposite; None if it says nothing of the kind."""
    before, after = _told(text), _told(other)
    for one, opposite in _rivals(before):
        if before[one] > after[one] and after[opposite] > before[opposite]:
            return f"{one} -> {opposite}"
    return _turned(text, other)


def _rivals(said: Counter[str]) -> Iterator[tuple[str, str]]:
    """Each thing said with each that would turn it round."""
    for one in said:
        if one in _BOTH_WAYS:
            yield one, _BOTH_WAYS[one]
            yield one, _CROSSED.get(one, "")
        elif ":" in one:
            relation, noun = one.split(":")
            yield one, f"{_OTHER_RELATION[relation]}:{noun}"
        else:
            lemma, acts, _ = one.partition(_ACTS)
            yield from ((one, opposite + acts) for opposite in opposites().get(lemma, ()))


def _turned(text: str, other: str) -> str | None:
    """A date or a number that was a limit from one side and is one from the other side now."""
    before, after = _limits(text), _limits(other)
    for (value, way), _ in before.items():
        opposite = _BOTH_WAYS.get(way)
        if opposite and after[value, opposite] > before[value, opposite] and before[value, way] > after[value, way]:
            return f"{way} {value} -> {opposite} {value}"
    return None


@lru_cache(maxsize=2048)
def _limits(text: str) -> Counter[tuple[str, str]]:
    plain = without_diacritics(text).lower()
    return Counter((fact.value, way) for fact in facts_of(text) if (way := _way(plain, fact)))


def _way(plain: str, fact: Fact) -> str | None:
    start = fact.span[0]
    before = _without_however(plain[max(0, start - _BEFORE_A_FACT) : start])
    last = None
    for match in _PHRASE.finditer(before):
        name = (match.lastgroup or "").replace("_", " ")
        if name in _DIRECTIONS and not before[match.end() :].strip():
            last = name
    if last in ("at least", "at most", "above", "below"):
        return last
    found = _FROM_OR_UNTIL.search(before)
    return _WAYS.get(found["way"]) if found else last


@lru_cache(maxsize=1)
def opposites() -> dict[str, tuple[str, ...]]:
    """The opposites of each lemma that has any."""
    table: dict[str, tuple[str, ...]] = {}
    for pair in _PAIRS.split():
        one, other = pair.split(":")
        table[one] = (*table.get(one, ()), other)
        table[other] = (*table.get(other, ()), one)
    return table


@lru_cache(maxsize=1)
def _lemmas() -> dict[str, tuple[str, ...]]:
    """Plain forms with the lemmas of pairs that they may be of; a form that can be either side is left out."""
    found: dict[str, tuple[str, ...]] = {}
    for lemma in opposites():
        for form in inflected([lemma]):
            found[form] = (*found.get(form, ()), lemma)
    turned = opposites()
    return {
        form: lemmas
        for form, lemmas in found.items()
        if not any(one in turned[other] for one in lemmas for other in lemmas)
    }


@lru_cache(maxsize=1)
def _nominatives() -> frozenset[str]:
    """Forms of the lemmas of pairs, with their diacritics, that are nominative and no other case."""
    found: set[str] = set()
    others: set[str] = set()
    for form, tag in forms_of(opposites()):
        if tag.startswith("subst"):
            (found if tag.split(":")[2] == "nom" else others).add(form)
    return frozenset(found - others)
