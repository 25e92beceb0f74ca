"""Measures: the units of time and money in legal texts, their plain forms, and what each counts in."""

from fractions import Fraction
from typing import Literal, NamedTuple

from paragraf.text import words

Kind = Literal["period", "amount", "number"]


class Unit(NamedTuple):
    """What a number counts; `is_one` marks forms that mean one of it when they stand alone."""

    kind: Kind
    name: str
    factor: Fraction = Fraction(1)
    is_one: bool = False

    def times(self, value: Fraction) -> tuple[Kind, str]:
        """Family and value of so many: two weeks and 14 days are one, a month and 30 days are not."""
        return self.kind, f"{value * self.factor} {self.name}".rstrip()


# Forms of one unit stand before the bar, those of several after it.
_TIMES = {
    ("day", 1): "dzien | dzien dnia dniu dniem dni dniom dniach dniami dn",
    ("day", 7): "tydzien tygodnia tygodniu tygodniem | tygodnie tygodni tygodniom tygodniach tygodniami tyg",
    ("month", 1): "miesiac miesiaca miesiacu miesiacem | miesiace miesiecy miesiacom miesiacach miesiacami mies msc",
    ("month", 3): "kwartal kwartalu kwartale kwartalem | kwartaly kwartalow kwartalom kwartalach",
    ("month", 12): "rok roku rokiem | lata lat latom latach latami",
    ("hour", 1): "godzina godziny godzine godzinie | godzin godzinom godzinach godzinami godz h",
    ("hour", 24): "doba doby dobe dobie | dob dobom dobach",
    ("minute", 1): "minuta minuty minute minucie | minut minutom minutach min",
}
_MONEY = {
    ("zl", 1): "zl zloty zlotego zlotemu zlotym zlote zlotych zlotymi zlotowka pln",
    ("grosz", 1): "gr grosz grosza grosze groszy groszem",
    ("euro", 1): "euro eur",
    ("usd", 1): "usd dolar dolara dolary dolarow",
    ("frank", 1): "chf frank franka franki frankow",
}
_PERCENT = "% proc procent procenta procentu procenty procentow procentach"
_STEMS = {
    ("day", 1): "dniow",
    ("day", 7): "tygodniow",
    ("month", 1): "miesieczn",
    ("month", 12): "letn latk latek latc latem latko roczn",
    ("month", 3): "kwartaln",
    ("hour", 1): "godzinn",
    ("hour", 24): "dobow",
    ("minute", 1): "minutow",
}


def _periods() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for (name, factor), forms in _TIMES.items():
        one, _, many = forms.partition("|")
        table |= {form: Unit("period", name, Fraction(factor)) for form in many.split()}
        table |= {form: Unit("period", name, Fraction(factor), is_one=True) for form in one.split()}
    return table


PERIODS = _periods()
CURRENCIES = (
    {form: Unit("amount", name, Fraction(factor)) for (name, factor), forms in _MONEY.items() for form in forms.split()}
    | {form: Unit("number", "", Fraction(1, 100)) for form in _PERCENT.split()}
    | {form: Unit("number", "", Fraction(1, 1000)) for form in ("‰", "promil", "promila", "promile", "promili")}
)
STEMS = (
    *(
        (stem, Unit("period", name, Fraction(factor)))
        for (name, factor), told in _STEMS.items()
        for stem in told.split()
    ),
    ("krotn", Unit("number", "")),
    ("procentow", Unit("number", "", Fraction(1, 100))),
    ("zlotow", Unit("amount", "zl")),
    ("osobow", Unit("number", "")),
)
SHARES = {
    **dict.fromkeys(words("polowa polowy polowe polowie ½"), Fraction(1, 2)),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    **dict.fromkeys(words("podwojna podwojny podwojnej podwojnie podwojne podwojnego"), Fraction(2)),
}
# Nouns before which "the second" is a place in an order, and not another one of a kind.
PLACES = tuple(words("instancj rok dzien dniu dnia miesiac tydzien tygodn grup stopni klas kwartal kolejn wezwan"))
