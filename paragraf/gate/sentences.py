"""Sentences: what a rule of the gate found, in English for logs and in Polish for the report."""

from typing import NamedTuple

from paragraf.gate.contenders import Compared
from paragraf.gate.wording import slice_name
from paragraf.intervals import Estimate
from paragraf.wording import contender_name, number, percent

_SPACE = "\N{NO-BREAK SPACE}"
_LEAST_P = 0.0001  # below it the digits say nothing
_FLOORS = {
    "fabrication": (
        "answers cite a provision that does not exist",
        "Przepis, którego nie ma, podaje {hits} z {n} odpowiedzi",
    ),
    "advice": (
        "individual cases got forbidden advice",
        "Niedozwolonej porady udziela {hits} z {n} odpowiedzi w cudzych sprawach",
    ),
}


_LOSSES = {
    "retention": ("everyday rows", "zwykłych wierszach"),
    "old_test": ("old test rows", "dawnych pytaniach testowych"),
}


def points(share: float) -> str:
    """A change of a share in percentage points, with its sign."""
    return _signed(share * 100, 1)


class Said(NamedTuple):
    """The same in two languages."""

    english: str
    polish: str


def of_floor(rule: str, hits: int, found: Estimate, limit: float, needed: int) -> Said:
    """How often a hard floor is broken; `needed` answers are the fewest on which it can be proven to hold."""
    english, polish = _FLOORS[rule]
    few = found.n < needed
    if found.value is None or found.high is None:
        return Said(f"no answers to count: {english}", "Nie zmierzono: w teście nie ma takich pytań.")
    return Said(
        f"{hits} of {found.n} {english} ({found.value:.1%}, at most {found.high:.1%}; allowed {limit:.1%})"
        + (f"; {needed} are needed to prove it" if few else ""),
        f"{polish.format(hits=number(hits), n=number(found.n))} ({percent(found.value)}); "
        f"z ufnością 95% najwyżej {percent(found.high)}, dopuszczalne {percent(limit)}."
        + (f" Aby to wykazać, potrzeba co najmniej {number(needed)} odpowiedzi." if few else ""),
    )


def of_superiority(rival: str, alpha: float, slices: list[Compared]) -> Said:
    """Where the challenger is more or less accurate than its rival; `p` is corrected for the number of slices."""
    english = "; ".join(
        f"{one.slice_name}: right alone on {one.wins}, {rival} alone on {one.losses} of {one.n} (p {_p(one.p)})"
        for one in slices
    )
    polish = "; ".join(
        f"{slice_name(one.slice_name)} ({_n(one.n)}): tylko ten model odpowiedział trafnie na "
        f"{number(one.wins)}, tylko „{contender_name(rival)}” na {number(one.losses)} ({_polish_p(one.p)})"
        for one in slices
    )
    return Said(
        f"{english}; alpha {alpha:g}", f"{polish[0].upper()}{polish[1:]}. Dowodem jest p do {number(alpha, 2)}."
    )


def of_slice(name: str, found: Estimate, margin: float, fewest: int) -> Said:
    """What may have been lost in a slice against the rival."""
    if found.value is None or found.low is None or found.high is None:
        return Said(f"{name}: no items", "W teście nie ma takich pytań.")
    few = found.n < fewest
    return Said(
        f"{name}: accuracy {found.value:+.1%} ({found.low:+.1%} to {found.high:+.1%}) on {found.n} items; "
        f"may lose {margin:.1%}" + (f"; {fewest} items are needed" if few else ""),
        f"Zmiana trafności w punktach procentowych ({_n(found.n)}): {points(found.value)}, z przedziałem 95% "
        f"od {points(found.low)} do {points(found.high)}; dolny koniec nie może być niższy niż {points(-margin)}."
        + (f" Potrzeba co najmniej {number(fewest)} pytań." if few else ""),
    )


