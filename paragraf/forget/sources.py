"""Sources: the files that rows were read from, in; the places where a forgotten row still stands in them, out.

They are the user's own, so nothing is changed there, but in the inbox, which is a part of the workspace.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from paragraf.bucket import is_address
from paragraf.errors import ParagrafError
from paragraf.forget.contents import read_as
from paragraf.forget.inbox_lines import strings
from paragraf.forget.traces import squeezed
from paragraf.load import at_hand
from paragraf.reader import read_rows
from paragraf.records import Record

_SHORTEST = 40  # letters of a text by which a row is known within a longer one


def places(sources: Iterable[str], records: Iterable[Record]) -> list[str]:
    """Where the rows stand, as file:line; a source that can no longer be read is passed over."""
    texts = {squeezed(text) for record in records for text in (record.question, record.answer)} - {""}
    found = [place for source in dict.fromkeys(sources) for place in _places_in(source, texts)]
    return list(dict.fromkeys(found))


def _places_in(source: str, texts: set[str]) -> list[str]:
    above = f"{source.rsplit('/', 1)[0]}/" if is_address(source) else ""
    try:
        with at_hand(source) as files:
            named = [(path, f"{above}{path.name}" if above else str(path.absolute())) for path in files]
            return [f"{name}:{number}" for path, name in named for number in _standing(path, texts)]
    except ParagrafError:
        return []


def _standing(path: Path, texts: set[str]) -> Iterator[int]:
    long = [text for text in texts if len(text) >= _SHORTEST]
    try:
        for number, row in read_rows(path, lambda *_: None, read_as):
            told = [squeezed(text) for text in strings(row)]
            if not texts.isdisjoint(told) or any(text in one for one in told for text in long):
                yield number
    except ParagrafError:
        return
