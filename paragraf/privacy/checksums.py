"""Checksums: whether a number that looks like a Polish identifier can be one."""

from collections.abc import Iterable

# Letters count from A = 10; the check digit itself has the weight 9, and the sum must end in 0.
_ID_CARD_WEIGHTS = (7, 3, 1, 9, 7, 3, 1, 7, 3)
_PASSPORT_WEIGHTS = (7, 3, 9, 1, 7, 3, 1, 7, 3)
# Values of letters in the number of a land register; Q and V do not occur there.
_REGISTER_LETTERS = {"X": 10} | {letter: 11 + place for place, letter in enumerate("ABCDEFGHIJKLMNOPRSTUWYZ")}
_REGISTER_WEIGHTS = (1, 3, 7) * 4


def is_pesel(digits: str) -> bool:
    """Whether eleven digits are a PESEL: a date of birth that exists, and its check digit."""
    from stdnum.pl import pesel

    return bool(pesel.is_valid(digits))


def is_nip(digits: str) -> bool:
    """Whether ten digits are a taxpayer's number."""
    from stdnum.pl import nip

    return bool(nip.is_valid(digits))


def is_regon(digits: str) -> bool:
    """Whether nine or fourteen digits are a number of the register of businesses."""
    from stdnum.pl import regon

    return bool(regon.is_valid(digits))


def is_iban(number: str) -> bool:
    """Whether letters and digits without separators, the country first, are an account number."""
    from stdnum import iban

    return bool(iban.is_valid(number))


def is_id_card(number: str) -> bool:
    """Whether three capital letters and six digits are the number of an identity card."""
    return _weighted((int(sign, 36) for sign in number), _ID_CARD_WEIGHTS) == 0


def is_passport(number: str) -> bool:
    """Whether two capital letters and seven digits are the number of a passport."""
    return _weighted((int(sign, 36) for sign in number), _PASSPORT_WEIGHTS) == 0


def is_land_register(court: str, number: str, check: str) -> bool:
    """Whether a court's code such as WA4M, eight digits and a check digit name a land register."""
    values = (int(sign) if sign.isdigit() else _REGISTER_LETTERS.get(sign, -1) for sign in court + number)
    listed = list(values)
    return -1 not in listed and _weighted(listed, _REGISTER_WEIGHTS) == int(check)


def _weighted(values: Iterable[int], weights: Iterable[int]) -> int:
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) % 10
