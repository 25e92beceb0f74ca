"""Units: the text of an article in, the numbers of its paragraphs out, as far as the text shows them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from paragraf.law.places import Place, base, canonical, flattened

# "§ 2^1. Text", at the start of a line; in acts that count in passages "2. Text".
_START = r"(?:^|\n)\s*"
_NUMBER = r"(?P<number>[0-9]{1,3}[a-zł]{0,3}(?:\^[0-9]{1,2}[a-z]?|\([0-9]{1,2}\)[a-z]?|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})?)"
_PARAGRAPH = re.compile(rf"{_START}§\s*{_NUMBER}\.(?=\s)")
_PASSAGE = re.compile(rf"{_START}{_NUMBER}\.\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ(„])")
_HEADING = re.compile(rf"{_START}Art\.\s*(?P<article>[0-9]{{1,4}}[a-zł]{{0,3}}(?:\^[0-9]{{1,3}}[a-z]?)?)\.\s")
_REPEALED = re.compile(r"\s*\((?:uchylon[yaei]|skre[sś]lon[yaei]|pomini[eę]t[yaei]|utraci[lł]\w*\s+moc)\)\s*")
# Paragraphs come and go with the years; up to four were seen to go without a trace in the text of today.
_SLACK = 4


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of one article: the numbers of its paragraphs (§ or ust.) in order, and whether it still stands."""

    paragraphs: tuple[str, ...] = ()
    is_repealed: bool = False

    def place_of(self, paragraph: str) -> Place:
        """Where a paragraph stands; of a repealed article nothing is certain."""
        if paragraph in self.paragraphs:
            return "taken"
        highest = max(map(base, self.paragraphs), default=0)
        if self.is_repealed or base(paragraph) <= highest + _SLACK:
            return "free"
        return "beyond" if set(self.paragraphs).isdisjoint(flattened(paragraph)) else "free"


def article_of(text: str) -> Article:
    """What the text of an article shows."""
    if _REPEALED.fullmatch(text):
        return Article(is_repealed=True)
    found = _numbers(_PARAGRAPH, text) or _numbers(_PASSAGE, text)
    return Article(found if found[:1] != ("0",) else ())


def by_paragraph(text: str) -> Iterator[tuple[str, str]]:
    """Unit as keys write it ("par=1", "ust=2a") and text of each paragraph; "" for what stands before the first."""
    for unit, pattern in (("par", _PARAGRAPH), ("ust", _PASSAGE)):
        if not _numbers(pattern, text):
            continue
        starts = [match for match in pattern.finditer(text) if canonical(match["number"])]
        yield "", text[: starts[0].start()]
        for match, following in zip(starts, [*starts[1:], None], strict=True):
            number = canonical(match["number"])
            yield f"{unit}={number}", text[match.start() : following.start() if following else len(text)]
        return
    yield "", text


def separate(articles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Number and text of each article, also of one that was left inside the text of the one before it.

    Articles whose number cannot be read are left out.
    """
    for written, text in articles.items():
        number = canonical(written)
        if not number:
            continue
        start = 0
        for heading in _HEADING.finditer(text):
            inner = canonical(heading["article"])
            if inner and inner not in articles:
                yield number, text[start : heading.start()]
                number, start = inner, heading.end()
        yield number, text[start:]


def joined(parts: Iterable[Article]) -> Article:
    """What several versions of one article show together."""
    versions = list(parts)
    numbers = dict.fromkeys(number for version in versions for number in version.paragraphs)
    return Article(tuple(numbers), all(version.is_repealed for version in versions))


def shortened(paragraphs: Iterable[str]) -> str:
    """Numbers in few letters: 1, 2, 3, 3a, 4 as "1-3,3a,4"."""
    runs: list[list[str]] = []
    for number in paragraphs:
        if number.isdecimal() and runs and runs[-1][-1].isdecimal() and int(number) == int(runs[-1][-1]) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else run[0] for run in runs)


def spelled_out(short: str) -> tuple[str, ...]:
    """The numbers that `shortened` wrote."""
    pairs = (part.partition("-") for part in short.split(",") if part)
    return tuple(
        number
        for first, _, last in pairs
        for number in (map(str, range(int(first), int(last) + 1)) if last else [first])
    )


def _numbers(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """The numbers in the order of the text, each once."""
    found = (canonical(match["number"]) for match in pattern.finditer(text))
    return tuple(dict.fromkeys(number for number in found if number))
