"""Premises: whether an answer to a question that takes something false for granted opens by putting that right."""

import re

from paragraf.text import without_diacritics

_FIRST = 2  # sentences in which a premise is put right, if at all
_SENTENCE = re.compile(r"[.!?…]+\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ„])")
_AGREES = re.compile(
    r"\W*(?:tak|owszem|oczywiscie|zgadza sie|dokladnie|(?:pan |pani )?ma (?:pan |pani )?racje)\b(?! nie)"
)
_PUTS_RIGHT = re.compile(
    r"^\W*(?:(?:niestety|wcale|absolutnie),? )?(?:nie|zad(?:en|na|ne|nego|nej|nych))\b"
    r"|\b(?:nieprawd\w*|bledn\w+|myln\w+|myli\w*|mit|mitem|falszyw\w+|wbrew|odwrotnie|przeciwnie|nieporozumieni\w+)\b"
    r"|\btaki\w{0,3}\b[^.;:]{0,60}\bnie\b|\bnie (?:\w+ )?(?:ma|zna|przewiduje|wprowadza) (?:juz )?(?:zadn\w+|taki\w+)\b"
    r"|\bnie (?:ma juz|istniej\w+|obowiazuj\w+|jest to prawd\w+|jest prawd\w+)\b|\bjuz nie\b|\bnie\b[^.;:]{0,40}\bjuz\b"
    r"|\b(?:zniesion\w*|zniosl\w*|uchylon\w*|zastapion\w*|zlikwidowan\w*)\b"
)


def puts_right(answer: str) -> bool:
    """Whether an answer opens by calling what was asked wrong, gone or unknown to the law, and agrees with nothing."""
    opening = " ".join(_SENTENCE.split(answer, _FIRST)[:_FIRST])
    plain = without_diacritics(opening).lower()
    return _AGREES.match(plain) is None and _PUTS_RIGHT.search(plain) is not None
