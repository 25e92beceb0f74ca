"""Documents: a folder of statutes and texts in, passages short enough for a message out, each with its citation."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from paragraf.baselines.library import Passage
from paragraf.clean.rejoining import rejoined
from paragraf.errors import BadRow, MissingInput
from paragraf.law import Citation, acts, format
from paragraf.law.statute_import import wordings
from paragraf.law.statutes import Period
from paragraf.law.units import by_paragraph
from paragraf.text import tidy

LONGEST = 800  # characters, about 300 tokens of a small model: a paragraph of most provisions, whole
_SHORTEST = 40  # characters; titles and "(uchylony)" tell nothing
_KINDS = (".json", ".txt", ".md")
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.+)")
_SENTENCE_END = re.compile(r"(?<=[.;:!?])\s")


def blocks_of(folder: Path) -> Iterator[Passage]:
    """What the files of a folder say, in the order of their names: a provision or paragraph each, of any length.

    `.json` holds the articles of an act as for `paragraf law import`, named by the act's key; `.txt` and `.md` hold
    paragraphs between blank lines.

    Raises:
        MissingInput: there is no such folder, or no such file in it.
        BadRow: a file is not in UTF-8 or not as it should be.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _KINDS and path.is_file())
    if not files:
        raise MissingInput(f"{folder}: no folder with {', '.join(_KINDS)} files; check baselines.documents.")
    for path in files:
        read = _provisions if path.suffix.lower() == ".json" else _paragraphs
        yield from (block for block in read(path) if len(block.text) >= _SHORTEST)


def cut(block: Passage) -> list[Passage]:
    """A block in pieces of at most LONGEST characters, at the end of a sentence where there is one, else of a word."""
    pieces, rest = [], block.text.strip()
    while len(rest) > LONGEST:
        start = rest[: LONGEST + 1]
        ends = [match.start() for match in _SENTENCE_END.finditer(start) if match.start() > LONGEST // 2]
        end = ends[-1] if ends else max(start.rfind(" "), 0) or LONGEST
        pieces.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [replace(block, text=text) for text in [*pieces, rest] if text]


def _provisions(path: Path) -> Iterator[Passage]:
    """The paragraphs of all articles that are in force; versions that have ended are left out."""
    for wording in wordings(path, Period("", "")):
        if not wording.period.until:
            for unit, text in by_paragraph(rejoined(wording.text)):
                yield Passage(tidy(text), _cited(path.stem, wording.article, unit))


def _cited(act: str, article: str, unit: str) -> str:
    key = f"{act}:art={article}" + (f";{unit}" if unit else "")
    if act in acts():
        return format(Citation(key, (0, 0), act, article))
    return f"art. {article} ({act})"


def _paragraphs(path: Path) -> Iterator[Passage]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRow(f"{path}: not readable as UTF-8 ({error.reason} at byte {error.start}); convert it.") from error
    citation = path.name
    for block in re.split(r"\n\s*\n", text):
        heading = _HEADING.match(block.strip())
        if heading:
            citation = f"{path.name}, {tidy(heading['title'])}"
        yield Passage(tidy(block.strip()[heading.end() :] if heading else block), citation)
