"""Abstention: whether an answer says that it gives none; one that is careful, but says the rule, is no abstention."""

import re

from paragraf.text import without_diacritics, words

_SELF = r"(?:(?:ja|ci|panu|pani|panstwu|tu|tutaj|na|to|pytanie|te|tak|jednoznacznie|wiarygodnie|niestety|rzetelnie) )*"
# Beginnings of what is done to a question, without diacritics.
TELLING = (
    *("odpowied", "udziel", "powiedz", "wskaza", "podac", "okresl", "ocen", "rozstrzyg", "stwierdz", "ustal", "pomoc"),
    *("doradz", "wyjasni", "potwierdz", "przesadz", "przewidz", "opisa"),
)
_TELL = rf"(?:{'|'.join(TELLING)})"
_DECLINED = re.compile(
    r"\bnie wiem\b(?! \w+ (?:to|moze) )"
    rf"|\bnie (?:potrafie|umiem|moge|jestem w stanie|jestesmy w stanie|mozemy|potrafimy) {_SELF}(?:\w+ )?{_TELL}"
    rf"|\bnie (?:da sie|sposob|mozna|podejmuje sie) {_SELF}{_TELL}"
    r"|\bnie (?:odpowiem|odpowiemy|udziele|udzielimy|podam|podamy|wskaze|wypowiem sie|rozstrzygne)\b"
    r"|\bnie (?:mam|posiadam|dysponuje|mamy|posiadamy) (?:\w+ ){0,3}(?:informacj|dan(?:ych|e)\b|wiedz|dostep|pewnosc"
    r"|pojec|kompetenc|odpowiedz)"
    r"|\bnie (?:znam|znamy|pamietam) (?:\w+ ){0,2}(?:odpowiedz|przepis|regulacj|praw|tresc|szczegol|stan)"
    r"|\bnie jestem (?:pew(?:ien|na|ny)|prawnikiem|adwokatem)\b|\bnie dotyczy mojej wiedzy\b"
    r"|\bbrak(?:uje)? (?:mi )?(?:\w+ ){0,2}(?:informacji|danych|wiedzy)\b(?! o)"
    r"|\btrudno (?:mi )?(?:jednoznacznie )?(?:powiedziec|odpowiedziec|stwierdzic|rozstrzygnac|ocenic)"
    r"|\bwykracza (?:to )?poza (?:moj|zakres)|\bodmawiam\b|\bmoja wiedza\b|\bnie chce wprowadz\w+ w blad"
)
_EMPTY = re.compile(
    r"\b(?:skonsult\w+|konsultacj\w+|skontakt\w+|zwroc(?:ic)? sie|udac sie|zapyta[cj]\w*|poradz\w* sie|zasiegn\w+"
    r"|zalecam|polecam|radze|sugeruje|przeprasza\w*|przykro|dziekuj\w+|pomoc prawn\w+|niestety|prosze o|doprecyzow\w+"
    r"|podanie szczegol\w+|wiecej (?:szczegol|informacji)\w*|sprawdzic|sprawdz|modelem jezykowym|asystentem)\b"
)
_PART_END = re.compile(r"[.!?;…]+(?:\s+|$)|\n+|,? (?:ale|lecz|jednak|natomiast|mimo to|tym niemniej)\b,? |: ")
_RULE_WORDS = 20  # words without a number or a provision that still state no rule
_RULE = re.compile(r"\d|§|\bart\b|\bprzysluguje\b|\bmusi\b|\bwolno\b|\bgrozi\b|\btermin (?:wynosi|to)\b")


def abstains(answer: str) -> bool:
    """Whether an answer declines to answer and states no rule beside it; who else may help is no rule."""
    plain = without_diacritics(answer).lower()
    parts = [part for part in _PART_END.split(plain) if part and words(part)]
    declined = [_DECLINED.search(part) is not None for part in parts]
    if not any(declined):
        return False
    rest = [part for part, declines in zip(parts, declined, strict=True) if not (declines or _EMPTY.search(part))]
    return not any(map(_RULE.search, rest)) and sum(len(words(part)) for part in rest) <= _RULE_WORDS
