"""Repair: text that was once read in the wrong encoding in, the text as it was written out; sound text stays.

A word of damaged text is read again in the encodings that Polish was written in, and the dictionary says which reading
is right. So a damaged sentence is found within a sound text, and m³, art. 5¹, ±, Škoda or Müller stay what they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from paragraf.language import is_known

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

_POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
_TYPOGRAPHY = "„”“‚‘’–—…§€°·•«»×\u00a0"
_NEVER_FROM_POLISH = "²µ®éÉèÈëßáÁíÍûøåřěýöÖüÜČ\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff"
_EXPECTED = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(_POLISH + _TYPOGRAPHY)
_USUAL = frozenset(map(chr, range(0x80))) | _EXPECTED | frozenset(_NEVER_FROM_POLISH)
# ¹ and ³ are ą and ł misread, but stand behind digits and metres by right
_RAISED_IN_WORD = re.compile(r"(?<![\dm¹²³])[¹³]|[¹³](?=[^\W\d_])")
_MISREAD = (  # (read as, written in), the likeliest first
    ("sloppy-windows-1252", "utf-8"),
    ("latin-1", "utf-8"),
    ("sloppy-windows-1250", "utf-8"),
    ("iso-8859-2", "utf-8"),
    ("cp852", "utf-8"),
    ("sloppy-windows-1252", "cp1250"),
    ("iso-8859-2", "sloppy-windows-1250"),
    ("latin-1", "iso-8859-2"),
    ("sloppy-windows-1252", "iso-8859-2"),
    ("sloppy-windows-1250", "iso-8859-2"),
    ("latin-1", "cp1250"),
    ("sloppy-windows-1250", "cp852"),
    ("sloppy-windows-1252", "cp852"),
    ("iso-8859-2", "cp852"),
    ("latin-1", "cp852"),
    ("cp852", "cp1250"),
)
_TOKEN = re.compile(r"[^ \t\r\n]+")  # not \s: NEL and the no-break space are halves of damaged letters
_WORD = re.compile(r"[^\W\d_]+")
_SIGNED_WORD = re.compile(r"[^\s\d.,;:?!()\[\]/„”“\"'–-]+")  # damaged letters are often signs
_BESIDE_WORD = ".,;:?!()„”“\"'"
_FOOTNOTE_MARKS = "¹²³†‡©®™"
_ONE_LETTER_WORDS = frozenset("aiouwzAIOUWZ")
_ROUNDS = 3  # text can be misread more than once
_WESTERN_LETTERS = re.compile("[æêñœÆÊÑŒŸ]")
_LONG_WORD = 5  # letters of a word that is no chance though French or Spanish may have written it
_SHORT_WORD = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """A token of the text read in another encoding, and whether the dictionary proves that this is right."""

    span: tuple[int, int]
    was: str
    text: str
    is_proved: bool


def repair(text: str) -> str:
    """The text as it was written, in composed letters; what is sound or cannot be repaired stays as it is.

    Nothing but the encoding is touched: white space, quotation marks and entities stay.
    """
    if text.isascii() or not _is_suspicious(text):
        return text
    import ftfy

    for _ in range(_ROUNDS):
        doubtful = [token for token in _TOKEN.finditer(text) if not token[0].isascii() and not _is_sound(token[0])]
        mended = ftfy.fix_text(_read_again(text, doubtful), _ftfy_settings()) if doubtful else text
        if mended == text:
            break
        text = mended
    return text


def _is_suspicious(text: str) -> bool:
    """Whether a text holds a sign that neither Polish nor its neighbours use, or that stands where it should not."""
    strange = set(text) - _USUAL
    return bool(strange) and (not strange <= {"¹", "³"} or bool(_RAISED_IN_WORD.search(text)))


def _read_again(text: str, doubtful: list[re.Match[str]]) -> str:
    """The text with its damaged words in the encoding that proves most of them; without proof nothing is changed."""
    best: list[_Reading] = []
    for read_as, written_in in _codecs():
        readings = list(_readings(doubtful, read_as, written_in))
        proved = [reading for reading in readings if reading.is_proved]
        if _is_proof(proved, written_in) and len(proved) > sum(reading.is_proved for reading in best):
            best = readings
    for reading in reversed(best):
        start, end = reading.span
        text = text[:start] + reading.text + text[end:]
    return text


def _readings(doubtful: list[re.Match[str]], read_as: str, written_in: str) -> Iterator[_Reading]:
    """The tokens that make sense, or are at least Polish letters, in another encoding."""
    for token in doubtful:
        again = _decoded(token[0], read_as, written_in)
        if not again or again == token[0] or not _EXPECTED.issuperset(again):
            continue
        words = _WORD.findall(again)
        makes_sense = all(map(_makes_sense, words))
        if written_in == "utf-8":  # a letter of two bytes does not come by chance
            yield _Reading(token.span(), token[0], again, True)
        elif makes_sense or max(map(len, words)) > 2:
            is_proved = bool(words) and makes_sense and not _has_footnote(token[0])
            yield _Reading(token.span(), token[0], again, is_proved)


def _decoded(token: str, read_as: str, written_in: str) -> str:
    try:
        return token.encode(read_as).decode(written_in)
    except UnicodeError:
        return ""


def _is_proof(proved: list[_Reading], written_in: str) -> bool:
    """Whether two words, or one that is no chance, speak for an encoding: prêt is not pręt."""
    again = {reading.text.strip(_BESIDE_WORD) for reading in proved}
    if len(again) != 1 or written_in == "utf-8":
        return bool(proved)
    word, was = again.pop(), proved[0].was
    return len(word) >= (_LONG_WORD if _WESTERN_LETTERS.search(was) else _SHORT_WORD)


def _is_sound(token: str) -> bool:
    """Whether a token holds words of the dictionary and no sign that does not belong there."""
    words = (_SIGNED_WORD if _is_suspicious(token) else _WORD).findall(token)
    return bool(words) and all(map(_makes_sense, words))


def _has_footnote(token: str) -> bool:
    """Whether a token is a word with the mark of a footnote: rzecz¹ can be that, or rzeczą."""
    marked = token.strip(_BESIDE_WORD)
    word = marked.rstrip(_FOOTNOTE_MARKS)
    return word != marked and word.isalpha() and is_known(word)


def _makes_sense(word: str) -> bool:
    if len(word) == 1:
        return word in _ONE_LETTER_WORDS
    if not word.isalpha():
        return word == "m³"
    return (word.islower() or word.isupper() or word.istitle()) and is_known(word)


@lru_cache(maxsize=1)
def _codecs() -> tuple[tuple[str, str], ...]:
    import ftfy.bad_codecs

    ftfy.bad_codecs.ok()  # registers the sloppy encodings, which have a letter for every byte
    return _MISREAD


@lru_cache(maxsize=1)
def _ftfy_settings() -> "TextFixerConfig":
    """Encodings alone: entities, quotation marks, line breaks and control characters are the business of others."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization="NFC",
    )
