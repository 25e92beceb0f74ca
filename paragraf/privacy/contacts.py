"""Contacts: telephone numbers and e-mail addresses."""

import re
from collections.abc import Iterator

from paragraf.privacy.numbers import Found

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}(?:@| ?[(\[](?:at|ma[lł]pa)[)\]] ?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NINE_DIGITS = re.compile(r"[0-9](?:[ ()./-]{0,3}[0-9]){8}")
_APART = r"(?<![0-9+])(?<![0-9][ /,.-])(?<![0-9][ ]\()"
_END = r"(?![0-9])(?![/,.-][0-9])"
_ABROAD = re.compile(rf"{_APART}(?:\+|00) ?[1-9][0-9]{{0,2}}(?:[ ()./-]{{0,2}}[0-9]){{6,12}}{_END}")
_HOME = re.compile(
    rf"{_APART}(?:\(?(?:\+|00)?48\)?[ -]?|0[ -]?)?"
    r"(?:[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}|\(?0?[0-9]{2}\)?[ /-]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}"
    rf"|\(?0?[0-9]{{2}}\)?[ /-]?[0-9]{{7}}){_END}"
)
_IN_THREES = re.compile(r"[0-9]{3}([ -])[0-9]{3}\1[0-9]{3}")
_ROUND = re.compile(r"000\W?000$")
_CUE_BEFORE = re.compile(
    r"(?<![^\W_])(?:tel|kom|fax|faks|dzwo|zadzwo|oddzwo|sms|whats|kontakt|infolini|(?:m[oó]j|pod) (?:nr|numer))"
    r"[^0-9;\n]{0,30}$",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"(?<![^\W_])(?:numer\w{0,3}|nr)[ :.]{1,3}(?:to )?$", re.IGNORECASE)
_LANDLINE = re.compile(r"0?[0-9]{2}([ -])[0-9]{3}\1[0-9]{2}\1[0-9]{2}")
_CUE_AFTER = re.compile(r"[^0-9;\n]{0,15}(?:tel\b|telefon|kom[oó]rk|dzwo|zadzwo|sms|whats)", re.IGNORECASE)
_OTHER_NUMBER = re.compile(
    r"(?:kwot|sum|zam[oó]wieni|przesy[lł]|paczk|faktur|umow|polis|sygn|spraw|decyzj|legalis|lex|poz|klient|seryjn|krs|nip"
    r"|regon|pesel|cen|odsetk|warto[sś]|kapita[lł]|op[lł]at|kosztuj|rachun|kont)\w*[^.;\n]{0,14}$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s?(?:zł|zl\b|pln|eur|usd|chf|gbp|€|\$|£|tys|mln|mld|m2|m²|ha\b|kg|%|szt|os[oó]b|głos|akcj|udział)", re.I
)
_LOOK_BACK = 50


def contacts(text: str) -> Iterator[Found]:
    """E-mail addresses and telephone numbers with their places."""
    if "@" in text or "(" in text or "[" in text:
        for found in _MAIL.finditer(text):
            yield found.start() + len(found.group()) - len(found.group().lstrip(".-+")), found.end(), "email"
    if not _NINE_DIGITS.search(text):
        return
    for found in _ABROAD.finditer(text):
        if _can_be_called(found.group()):
            yield *found.span(), "phone"
    for found in _HOME.finditer(text):
        if _is_phone(text, found) and _can_be_called(found.group()):
            yield *found.span(), "phone"


def _is_phone(text: str, found: re.Match[str]) -> bool:
    """Whether the way a number of nine digits is written, or a word beside it, says that it can be called."""
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    if _UNIT.match(text, found.end()):
        return False
    if _CUE_BEFORE.search(before):
        return True
    if before[-1:].isalpha():
        return False
    if found.group().startswith(("+", "(", "00")) or _CUE_AFTER.match(text, found.end()):
        return True
    if _LANDLINE.fullmatch(found.group()) and _NUMBER_BEFORE.search(before):
        return True
    return bool(
        _IN_THREES.fullmatch(found.group())
        and not _ROUND.search(found.group())
        and not _OTHER_NUMBER.search(before)
        and _is_mobile(found.group())
    )


def _can_be_called(written: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(_dialled(written), "PL"))
    except phonenumbers.NumberParseException:
        return False


def _is_mobile(written: str) -> bool:
    import phonenumbers

    kind = phonenumbers.number_type(phonenumbers.parse(_dialled(written), "PL"))
    return kind == phonenumbers.PhoneNumberType.MOBILE


def _dialled(written: str) -> str:
    """Digits as they are dialled: the zero once dialled before a Polish area code is left out."""
    digits = "".join(sign for sign in written if sign in "0123456789+")
    if not digits.startswith("00") and digits.startswith("0"):
        return digits[1:]
    return "+" + digits if len(digits) == 11 and digits.startswith("48") else digits
