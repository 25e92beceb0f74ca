"""Preferences: which of the readings or forms that a dictionary allows a text about law means."""

import re
from collections.abc import Sequence

from paragraf.inflect.nominal import Nominal, listed

# Of two lexemes with a common form the one that people write about: "karach" is of kara, not of kar, the hearse.
_EVERYDAY = listed(
    "kara wada suma rada usługa stawka zwłoka wina wola droga połowa wymiana cecha poczta cel dział działka praca "
    "załoga robota rozmowa nagana karta rysa chata stopa wiek tryb kod limit masa góra dobro święto:S but zawód spis "
    "sprzeciw okręg obręb prawo:S państwo:Sn_ncol rodzeństwo:Sn_ncol sędzia:Sm1 odsetki dane wybory rodzic małżonek "
    "dziadek:Sm1 ojciec brat wnuk kot:Sm2 las odpad zakup zdjęcie środek warunek wiadomość możliwość brak:S stosunek "
    "dodatek mieszkanie oszczędność wpływ rozporządzenie organ:Sm3~y uczeń więzienie lata"
)
_NAMED_AFTER_PERSONS = frozenset({"zbieg", "oryginał", "model", "typ"})  # things all the same
_DETERMINING = listed(
    "ten tamten taki inny każdy żaden jakiś pewien mój twój swój nasz wasz cudzy własny wspólny sam wszystek czyjś "
    "pierwszy drugi trzeci czwarty ostatni kolejny następny poprzedni były dawny obecny przyszły zaległy bieżący "
    "dany niniejszy wszelki jeden niektóry zmarły nieletni małoletni pełnoletni dorosły sąsiedni"
)
_ONLY_ADJECTIVES = listed(  # the dictionary has nouns of them as well
    "pierwszy drugi trzeci czwarty piąty ostatni kolejny następny inny mój twój swój nasz wasz sam nowy obecny "
    "stary mały jedyny znany naczelny porządkowy psychiczny normalny socjalny wolny pewien"
)
_CLASSIFYING = listed(  # also those that have a comparative in another sense: "karny", disciplined
    "karny cywilny prawny sądowy celny skarbowy rodzinny majątkowy osobisty domowy publiczny prywatny społeczny "
    "zawodowy handlowy umowny ustawowy rolny moralny materialny ekonomiczny polityczny techniczny psychiczny "
    "fizyczny formalny finansowy zdrowotny rentowny mieszkalny"
)
_PERSONS = frozenset({"małoletni", "pełnoletni", "każdy", "niektóry", "wszystek"})
_MAKES_PERSONS = listed("obdarować wydziedziczyć ubezwłasnowolnić skazać zatrzymać oskarżyć pozwać pokrzywdzić")
_RELATIONAL = re.compile(r"(?:ow|sk|ck|dzk|czn|aln|ln|yjn|ijn|arn|cz)[yi]$")
# Endings of which the first one is out of use where the second one exists.
_OLD_AND_NEW = (
    *(("yj", "ji"), ("ij", "ii"), ("lń", "lni"), ("rowie", "rzy"), ("szowie", "sze"), ("cowie", "cy")),
    *(("nowie", "ni"), ("czów", "czy"), ("szów", "szy"), ("rzów", "rzy"), ("lów", "li"), ("a", "y"), ("a", "u")),
    *(("uli", "ul"), ("ali", "al"), ("oli", "ol"), ("eli", "el")),
)
_AGAINST_THE_RULE = frozenset({"opiekunowie", "senatorowie", "maila", "prezesi", "uczniów", "dwóch", "dwóm"})
_OUT_OF_USE = re.compile(r"protokół.+|samorzęd.+|sędzię?|dnie|rzecząpospolitą|smsa?|dwu|dwom|odpraw(?:ej?|ych|ymi?)")


def likely(nominals: Sequence[Nominal]) -> list[Nominal]:
    """The readings without those that a text of our time and field does not mean."""
    kept = list(nominals)
    for unlikely in ("marked", "unchanging"):
        kept = [item for item in kept if unlikely not in item.labels] or kept
    if any(item.lemma in _EVERYDAY for item in kept):
        kept = [item for item in kept if item.part != "subst" or item.lemma in _EVERYDAY]
    if any(item.part == "adj" and item.name in _ONLY_ADJECTIVES for item in kept):
        kept = [item for item in kept if item.part != "subst"]
    if any("imię" in item.labels for item in kept):
        kept = [item for item in kept if "nazwisko" not in item.labels or "imię" in item.labels]
    return _persons_first(kept)


def _persons_first(nominals: list[Nominal]) -> list[Nominal]:
    """A noun that may name a man or a thing names the man; and the masculine plural of people names both sexes."""
    men = {item.name for item in nominals if item.part == "subst" and "m1" in item.genders}
    if not men:
        return nominals
    are_adjectival = any(item.part == "adj" for item in nominals)
    return [
        item
        for item in nominals
        if item.part != "subst"
        or (item.name in men and (item.name in _NAMED_AFTER_PERSONS) != ("m1" in item.genders))
        or (item.name not in men and not (are_adjectival and item.number == "pl" and item.genders & {"f", "n"}))
    ]


def follows_noun(adjective: Nominal, is_graded: bool) -> bool:
    """Whether an adjective or participle that no noun follows is rather of the noun before it than a noun itself."""
    if adjective.part == "adj":
        return is_classifying(adjective, is_graded)
    return adjective.name not in _MAKES_PERSONS


def is_somebody(adjective: Nominal) -> bool:
    """Whether an adjective or participle may stand for a person without any noun."""
    return adjective.part != "adj" or adjective.name in _PERSONS


def everyday(forms: Sequence[str]) -> tuple[str, ...]:
    """Forms of one lexeme in one case without those that are out of use."""
    kept = list(dict.fromkeys(forms))
    if len(kept) < 2:
        return tuple(kept)
    kept = [form for form in kept if not _OUT_OF_USE.fullmatch(form)] or kept
    kept = [form for form in kept if form in _AGAINST_THE_RULE] or kept
    for old, new in _OLD_AND_NEW:
        if any(form.endswith(new) for form in kept):
            kept = [form for form in kept if not form.endswith(old)]
    return tuple(kept)


def is_classifying(adjective: Nominal, is_graded: bool) -> bool:
    """Whether an adjective names a kind, as in "odpowiedzialność karna": it follows its noun."""
    if adjective.part != "adj" or adjective.name in _DETERMINING:
        return False
    return adjective.name in _CLASSIFYING or (not is_graded and _RELATIONAL.search(adjective.name) is not None)


def is_qualifying(adjective: Nominal, is_graded: bool) -> bool:
    """Whether an adjective describes or points out, as in "ważny termin", "cudza rzecz": it stands before its noun.

    So does a participle that a noun follows at once.
    """
    if adjective.part != "adj":
        return True
    return adjective.name not in _CLASSIFYING and (adjective.name in _DETERMINING or is_graded)
