"""Tokens: the words of a text with what stands between them, as the rules for names walk over them."""

import re
from functools import lru_cache
from typing import NamedTuple

from paragraf.privacy.surface import HIDDEN_PERSON
from paragraf.privacy.vocabulary import BETWEEN, NATIONS
from paragraf.privacy.words import NOBODY, Word, everyday_lemmas, is_everyday_word, word_of

_TOKEN = re.compile(rf"[^\W\d_]+(?:[-'][^\W\d_]+)*|{HIDDEN_PERSON}")
_BLANK = re.compile(r" {1,3}")
_OPENING = re.compile(r"(?:^|[.!?…;\n]|- )[\s„\"(«\[*•-]*$")
_ABBREVIATIONS = {
    *(
        "adw",
        "mec",
        "prof",
        "dr",
        "inż",
        "mgr",
        "lek",
        "not",
        "pr",
        "r",
        "p",
        "ob",
        "ks",
        "im",
        "św",
        "bl",
        "śp",
        "sp",
        "sw",
        "inz",
    ),
    *("ul", "al", "os", "pl", "hab", "med", "prok", "kom"),
}
_ROMAN = re.compile(r" (?:[IVX]{1,5})\b")


class Token(NamedTuple):
    """A word in its place.

    Attributes:
        word: what it can be when its first letter is a capital.
        may_begin: whether a name can begin here, as it is written.
    """

    start: int
    end: int
    text: str
    word: Word
    may_begin: bool

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


class Sentence:
    """The words of a whole text by number; past either end there is nothing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_shouted = text.isupper()
        self.tokens = [
            Token(found.start(), found.end(), found.group(), *_read(found.group())) for found in _TOKEN.finditer(text)
        ]

    def __len__(self) -> int:
        return len(self.tokens)

    def gap(self, at: int) -> str:
        """What stands between a word and the next one."""
        if at < 0 or at + 1 >= len(self.tokens):
            return "\n"
        return self.text[self.tokens[at].end : self.tokens[at + 1].start]

    def is_joined(self, at: int) -> bool:
        """Whether nothing but a blank stands between a word and the next one."""
        return bool(_BLANK.fullmatch(self.gap(at)))

    def is_named(self, at: int) -> bool:
        """Whether a word is written as a name: a capital where not all the text is in capitals."""
        return 0 <= at < len(self.tokens) and self.tokens[at].is_capital and not self.is_shouted

    def is_opening(self, at: int) -> bool:
        """Whether a word opens a sentence, so that its capital says nothing; an abbreviation's dot ends none."""
        before = self.text[max(0, self.tokens[at].start - 12) : self.tokens[at].start]
        if not _OPENING.search(before) and self.tokens[at].start > 0:
            return False
        return not (self.gap(at - 1).strip(" ") == "." and self.is_abbreviation(at - 1))

    def lemmas(self, at: int) -> frozenset[str]:
        """Basic forms of a word without diacritics, none past the ends."""
        return everyday_lemmas(self.tokens[at].text) if 0 <= at < len(self.tokens) else frozenset()

    def role_before(self, at: int) -> int:
        """Number of the word that could say who the one at `at` is; words such as "sądowy" are skipped."""
        before = at - 1
        while before > 0 and self.lemmas(before) & BETWEEN and self.tokens[before].text[0].islower():
            if self.lemmas(before) & {"pan", "pani"} or not self.is_joined(before - 1):
                break
            before -= 1
        return before

    def is_numbered(self, at: int) -> bool:
        """Whether a Roman numeral follows, as after the name of a pope or a king."""
        return bool(_ROMAN.match(self.text, self.tokens[at].end))

    def is_quoted(self, at: int) -> bool:
        """Whether a quotation mark opens right before the word: what is quoted is the name of a thing."""
        start = self.tokens[at].start
        return start > 0 and self.text[start - 1] in '„"«“”'

    def is_abbreviation(self, at: int) -> bool:
        """Whether a word is one that is written with a dot before a name."""
        return 0 <= at < len(self.tokens) and self.tokens[at].text.lower() in _ABBREVIATIONS


def may_name(text: str) -> bool:
    """Whether any word of a text can begin a name: a quick look that spares most texts the rules."""
    return any(_read(word)[1] for word in _TOKEN.findall(text))


@lru_cache(maxsize=200_000)
def _read(text: str) -> tuple[Word, bool]:
    if text == HIDDEN_PERSON:
        return NOBODY, False
    word = word_of("-".join(part[:1].upper() + part[1:].lower() for part in text.split("-")))
    if text[0].isupper():
        is_free = not word.is_function or word.is_popular_given
        return word, (word.is_name and is_free) or not word.is_known or len(text) == 1
    return word, word.is_popular_nominative or is_lower_given(text) or can_be_lower_surname(text)


def is_lower_given(text: str) -> bool:
    """Whether a word in lower case is a given name and nothing else."""
    lower = text.lower()
    return len(text) > 2 and word_of(lower.capitalize()).is_popular_given and not is_everyday_word(lower)


def can_be_lower_surname(text: str) -> bool:
    """Whether a word in lower case is a surname rather than an everyday word."""
    word = word_of(text.lower().capitalize())
    if not word.surname or everyday_lemmas(text) & NATIONS:
        return False
    return word.has_family_ending or not is_everyday_word(text.lower())
