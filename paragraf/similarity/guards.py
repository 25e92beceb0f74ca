"""Guards: what must be equal in two texts before their likeness counts at all."""

import re
from collections.abc import Callable, Hashable
from functools import lru_cache

from paragraf.text import normal_form, numbers

Guard = Callable[[str], Hashable]
"""Of equal texts equal values, whose `repr` is equal too, in any process: tuples of strings and numbers."""


def particulars(text: str) -> tuple[str, ...]:
    """All small things that change what a legal text says: a stricter guard, for when merging loses a row.

    Beyond the numbers: 178a against 178b, lit. a against lit. b, k.c. against k.k., two years against three, the first
    instance against the second, may against may not.
    """
    form = form_of(text)
    telling = [found for word in form.split() for found in _telling(word)]
    telling += [match[0] for sign, pattern in _PHRASES if sign in form for match in pattern.finditer(form)]
    telling += [match[0][1:] for match in _INITIALS.finditer(f" {form} ")]
    romans = _ROMAN.findall(text) if "V" in text or "X" in text or "II" in text else ()
    return (*numbers(text), *sorted(telling), *sorted(romans))


@lru_cache(maxsize=1)
def form_of(text: str) -> str:
    """Normal form of a text, remembered for the guard that asks for it next."""
    return normal_form(text)


@lru_cache(maxsize=1 << 16)
def _telling(word: str) -> tuple[str, ...]:
    return tuple(word for pattern in _WORDS if pattern.fullmatch(word))


_WORDS = (
    re.compile(r"[^\W\d]*\d\w*[a-z]\w*"),
    re.compile(r"nie|bez"),
    re.compile(
        r"dw(?:a|ie|och|om|oma|u)|trz(?:y|ech|em|ema)|czter(?:y|ech|em|ema)|(?:piec|szesc|dziewiec|dziesiec)(?:iu)?"
        r"|sied(?:em|miu)|os(?:iem|miu)|\w+nas(?:cie|tu)|dw(?:adziescia|udziestu)|\w+(?:dziesci|dziestu|dziesiat)"
        r"|\w+dziesieciu|sto|stu|dwiescie|\w+sta|\w+set|tysi\w+|polow\w+"
        r"|pierwsz\w{1,3}|drug\w{1,3}|trzec\w{1,4}|czwart\w{1,3}|piat\w{1,3}|szost\w{1,3}|osob\w+"
    ),
)
_PHRASES = (
    ("lit", re.compile(r"\blit(?:era|ery)? [a-z]{1,2}\b")),
    ("kodeks", re.compile(r"\bkodeks\w* (?:postepowania )?\w{4}")),
)
_INITIALS = re.compile(r" [a-z](?: [a-z])+(?= )")
_ROMAN = re.compile(r"\b(?:[IVX]{2,}|V|X)\b")
