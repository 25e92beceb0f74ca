"""Numbers: identifiers of people and firms, found by their form and kept only if their check digits are right."""

import re
from collections.abc import Iterator

from paragraf.privacy import checksums
from paragraf.privacy.spans import Kind

Found = tuple[int, int, Kind]

_MANY_DIGITS = re.compile(r"[0-9](?:[ ./-]{0,2}[0-9]){5}")
_APART = r"(?<![0-9])(?<![0-9][/,.-])"
_END = r"(?![0-9])(?![/-][0-9])"
_ACCOUNT = re.compile(rf"{_APART}(?:(?<![^\W_])[Pp][Ll][ -]?)?[0-9](?:[ -]{{0,2}}[0-9]){{25}}(?![0-9])")
_FOREIGN_ACCOUNT = re.compile(r"(?<!\w)(?!PL)[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_REGISTER = re.compile(r"(?<!\w)([A-Za-z]{2}[0-9][A-Za-z]) ?/ ?([0-9]{1,8}) ?/ ?([0-9])(?!\w)")
_KRS = re.compile(rf"{_APART}000[0-9](?:[ -]?[0-9]){{6}}{_END}")
_NIP = re.compile(
    rf"{_APART}(?:(?<![^\W_])PL[ -]?)?(?:[0-9]{{3}}([ -]?)[0-9]{{3}}\1[0-9]{{2}}\1[0-9]{{2}}"
    rf"|[0-9]{{3}}([ -]?)[0-9]{{2}}\2[0-9]{{2}}\2[0-9]{{3}}){_END}"
)
_REGON = re.compile(rf"{_APART}[0-9](?:[ -]?[0-9]){{8}}(?:(?:[ -]?[0-9]){{5}})?{_END}")
_PESEL = re.compile(rf"{_APART}[0-9]{{11}}{_END}")
_LOOSE_PESEL = re.compile(rf"{_APART}[0-9](?:[ -]?[0-9]){{10}}{_END}")
_ID_CARD = re.compile(r"(?<!\w)([A-Za-z]{3})(?:[ -]?|,? ?(?:nr|numer)\.? ?)([0-9]{6})(?!\w)")
_PASSPORT = re.compile(r"(?<!\w)([A-Za-z]{2})[ -]?([0-9]{7})(?!\w)")
_OTHER_SERIES = {"ART", "CIT", "EAN", "EUR", "GBP", "ISO", "KRS", "NIP", "PIT", "PLN", "TEL", "USD", "VAT", "ZUS"}
# What stands before a number says what it is; the words may be joined to it by hurried typing.
_CUES = {
    "nip": re.compile(r"(?<![^\W_])nip[^0-9\n;]{0,20}$", re.IGNORECASE),
    "regon": re.compile(r"(?<![^\W_])regon[^0-9\n;]{0,20}$", re.IGNORECASE),
    "krs": re.compile(r"(?<![^\W_])(?:krs|krajow\w+ rejestr\w+ s[aą]dow\w+)[^0-9\n;]{0,30}$", re.IGNORECASE),
    "pesel": re.compile(r"(?<![^\W_])pesel[^0-9\n;]{0,25}$", re.IGNORECASE),
    "id_card": re.compile(r"(?<![^\W_])(?:dow[oó]d|legitym|seri)[^0-9\n;]{0,45}$", re.IGNORECASE),
    "passport": re.compile(r"(?<![^\W_])paszpor[^0-9\n;]{0,40}$", re.IGNORECASE),
}
_OTHER_NUMBER = re.compile(
    r"(?:zam[oó]wieni|przesy[lł]|paczk|faktur|paragon|polis|sygn|spraw|decyzj|zg[lł]oszen|reklamacj|klient|umow|ewidenc"
    r"|seryjn|licznik|transakcj)\w*[^.;\n]{0,12}$",
    re.IGNORECASE,
)
_LOOK_BACK = 60


def numbers(text: str) -> Iterator[Found]:
    """Account, land register, KRS, NIP, REGON, PESEL, identity card and passport numbers with their places."""
    if not _MANY_DIGITS.search(text):
        return
    yield from _accounts(text)
    for found in _REGISTER.finditer(text):
        if checksums.is_land_register(found[1].upper(), found[2].zfill(8), found[3]):
            yield *found.span(), "land_register"
    yield from _business(text)
    yield from _pesels(text)
    yield from _documents(text)


def _accounts(text: str) -> Iterator[Found]:
    for found in _ACCOUNT.finditer(text):
        if checksums.is_iban("PL" + _digits(found.group())):
            yield *found.span(), "iban"
    for found in _FOREIGN_ACCOUNT.finditer(text):
        if checksums.is_iban(found.group().replace(" ", "")):
            yield *found.span(), "iban"


def _business(text: str) -> Iterator[Found]:
    for found in _KRS.finditer(text):
        if _is_called(text, found.start(), "krs"):
            yield *found.span(), "krs"
    for found in _NIP.finditer(text):
        is_grouped = "-" in (found[1], found[2]) and not _before_letter(text, found.start())
        if (is_grouped or _is_called(text, found.start(), "nip")) and checksums.is_nip(_digits(found.group())):
            yield *found.span(), "nip"
    for found in _REGON.finditer(text):
        if _is_called(text, found.start(), "regon") and checksums.is_regon(_digits(found.group())):
            yield *found.span(), "regon"


def _pesels(text: str) -> Iterator[Found]:
    for found in _PESEL.finditer(text):
        if not checksums.is_pesel(found.group()):
            continue
        is_bare = not _before_letter(text, found.start()) and not _OTHER_NUMBER.search(_before(text, found.start()))
        if is_bare or _is_called(text, found.start(), "pesel"):
            yield *found.span(), "pesel"
    for found in _LOOSE_PESEL.finditer(text):
        if _is_called(text, found.start(), "pesel") and checksums.is_pesel(_digits(found.group())):
            yield *found.span(), "pesel"


def _documents(text: str) -> Iterator[Found]:
    for found in _ID_CARD.finditer(text):
        series = found[1].upper()
        is_called = _is_called(text, found.start(), "id_card")
        is_plain = found[1].isupper() and len(found.group()) <= len("ABC 123456") and series not in _OTHER_SERIES
        if (is_called or is_plain) and checksums.is_id_card(series + found[2]):
            yield *found.span(), "id_card"
    for found in _PASSPORT.finditer(text):
        if _is_called(text, found.start(), "passport") and checksums.is_passport(found[1].upper() + found[2]):
            yield *found.span(), "passport"


def _digits(written: str) -> str:
    return "".join(sign for sign in written if sign in "0123456789")


def _before(text: str, at: int) -> str:
    return text[max(0, at - _LOOK_BACK) : at]


def _before_letter(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalpha() or text[at - 1] == "_")


def _is_called(text: str, at: int, name: str) -> bool:
    return bool(_CUES[name].search(_before(text, at)))
