"""Spans: where a text holds which kind of personal data, and the words that stand in their place."""

import re
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "pesel",
    "nip",
    "regon",
    "krs",
    "id_card",
    "passport",
    "iban",
    "phone",
    "email",
    "address",
    "land_register",
    "person",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
LABELS: dict[Kind, str] = {
    "pesel": "PESEL",
    "nip": "NIP",
    "regon": "REGON",
    "krs": "KRS",
    "id_card": "DOWÓD",
    "passport": "PASZPORT",
    "iban": "KONTO",
    "phone": "TELEFON",
    "email": "E-MAIL",
    "address": "ADRES",
    "land_register": "KSIĘGA",
    "person": "OSOBA",
}
PLACEHOLDER = re.compile(rf"\[({'|'.join(LABELS.values())}) ([1-9][0-9]{{0,5}})\]")


@dataclass(frozen=True, slots=True)
class Name:
    """What a mention says about whom it names; two mentions that do not contradict each other name one person.

    Attributes:
        given: possible basic forms of the first given name, or its initial; empty where none is written.
        surname: possible basic forms of the surname; empty where none is written.
        gender: "m", "f", "pl" for a couple or a family, "" where the forms leave it open.
    """

    given: frozenset[str] = frozenset()
    surname: frozenset[str] = frozenset()
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Personal data at text[start:end], as written in `value`; `name` says who a person is."""

    start: int
    end: int
    kind: Kind
    value: str
    name: Name | None = field(default=None, compare=False)


def placeholder(kind: Kind, number: int) -> str:
    """What stands for personal data in a masked text, "[OSOBA 1]"."""
    return f"[{LABELS[kind]} {number}]"
