"""Phrases: Polish turns of phrase written down once, found in texts in all their forms, with and without diacritics.

A table gives each cue its phrases, one a line. A word stands for itself, `adwokat*` for all forms of a lemma and
`pomóc:pri` for some of them (see `_MARKS`); `a|b` is either, `@group` a word of a named group, `@group:pri` some forms
of the lemmas in it, `~` up to three words none of which denies or begins another clause.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from paragraf.dictionary import generator
from paragraf.text import without_diacritics, words

Place = tuple[int, int]
Found = dict[str, list[Place]]
Words = frozenset[str]

NEGATIONS = frozenset(words("nie nikt nic nigdy zaden zadna zadnej zadnego zadnych ani trudno niemozliwe wcale"))
CONJUNCTIONS = frozenset({"ale", "lecz", "jednak", "natomiast", "wiec", "bo"})
BREAKS = frozenset(",;:()–—")
ENDS = frozenset(".?!…\n")
_UNCROSSED = NEGATIONS | CONJUNCTIONS | BREAKS | ENDS
_KEPT = "\ue000"  # stands for ę while all other diacritics go
_MOST_PAIRS = 1000  # of first and second words of one phrase, for the sake of memory
_GAP = 3  # words that a "~" may skip
_SPAN = 2 + _GAP  # words from the first to the second word of a phrase at the most
# Marks after a lemma by the beginnings of the tags that they let through.
_MARKS: Mapping[str, tuple[str, ...]] = {
    "pri": ("fin:sg:pri", "fin:pl:pri"),
    "sec": ("fin:sg:sec", "fin:pl:sec"),
    "ter": ("fin:sg:ter", "fin:pl:ter"),
    "inf": ("inf",),
    "impt": ("impt",),
    "now": ("fin", "impt", "inf", "imps"),
    "ppas": ("ppas",),
    "dat": ("subst:sg:dat", "subst:pl:dat"),
}


class _Phrase(NamedTuple):
    """A cue with what must follow the first word, None for a gap."""

    cue: str
    rest: tuple[Words | None, ...]


class Phrases:
    """The compiled table; `form` brings its words to the form of the tokens that it is to be found in."""

    def __init__(self, table: Mapping[str, str], groups: Mapping[str, str], form: Callable[[str], str]) -> None:
        self._form = form
        self._groups = groups
        # by first word: phrases to be tried, and those to be tried where their second word follows
        self._openers: dict[str, tuple[list[_Phrase], dict[str, list[_Phrase]]]] = {}
        for cue, lines in table.items():
            for line in filter(None, map(str.strip, lines.splitlines())):
                self._add(cue, line.split())

    def find(self, tokens: Sequence[str]) -> Found:
        """The cues of tokens, each with its places: first word, and the one after the last."""
        found: Found = {}
        openers, last = self._openers, len(tokens)
        for start, token in [(at, token) for at, token in enumerate(tokens) if token in openers]:
            alone, following = openers[token]
            for cue, rest in alone:
                if end := _end(tokens, start + 1, rest):
                    found.setdefault(cue, []).append((start, end))
            if following and start + 1 < last and not following.keys().isdisjoint(tokens[start + 1 : start + _SPAN]):
                for cue, end in _followed(tokens, start, following):
                    found.setdefault(cue, []).append((start, end))
        return found

    def _add(self, cue: str, words: Sequence[str]) -> None:
        """Common words such as "nie" open many phrases, which are therefore looked up by their second word."""
        first, *rest = (None if word == "~" else self._forms(word.split("|")) for word in words)
        phrase = _Phrase(cue, tuple(rest))
        second = next(filter(None, rest), frozenset())
        for form in first or ():
            alone, following = self._openers.setdefault(form, ([], {}))
            if second and len(first or ()) * len(second) <= _MOST_PAIRS:
                for other in second:
                    following.setdefault(other, []).append(phrase)
            else:
                alone.append(phrase)

    def _forms(self, words: Iterable[str]) -> Words:
        return frozenset(form for word in words for form in self._of_word(word))

    def _of_word(self, word: str) -> Words:
        name, _, mark = word.partition(":")
        if name.startswith("@"):
            return self._of_group(name[1:], mark)
        if not mark and not name.endswith("*"):
            return frozenset({self._form(name.lower())})
        tags = _MARKS[mark] if mark else ("",)
        known = [
            (form, tag) for form, _, tag, _, _ in generator()(name.rstrip("*")) if tag != "ign" and tag[:4] != "brev"
        ]
        forms = frozenset(self._form(form.lower()) for form, tag in known if tag.startswith(tags))
        if not forms:
            raise ValueError(f"the dictionary has no forms for {word!r}")
        return forms

    def _of_group(self, name: str, mark: str) -> Words:
        return self._forms(f"{word}:{mark}" if mark else word for word in self._groups[name].split())


def marked(text: str) -> str:
    """The same but for each ę, by which "napiszę" is told from "napisze"."""
    return without_diacritics(text.replace("ę", _KEPT)).replace(_KEPT, "ę")


def _followed(
    tokens: Sequence[str], start: int, following: Mapping[str, Sequence[_Phrase]]
) -> Iterator[tuple[str, int]]:
    """Cue and end of the phrases that begin with a token and go on with one of those after it."""
    for at in range(start + 1, min(start + _SPAN, len(tokens))):
        token = tokens[at]
        for cue, rest in following.get(token, ()):
            is_gapped = rest[0] is None
            if (is_gapped or at == start + 1) and (end := _end(tokens, at + 1, rest[2:] if is_gapped else rest[1:])):
                yield cue, end
        if token in _UNCROSSED:
            break


def _end(tokens: Sequence[str], at: int, rest: Sequence[Words | None]) -> int:
    """The place after a phrase whose remaining words begin at `at` or, after a gap, a little later; 0 if they don't."""
    for step, wanted in enumerate(rest):
        if wanted is None:
            return _after_gap(tokens, at, rest[step + 1 :])
        if at >= len(tokens) or tokens[at] not in wanted:
            return 0
        at += 1
    return at


def _after_gap(tokens: Sequence[str], at: int, rest: Sequence[Words | None]) -> int:
    wanted = rest[0] or frozenset()
    for start in range(at, min(at + _GAP + 1, len(tokens))):
        token = tokens[start]
        if token in wanted and (end := _end(tokens, start + 1, rest[1:])):
            return end
        if token in _UNCROSSED:
            break
    return 0