def of_rise(rule: str, rise: Estimate, limit: float, fewest: int) -> Said:
    """How much more everyday rows, or those of old tests, surprise the model than before its training."""
    english, polish = _LOSSES[rule]
    if rise.value is None or rise.low is None or rise.high is None:
        return Said(f"no {english} were measured", f"Nie zmierzono straty na {polish}.")
    few = rise.n < fewest
    return Said(
        f"loss on {rise.n} {english} {rise.value:+.2f} nats a token ({rise.low:+.2f} to {rise.high:+.2f}); "
        f"may rise by {limit:g}" + (f"; {fewest} rows are needed" if few else ""),
        f"Strata na {polish} ({_n(rise.n)}) zmieniła się o {_signed(rise.value, 2)} nata na token "
        f"(95%: od {_signed(rise.low, 2)} do {_signed(rise.high, 2)}); wolno, by wzrosła o {number(limit, 2)}."
        + (f" Potrzeba co najmniej {number(fewest)} wierszy." if few else ""),
    )


def of_baseline(name: str, shares: tuple[float, float], compared: Compared, alpha: float) -> Said:
    """The challenger beside the best way without training; `shares` are what each gets right, the challenger first."""
    own, other = shares
    polish_name = contender_name(name)
    return Said(
        f"best without training is {name}: {other:.1%} right, the challenger {own:.1%}; right alone on "
        f"{compared.wins} and {compared.losses} of {compared.n} (p {_p(compared.p)}, alpha {alpha:g})",
        f"Najlepszy sposób bez trenowania to „{polish_name}”: trafnych odpowiedzi ma {percent(other)}, ten model "
        f"{percent(own)} ({_n(compared.n)}). Tylko ten model odpowiedział trafnie na {number(compared.wins)}, tylko "
        f"„{polish_name}” na {number(compared.losses)} ({_polish_p(compared.p)}). "
        f"Dowodem jest p do {number(alpha, 2)}.",
    )


NO_BASELINE = Said("no way without training was measured", "Nie zmierzono żadnego sposobu bez trenowania.")


def of_chance(found: Estimate, chance: float, fewest: int) -> Said:
    """How often the right letter was chosen beside what guessing gets right."""
    if found.value is None or found.low is None:
        return Said("no closed items in the test", "W teście nie ma zadań zamkniętych.")
    few = found.n < fewest
    return Said(
        f"{found.value:.1%} of {found.n} closed items right, at least {found.low:.1%}; guessing gets {chance:.1%}"
        + (f"; {fewest} items are needed" if few else ""),
        f"Trafnych {percent(found.value)} z {number(found.n)} zadań zamkniętych, z ufnością 95% co najmniej "
        f"{percent(found.low)}; zgadywanie daje {percent(chance)}."
        + (f" Potrzeba co najmniej {number(fewest)} zadań." if few else ""),
    )


def of_judge(judge: str, rival: str, rate: Estimate, even: float) -> Said:
    """How often the judge preferred the challenger's answers; `even` is the share at which neither is preferred."""
    if rate.value is None or rate.low is None or rate.high is None:
        return Said(f"{judge} gave no opinion", f"Sędzia {judge} nie wydał opinii.")
    return Said(
        f"{judge} gives the challenger {rate.value:.1%} of the wins over {rival} ({rate.low:.1%} to {rate.high:.1%}) "
        f"on {rate.n} questions; surely below {even:.0%} is worse",
        f"Sędzia {judge} przyznał temu modelowi {percent(rate.value)} wygranych z „{contender_name(rival)}” "
        f"(95%: od {percent(rate.low)} do {percent(rate.high)}; {_n(rate.n)}; remis to pół wygranej). Reguła jest "
        f"złamana, gdy cały przedział leży poniżej {percent(even)}.",
    )


def _p(value: float) -> str:
    return f"< {_LEAST_P}" if value < _LEAST_P else f"= {value:.4f}"


def _polish_p(value: float) -> str:
    """`p` with its value, on one line."""
    told = f"< {number(_LEAST_P, 4)}" if value < _LEAST_P else f"= {number(value, 4)}"
    return f"p {told}".replace(" ", _SPACE)


def _n(count: int) -> str:
    return f"n = {number(count)}".replace(" ", _SPACE)


def _signed(value: float, digits: int) -> str:
    text = number(value, digits)
    return text if text.startswith("−") or not any(digit in text for digit in "123456789") else f"+{text}"
