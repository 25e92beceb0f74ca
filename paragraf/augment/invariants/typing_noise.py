"""Typing noise: a variant typed badly in, the same with those words mended that would hide what it says out."""

import re

from paragraf.dictionary import readings
from paragraf.text import without_diacritics, words

NOISE_TECHNIQUES = frozenset({"no_diacritics", "noise", "typos", "typo", "typing", "lower_case", "punctuation"})
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4  # letters; a shorter word of weight must be typed right
_LONG = 8  # letters from which two slips are no other word


def is_noise(technique: str) -> bool:
    """Whether a technique, or all of those joined by "+", only types the same text another way."""
    names = re.split(r"[+,|/ ]+", technique.replace("-", "_"))
    return all(name in NOISE_TECHNIQUES for name in names)


def mended(variant: str, origin: str) -> str:
    """The variant with words typed as in the origin, where only diacritics or slips that make no other word differ."""
    known = {without_diacritics(word).lower(): word for word in words(origin)}
    longer = sorted(word for word in known if len(word) >= _SHORTEST)

    def mend(match: re.Match[str]) -> str:
        typed = match[0]
        word = without_diacritics(typed).lower()
        if word in known:
            return known[word]
        if len(word) < _SHORTEST - 1 or readings(typed.lower()):
            return typed
        near = min(longer, key=lambda other: slips(word, other), default="")
        return known[near] if near and slips(word, near) <= (2 if len(near) >= _LONG else 1) else typed

    return _WORD.sub(mend, variant)


def slips(word: str, other: str) -> int:
    """Letters left out, added, changed or swapped with their neighbour between two words; 3 stands for all above 2."""
    if abs(len(word) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        older, before, row = before, row, [i]
        for j, mark in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == mark:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return min(row[-1], 3)
