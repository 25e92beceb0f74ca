"""Tails: what follows the head of a noun phrase and keeps its form, and which adjectives belong to it."""

from collections.abc import Sequence

from paragraf.inflect.nominal import Nominal, Word, listed

_OPENING = listed("prep num brev dig interp comp adv part inf ppron3 ppron12 siebie")
_FREE = listed("prep num adv part comp ppron3 ppron12")
_OBLIQUE = frozenset({"gen", "dat", "inst"})
_CLAUSE_WORDS = listed(
    "co kto kogo komu kim czego czemu czym że żeby aby by jeśli jeżeli gdy gdyby kiedy gdzie skąd dokąd jak czy ile "
    "bo choć chociaż ponieważ zanim skoro czyj czyja czyje dlaczego dopóki"
)
_RELATIVE = ("któr", "jaki", "jaka", "czyi", "czyj")
_VERBS = listed("fin praet impt bedzie pred imps winien")
_MODALS = listed("może mogą musi muszą ma mają jest są")
_ONES = listed("jeden jednego jednemu jednym jedna jednej jedną jedno każdy każdego każdej każdą któryś którejś żadnej")
_REACH = 3  # words between an adjective and its noun, both included


def agree(adjective: Nominal, noun: Nominal, case: str | None) -> bool:
    """Whether two readings agree in number, gender and the case, or in any case where none is given."""
    if adjective.number != noun.number or not adjective.genders & noun.genders:
        return False
    shared = adjective.cases & noun.cases
    return case in shared if case else bool(shared - {"voc"})


def agrees_ahead(words: Sequence[Word], place: int, case: str | None) -> bool:
    """Whether the adjective at `place` belongs to a noun after it, with nothing but adjectives between them."""
    for ahead in range(place + 1, min(place + 1 + _REACH, len(words))):
        word = words[ahead]
        if any(agree(item, noun, case) for item in words[place].adjectives for noun in word.nouns):
            return True
        if not word.adjectives and "adv" not in word.parts:
            return False
    return False


def is_bound(words: Sequence[Word], place: int, opened: int) -> bool:
    """Whether the adjective at `place` can belong to a noun before it, within the tail that opened at `opened`."""
    nouns = (noun for word in words[opened:place] for noun in word.nouns)
    return any(agree(item, noun, None) for noun in nouns for item in words[place].adjectives)


def opens_clause(words: Sequence[Word], place: int) -> bool:
    """Whether a comma at `place` opens a clause: what follows has grammar of its own."""
    if words[place].text != "," or place + 1 >= len(words):
        return False
    text = words[place + 1].text
    if "prep" in words[place + 1].parts and place + 2 < len(words) and words[place + 2].text.startswith(_RELATIVE):
        return True
    return text in _CLAUSE_WORDS or text.startswith(_RELATIVE)


def can_open_tail(words: Sequence[Word], place: int, head_part: str) -> int | None:
    """What it costs to let the unchanging part of a phrase open here; None where it cannot."""
    word = words[place]
    if word.is_sign or word.is_acronym or opens_clause(words, place):
        return 0
    nominals = (*word.nouns, *word.adjectives, *word.numerals)
    is_oblique_noun = any(noun.cases & _OBLIQUE for noun in word.nouns)
    if not is_oblique_noun and not word.parts & _OPENING:
        is_bound_ahead = any(agrees_ahead(words, place, case) for case in _OBLIQUE)
        if not is_bound_ahead and not can_be_somebody(word):
            return None
    is_plain = word.parts & _FREE or any("gen" in item.cases for item in nominals)
    return 0 if is_plain or head_part == "ger" else 2


def can_be_somebody(word: Word) -> bool:
    """Whether a participle in the genitive may stand for a person, as in "niewdzięczność obdarowanego"."""
    singular = [item for item in word.adjectives if item.part != "adj" and item.number == "sg"]
    return any("gen" in item.cases and "m1" in item.genders for item in singular)


def counts_out(words: Sequence[Word], place: int) -> bool:
    """Whether the word at `place` opens a phrase such as "jednej ze stron"."""
    return place + 1 < len(words) and words[place + 1].text in ("z", "ze", "spośród") and words[place].text in _ONES


def is_verb(word: Word) -> bool:
    """Whether a word can only be the predicate of a clause."""
    return word.text in _MODALS or (bool(word.parts) and word.parts <= _VERBS)
