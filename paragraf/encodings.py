"""Encodings: bytes that are no UTF-8 text in, what they are and how to convert them out; never a silent guess."""

import re
import shlex
from pathlib import Path

# the single-byte encodings that Polish was written in, the likeliest first: as Python and as iconv call them
_CANDIDATES = {"cp1250": "CP1250", "iso8859-2": "ISO-8859-2", "cp852": "CP852", "mac-latin2": "MAC-CENTRALEUROPE"}
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ§–—„”’…•€\u00a0")
_MARKS = (  # longest first: the mark of UTF-32-LE begins with that of UTF-16-LE
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_BINARY = (
    (b"\x1f\x8b", "a gzip archive; unpack it first with `gunzip`"),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV (UTF-8)"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first with `zstd -d`"),
    (b"PAR1", "a Parquet file; give its name the ending .parquet"),
    (b"%PDF", "a PDF document; extract the rows first"),
)
_VALID_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def binary_kind(head: bytes) -> str:
    """What a file that begins with these bytes is, with what to do, if it is no text at all; else nothing."""
    return next((kind for mark, kind in _BINARY if head.startswith(mark)), "")


def wide_encoding(head: bytes) -> str:
    """The UTF-16 or UTF-32 (as iconv calls it) that a file begins in, by its mark or by every other byte being zero."""
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if marked or len(head) < 4:
        return marked
    even, odd = (head[start::2].count(0) / len(head[start::2]) for start in (0, 1))
    if max(even, odd) > 0.4 and min(even, odd) < 0.05:
        return "UTF-16LE" if odd > even else "UTF-16BE"
    return ""


def is_damaged_utf8(sample: bytes) -> bool:
    """Whether bytes that do not decode were UTF-8 once: whole multi-byte letters outnumber the broken bytes."""
    broken = len([byte for byte in _VALID_SEQUENCE.sub(b"", sample) if byte >= 0x80])
    return len(_VALID_SEQUENCE.findall(sample)) > broken


def guess(sample: bytes) -> str:
    """The encoding (as iconv calls it) that Polish text which is no UTF-8 is probably in; nothing if none fits."""
    import chardet

    shares = {name: _polish_share(sample.decode(name, "replace")) for name in _CANDIDATES}
    best = max(shares.values())
    if best < 0.8:  # correct guesses score above 0.95; a few foreign names are allowed
        return ""
    likely = [name for name, share in shares.items() if share == best]
    if len(likely) > 1:  # few letters, the same in both: statistics of letter pairs decide
        found = chardet.detect(sample, include_encodings=likely, no_match_encoding=likely[0], compat_names=False)
        likely.insert(0, found["encoding"] or likely[0])
    return _CANDIDATES[likely[0]]


def _polish_share(text: str) -> float:
    foreign = [letter for letter in text if letter > "\x7f"]
    return sum(letter in _POLISH for letter in foreign) / max(1, len(foreign))


def refusal(path: Path, encoding: str) -> str:
    """What to tell about a file that is not in UTF-8: the guess and the command that converts it."""
    if not encoding:
        return "the text is neither UTF-8 nor in an encoding that Polish is written in; save it as UTF-8."
    converted = path.with_name(f"{path.stem}.utf8{path.suffix}")
    command = f"iconv -f {encoding} -t UTF-8 {shlex.quote(str(path))} > {shlex.quote(str(converted))}"
    mixed = " (only some lines? set --load.encoding auto)" if encoding in _CANDIDATES.values() else ""
    return f"the text is not UTF-8 but probably {encoding}{mixed}; convert it with: {command}"


def decode(line: bytes, encoding: str) -> str:
    """The text of bytes in an encoding that `guess` named."""
    names = {theirs: ours for ours, theirs in _CANDIDATES.items()}
    return line.decode(names[encoding])
