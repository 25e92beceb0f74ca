"""Traces: rows in, the stretches of words by which they are known again in any writing out, and whether a text has one.

Texts are compared by their letters and digits alone, with escapes of JSON, HTML and Python undone: however a row is
quoted, wrapped or marked up, its words stay in their order.
"""

import html
import json
import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from paragraf.law import find
from paragraf.lineage import asked
from paragraf.records import Record
from paragraf.text import without_diacritics

_SHORTEST = 24  # letters and digits of a stretch that is a row's own, and of its first and last words
_SHORTEST_WHOLE = 8  # of a question or answer that has no longer stretch
_FEW = 64  # stretches up to which looking for each is the fastest way
_SENTENCE_END = re.compile(r"[.?!;:\n]+\s")
_CODE_POINT = re.compile(r"\\+u([0-9a-fA-F]{4})")
_ESCAPE = re.compile(r"""\\+([nrtbf"'/\\])""")
_OTHER = re.compile(r"[\W_]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")
_NAME = re.compile(r"(?=.*[^\W\d_])(?=.*\d).{6,}")  # an id that is nothing else by chance: letters and digits


def squeezed(text: str) -> str:
    """The letters and digits of a text, small and plain, whatever stands between them."""
    return _OTHER.sub("", without_diacritics(text.lower()))


def unescaped(text: str) -> str:
    """A text without the escapes of JSON, however deep, of Python and of HTML."""
    if "\\" in text:
        text = _CODE_POINT.sub(lambda found: chr(int(found[1], 16)), text)
        text = _ESCAPE.sub(lambda found: found[1] if found[1] in "\"'/" else " ", text)
    return html.unescape(text) if "&" in text else text


@dataclass(frozen=True)
class Traces:
    """What tells that a text holds something of rows: stretches of their words (squeezed), hashes and ids.

    Of the ids, `shared` ones are those of other rows, too: they tell only where our files name rows.
    """

    stretches: frozenset[str]
    hashes: frozenset[str]
    ids: frozenset[str]
    shared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, records: Iterable[Record], others: Iterable[Record]) -> "Traces":
        """The traces of rows; a stretch that other rows hold, too, is no trace."""
        told, hashes, ids = set[str](), set[str](), set[str]()
        for record in records:
            told |= set(_stretches(record))
            hashes |= {asked(record.question), *re.findall(r"^q-([0-9a-f]{12})", record.id)}
            ids.add(record.id)
        own = cls(frozenset(told), frozenset(), frozenset())
        common, shared = set[str](), set[str]()
        for record in others:
            common |= set(own.found_in(squeezed(_texts_of(record))))
            shared |= {record.id} & ids
        return cls(frozenset(told - common), frozenset(hashes), frozenset(ids), frozenset(shared))

    def are_in(self, text: str) -> bool:
        """Whether a text holds a stretch of a row's words, a hash of its question or its id, as it is or in base64."""
        plain = unescaped(text)
        if self._names.search(plain) or any(True for _ in self.found_in(squeezed(plain))):
            return True
        return any(self.are_in(inner) for inner in _decoded(text))

    def ids_are_in(self, text: str) -> bool:
        """Whether a text names a row by its id where ids stand in our files: a value or a name of JSON."""
        return bool(self._quoted_ids.search(unescaped(text)))

    def found_in(self, letters: str) -> Iterator[str]:
        """The stretches that are in a squeezed text."""
        if len(self.stretches) <= _FEW:
            yield from (stretch for stretch in self.stretches if stretch in letters)
            return
        yield from (stretch for stretch in self._short if stretch in letters)
        for start in range(len(letters) - _SHORTEST + 1):
            for stretch in self._by_start.get(letters[start : start + _SHORTEST], ()):
                if letters.startswith(stretch, start):
                    yield stretch

    def raw(self) -> list[bytes]:
        """The distinctive ids and hashes as bytes, for files that are no text."""
        return [name.encode() for name in self._distinctive]

    @property
    def _distinctive(self) -> list[str]:
        return sorted({*self.hashes, *(name for name in self.ids - self.shared if _NAME.fullmatch(name))})

    @cached_property
    def _names(self) -> re.Pattern[str]:
        return _any_of(self._distinctive, r"(?<![\w-])(?:{})(?![\w-])")

    @cached_property
    def _quoted_ids(self) -> re.Pattern[str]:
        return _any_of(sorted(self.ids), r'"(?:{})(?:~\w+)?"')

    @cached_property
    def _short(self) -> list[str]:
        return [stretch for stretch in self.stretches if len(stretch) < _SHORTEST]

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for stretch in self.stretches:
            if len(stretch) >= _SHORTEST:
                found.setdefault(stretch[:_SHORTEST], []).append(stretch)
        return found


def _any_of(names: list[str], around: str) -> re.Pattern[str]:
    return re.compile(around.format("|".join(map(re.escape, names))) if names else r"(?!)")


def _texts_of(record: Record) -> str:
    told = [record.question, record.answer, record.basis_text, *record.facts, *(text for _, text in record.choices)]
    return "\n".join(told)


def _stretches(record: Record) -> Iterator[str]:
    for text in (record.question, record.answer, *record.facts, *(text for _, text in record.choices)):
        whole = squeezed(text)
        found = [letters for part in _parts(text) if len(letters := squeezed(part)) >= _SHORTEST]
        if len(whole) >= _SHORTEST:
            yield from (*found, whole[:_SHORTEST], whole[-_SHORTEST:])
        elif text in (record.question, record.answer) and len(whole) >= _SHORTEST_WHOLE:
            yield whole


def _parts(text: str) -> Iterator[str]:
    """Sentences without their citations, which are nobody's own."""
    start = 0
    for citation in find(text):
        yield from _SENTENCE_END.split(text[start : citation.span[0]])
        start = citation.span[1]
    yield from _SENTENCE_END.split(text[start:])


def _decoded(text: str) -> Iterator[str]:
    for found in _BASE64.finditer(text):
        run = found[0].rstrip("=")
        decode = urlsafe_b64decode if "-" in run or "_" in run else b64decode
        try:
            inner = decode(run + "=" * (-len(run) % 4)).decode()
        except (Error, UnicodeDecodeError):
            continue
        yield inner


def as_text(value: object) -> str:
    """A value of a table as text to look in."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
