"""Provisions: "art. 6 ust. 1 lit. b i f oraz art. 9 RODO" read as one group, whose act applies to all its members."""

import re
from dataclasses import dataclass

from paragraf.law.naming import UNKNOWN_ACT, ActNames
from paragraf.law.numbering import ARTICLE, PARAGRAPH, PASSAGE, UNITS, Value, label_at, next_value_at, value_at

_JOINT = re.compile(
    r"(?:\.(?=\s?(?:ust|pkt|lit)\b))?\s*+(?:(?P<link>(?:,\s*+)?(?:w\s*+z[bw]\.?\s*+z|z[bw]\.\s*+z|w\s++(?:zwi[aą]zku|powi[aą]zaniu|zbiegu)\s++z)\b)"
    r"|(?P<list>(?:,\s*+)?(?:(?:i|oraz|lub|albo|b[aą]d[zź]|ewentualnie|wzgl[eę]dnie|jak\s++(?:te[zż]|r[oó]wnie[zż])"
    r"|a\s++tak[zż]e|a(?=\s++art))\b(?:\s++(?:w|z|na\s++podstawie)(?=\s++art))?|[;/&]))|(?P<comma>,))?\s*+"
)
_ASIDE = re.compile(
    r"\s*+(?:,\s*+)?(?:in\s++(?:fine|principio|medio)\b|ab\s++initio\b|i\s++nast[eę]pn\w++|i\s++nast\b\.?|i\s++n\.|nn\.|n\.(?=\s)"
    r"|a\s++contrario\b|per\s++analogiam\b)"
)
_CLOSING = re.compile(r"[)”\"]?")
_SPACE = re.compile(r"\s*+")
# "Czytałem Paragraf 22" is a book: the word, unlike the sign, needs a document after it or a smaller unit.
_DOCUMENT = re.compile(
    r"\s++(?:(?:tej|tego|naszej|mojej)\s++)?(?:umow|regulamin|rozporz|statut|zarz[aą]dz|uchwa[lł]|aneks|ustaw|kodeks|polis|uk[lł]ad)"
)
# No article has so many paragraphs: "art. 94 § 2, 118 k.c." goes on with another article.
_PARAGRAPHS_BELOW = 100
_NOTHING = ("",) * len(UNITS)


@dataclass(slots=True)
class Provision:
    """One provision of a group; `units` are its numbers from article to sentence, "" where it has none."""

    units: tuple[str, ...]
    start: int
    end: int
    act: str = UNKNOWN_ACT

    @property
    def key(self) -> str:
        """The canonical key: "kp:art=52;par=1;pkt=1"."""
        numbers = ";".join([f"{unit}={number}" for unit, number in zip(UNITS, self.units, strict=True) if number])
        return f"{self.act}:{numbers}"


