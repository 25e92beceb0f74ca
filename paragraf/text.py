"""Text: Polish text brought to one form, and cut into words, without losing what the law needs."""

import re
import unicodedata
from hashlib import blake2b

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"„[^”\"]*[”\"]|\"[^\"]*\"|“[^”]*”|«[^»]*»|»[^«]*«")
_PLAIN = tuple(zip("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ", strict=True))
_PLAIN_LETTERS = str.maketrans(dict(_PLAIN))
_SHORT = 40  # characters


def tidy(text: str) -> str:
    """One space between words, no control or invisible characters, composed letters.

    NFC and never NFKC: the compatibility form turns art. 22¹ into art. 221, which is another article.
    """
    if text.isprintable() and "  " not in text and not text.startswith(" ") and not text.endswith(" "):
        return text if text.isascii() else unicodedata.normalize("NFC", text)  # most texts, at a tenth of the cost
    visible = _SPACES.sub(" ", without_controls(text)).strip()
    return visible if visible.isascii() else unicodedata.normalize("NFC", visible)


def without_controls(text: str) -> str:
    """No invisible characters, and a blank for each control character; line breaks and tabs stay."""
    return text if text.isprintable() else _CONTROL.sub(" ", _INVISIBLE.sub("", text))


def without_diacritics(text: str) -> str:
    """Polish letters as people type them on a foreign keyboard; length and positions stay."""
    if text.isascii():
        return text
    if len(text) < _SHORT:
        return text.translate(_PLAIN_LETTERS)
    for letter, plain in _PLAIN:  # on long texts six times as fast as str.translate
        text = text.replace(letter, plain)
    return text


def without_quotes(text: str) -> str:
    """A blank for each stretch in quotation marks."""
    return _QUOTED.sub(" ", text) if any(mark in text for mark in '„"“«»') else text


def normal_form(text: str) -> str:
    """Lower case words without diacritics and punctuation: equal for texts that differ in typing only."""
    return " ".join(words(without_diacritics(unicodedata.normalize("NFC", text).lower())))


def words(text: str) -> list[str]:
    """Runs of letters and digits, in order."""
    return _WORD.findall(text)


def stable_hash(text: str) -> int:
    """64 bits, the same in every process and run: a small stand-in for a text in a million rows."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def numbers(text: str) -> tuple[str, ...]:
    """All numbers of a text, sorted: texts with other numbers may speak of another provision, period or amount.

    A superscript is a number of its own, so art. 22¹ and art. 221 stay apart.
    """
    return tuple(sorted(re.findall(r"\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+", text)))
