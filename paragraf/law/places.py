"""Places: where a number such as "22(1)a" stands among the numbers of an act, or whether it may have stood there."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from paragraf.law.numbering import ARTICLE, value_at

Place = Literal["taken", "free", "beyond"]  # "free": not held, but a number that the act has or had may stand there

_PARTS = re.compile(r"(?P<base>[0-9]{1,5})(?P<letters>[a-zł]*)(?:\((?P<raised>[0-9]{1,3})\)(?P<tail>[a-zł]*))?")
_ALPHABET = "abcdefghijklłmnopqrstuvwxyz"
# Of neighbours that share a base number up to four were seen missing at once in otherwise whole texts of codes.
_SLACK = 4
# An act that adds articles by letters all the time does not add one by a raised digit, and the other way round.
_SETTLED = 10
# Of a whole act most numbers from 1 to its last are there; where they are not, it is an excerpt.
_WHOLE = 0.5


class Step(NamedTuple):
    """One part of a number: its kind ("" plain, "a" letter, "^" raised) and its rank among numbers of the kind."""

    kind: str
    rank: int


def canonical(written: str) -> str | None:
    """The number of an article as keys hold it: "442^1", "442¹" and "442(1)" as "442(1)"; None if it is none."""
    text = written.strip().lower()
    value = value_at(text, 0, ARTICLE)
    return value.number if value and value.end == len(text) and ".." not in value.number else None


@cache
def steps(number: str) -> tuple[Step, ...]:
    """The parts of a canonical number, "22(1)a" as plain 22, raised 1, letter a; empty if it is none."""
    parts = _PARTS.fullmatch(number)
    if not parts:
        return ()
    raised = (Step("^", int(parts["raised"])),) if parts["raised"] else ()
    return (Step("", int(parts["base"])), *_letters(parts["letters"]), *raised, *_letters(parts["tail"] or ""))


def base(number: str) -> int:
    """The plain number before letters and raised digits; 0 if there is none."""
    return steps(number)[0].rank if steps(number) else 0


def flattened(number: str) -> list[str]:
    """What a number may be whose raised digits have slipped down: "4171" perhaps 417(1)."""
    parts = re.fullmatch(r"([0-9]{2,5})([a-zł]?)", number)
    if not parts:
        return []
    digits, letter = parts.groups()
    return [f"{digits[:-raised]}({digits[-raised:]}){letter}" for raised in (1, 2, 3) if raised < len(digits)]


class Numbers:
    """The numbers of one act, and what they say about a number that is not among them."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._numbers = frozenset(numbers)
        self._highest: dict[tuple[tuple[Step, ...], str], int] = {}
        self._used: dict[tuple[int, str], int] = {}
        plain: set[int] = set()
        for number in self._numbers:
            chain = steps(number)
            plain.add(base(number))
            for depth, step in enumerate(chain):
                above = (chain[:depth], step.kind)
                self._highest[above] = max(step.rank, self._highest.get(above, 0))
            if len(chain) > 1:
                style = (len(chain), chain[-1].kind)
                self._used[style] = self._used.get(style, 0) + 1
        self._plain = plain
        self._top = max(plain, default=0)
        self.is_whole = len(plain) >= _WHOLE * self._top

    def place_of(self, number: str) -> Place:
        """Where a number stands; "beyond" is certain, as far as the act is whole."""
        if number in self._numbers:
            return "taken"
        chain = steps(number)
        if not chain or not self.is_whole or not self._numbers.isdisjoint(flattened(number)):
            return "free"
        if chain[0].rank > self._top:
            return "beyond"
        # with a whole range of articles, as "695-715 (repealed)", what was added between them has gone too
        if chain[0].rank not in self._plain:
            return "free"
        return "beyond" if any(self._is_beyond(chain, depth) for depth in range(1, len(chain))) else "free"

    def _is_beyond(self, chain: tuple[Step, ...], depth: int) -> bool:
        kind, rank = chain[depth]
        highest = self._highest.get((chain[:depth], kind), 0)
        if rank > highest + _SLACK:
            return True
        other = {"a": "^", "^": "a"}[kind]
        return self._used.get((depth + 1, kind), 0) == 0 and self._used.get((depth + 1, other), 0) >= _SETTLED


def _letters(letters: str) -> tuple[Step, ...]:
    return tuple(Step("a", _ALPHABET.index(letter) + 1) for letter in letters)