class ProvisionReader:
    """Reads one group of provisions from text in lower case; `end` and `last_act` tell how it left off."""

    def __init__(self, lower: str, names: ActNames, last_act: str) -> None:
        self._lower = lower
        self._names = names
        self._members: list[Provision] = []
        self._named = 0
        self._level = ARTICLE
        self.last_act = last_act
        self.end = 0

    def read(self, start: int) -> list[Provision]:
        """The group that begins with the label at `start`; empty unless it names articles or lone paragraphs."""
        self.end = start
        while self._take_units() and self._take_act():
            pass
        if 0 < self._named < len(self._members):
            self._give_act(self._members[self._named - 1].act)
        return self._members if self._members and self._stands(start) else []

    def _take_units(self) -> bool:
        """Read on to the next act or the end; whether there was anything to read."""
        while self._take_unit() or self._take_aside():
            pass
        return len(self._members) > self._named

    def _take_unit(self) -> bool:
        """Read "§ 1", or the "i 2" after it; False, and nothing read, where the provisions end."""
        joint = _JOINT.match(self._lower, self.end)
        kind, at = (joint.lastgroup, joint.end()) if joint else (None, self.end)
        label = label_at(self._lower, at)
        if not label:
            return bool(self._members) and kind is not None and self._take_bare(at, kind)
        value = value_at(self._lower, label.end, label.level)
        if not value:
            return False
        if not self._members:
            self._open(_NOTHING, label.level, at, value)
            return True
        if self._may_narrow(kind, label.level):
            return self._narrow(label.level, value)
        if not self._may_branch(kind, label.level):
            return False
        self._open(self._members[-1].units, label.level, at, value)
        return True

    def _may_narrow(self, kind: str | None, level: int) -> bool:
        return not self._is_named() and (not kind or (kind == "comma" and level > self._level))

    def _may_branch(self, kind: str | None, level: int) -> bool:
        if level == ARTICLE:
            return kind is not None and bool(self._members[-1].units[ARTICLE])
        return kind is not None and level <= self._level and not self._is_named()

    def _is_named(self) -> bool:
        """Whether the last member has its act already, so that only a further article can follow."""
        return self._named == len(self._members)

    def _take_bare(self, at: int, kind: str) -> bool:
        """Read the 2 of "§ 1 i 2", the article of "art. 13 § 1 w zw. z 148 § 1" or of "art. 94 § 2, 118"."""
        units = self._members[-1].units
        needs_proof = kind == "link" or self._is_named()
        level = ARTICLE if needs_proof else self._level
        value = next_value_at(self._lower, at, level)
        if not value or (needs_proof and not (units[ARTICLE] and self._is_article(value))):
            return False
        if level in (PARAGRAPH, PASSAGE) and units[ARTICLE] and _leading(value.number) >= _PARAGRAPHS_BELOW:
            level = ARTICLE
        self._open(units, level, at, value)
        return True

    def _is_article(self, value: Value) -> bool:
        """Whether a smaller unit or an act follows a number: not so in "k.p.c. i 10 osób"."""
        space = _SPACE.match(self._lower, value.end)
        label = label_at(self._lower, space.end() if space else value.end)
        if label and value_at(self._lower, label.end, label.level):
            return label.level > ARTICLE
        return self._names.after(self._lower, value.end, UNKNOWN_ACT) is not None

    def _open(self, before: tuple[str, ...], level: int, start: int, value: Value) -> None:
        """A new member that shares the wider units of the one before: "art. 5 § 1 i § 2"."""
        self._members.append(Provision(_with(_NOTHING, before, level, value.number), start, value.end))
        self._level = level
        self.end = value.end

    def _narrow(self, level: int, value: Value) -> bool:
        """One more unit of the last member: the § 1 of "art. 5 § 1", or the article of "§ 1 art. 5"."""
        last = self._members[-1]
        if last.units[level]:
            return False
        last.units = _with(last.units, last.units, level, value.number)
        last.end = self.end = value.end
        self._level = level
        if level == ARTICLE:
            for member in self._members[self._named : -1]:
                member.units = _with(member.units, member.units, level, member.units[ARTICLE] or value.number)
        return True

    def _take_aside(self) -> bool:
        """Skip "in fine" and "i nast.", which say nothing that a key holds."""
        aside = _ASIDE.match(self._lower, self.end) if self._members else None
        if aside:
            self.end = self._members[-1].end = aside.end()
        return bool(aside)

    def _take_act(self) -> bool:
        """Read the name of an act, and give it to all members since the act before."""
        named = self._names.after(self._lower, self.end, self.last_act)
        if not named:
            return False
        self._give_act(named.act)
        self._members[-1].end = named.end
        closing = _CLOSING.match(self._lower, named.end)
        self.end = closing.end() if closing else named.end
        self._named = len(self._members)
        if named.act != UNKNOWN_ACT:
            self.last_act = named.act
        return True

    def _give_act(self, act: str) -> None:
        for member in self._members[self._named :]:
            member.act = act

    def _stands(self, start: int) -> bool:
        if self._members[0].units[ARTICLE]:
            return True
        if not self._members[0].units[PARAGRAPH]:
            return False
        is_narrowed = any(self._members[0].units[PARAGRAPH + 1 :])
        return (
            self._lower[start] == "§" or is_narrowed or self._named > 0 or bool(_DOCUMENT.match(self._lower, self.end))
        )


def _with(narrower: tuple[str, ...], wider: tuple[str, ...], level: int, number: str) -> tuple[str, ...]:
    return (*wider[:level], number, *narrower[level + 1 :])


def _leading(number: str) -> int:
    digits = re.match(r"[0-9]+", number)
    return int(digits.group()) if digits else 0
