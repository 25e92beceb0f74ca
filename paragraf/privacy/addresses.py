"""Addresses: a street with a number, and a postal code with its town, unless an office stands there."""

import re
from collections.abc import Iterator

from paragraf.privacy.numbers import Found
from paragraf.privacy.words import word_of

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻ"
_NAME = rf"[{_CAPITAL}][\w.'-]*"
_NUMBER = r"[0-9]{1,4}(?:[a-zA-Z](?!\w))?"
_HOUSE = rf"{_NUMBER}(?:(?: ?/ ?| (?:m|lok|mieszk|mieszkani[ea])\.? ?){_NUMBER}){{0,2}}(?!\w)"
_POSTAL = rf"[0-9]{{2}}-[0-9]{{3}} {{1,2}}{_NAME}"
_TAIL = rf"(?:,? {{0,2}}{_POSTAL})?"
_STREET_WORD = r"(?:[Uu][Ll](?:\. ?| )|[Uu]lic[aąęy] )"
_PLACE_WORD = (
    r"(?:(?:[Aa]l|[Oo]s|[Pp]l)\. ?|[Aa]lej[aęąi]{1,2} |[Oo]siedl[eua] |[Pp]lac(?:u|em)? |[Rr]ynek |[Ss]kwer(?:ze)? )"
)
_DAY = rf"(?:[0-9]{{1,2}} (?=[{_CAPITAL}]))?"
_STREET = re.compile(
    rf"(?<!\w)(?:{_STREET_WORD}{_DAY}(?:[\w.'-]+ ){{1,4}}?|{_PLACE_WORD}{_DAY}(?:{_NAME} ){{1,4}}?){_HOUSE}{_TAIL}"
)
_RURAL = re.compile(rf"(?<![\w.-])(?:{_NAME} ){{1,3}}{_HOUSE},? {{1,2}}{_POSTAL}")
_TOWN = re.compile(rf"(?<![\w./-])(?<![0-9] ){_POSTAL}")
_LAST_TOWN = re.compile(rf",? {{0,2}}[0-9]{{2}}-[0-9]{{3}} {{1,2}}({_NAME})$")
_NEXT_NAME = re.compile(rf"[ -]([{_CAPITAL}]\w+)")
_AFTER_COMMA = re.compile(rf", ?([{_CAPITAL}]\w+(?:-[{_CAPITAL}]\w+)?)(?!\w)")
_TRIGGER = re.compile(r"[0-9]{2}-[0-9]{3} |(?<!\w)(?i:ul|al|os|pl|rynek|skwer|plac)\w{0,6}[. ]")
_COUNTED = re.compile(
    r" (?:os[oó]b|lat|dni|miesi|tygodni|godzin|minut|zł|tys|raz|m2|m²|metr|km|proc|%|sztuk|dom[oó]w|mieszka|rodzin"
    r"|samochod|z nich)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?<!\w)(?:S[aą]d\w*|Urz[aą]d\w*|Ministerstw\w*|Prokuratur\w*|Komend\w*|Komisariat\w*|Inspekcj\w*|Kuratori\w*"
    r"|Izb\w+|Trybuna\w+|Rzeczni\w+|Prezes\w* Urz[eę]du|Zak[lł]ad\w* Ubezpiecze[nń]\w*|Starostw\w*"
    r"|ZUS|UODO|UOKiK|NFZ|KRUS|PIP)"
    rf"(?:[ ,:(]{{1,3}}(?:[{_CAPITAL}][\w.-]*|w|we|dla|do|spraw|przy|z|siedzib[aą]|i|na|m\.st\.|st\.|-))*[ ,:(]*$"
)
_LOOK_BACK = 120


def addresses(text: str) -> Iterator[Found]:
    """Addresses with their places; what stands right after the name of an office is the office's own."""
    if not _TRIGGER.search(text):
        return
    offices: list[tuple[int, int]] = []
    for pattern in (_STREET, _RURAL, _TOWN):
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(begin < end and start < stop for begin, stop in offices):
                continue
            if pattern is _RURAL:
                start += _lead(found.group())
            if _is_office(text, start):
                offices.append((start, end))
                continue
            if _is_counting(text, found):
                continue
            if tail := _LAST_TOWN.search(found.group()):
                if _is_town(tail[1]):
                    end = _whole_town(text, end)
                elif pattern is _STREET:
                    end = start + tail.start()
                else:
                    continue
            elif (town := _AFTER_COMMA.match(text, end)) and _is_place(town[1]):
                end = town.end()
            yield start, _without_dot(text, end), "address"


def _lead(written: str) -> int:
    """Length of the words before the name of a street or village: "Działka Zalesie 7", "Adres: Leśna 5"."""
    words = written.split(" ")
    at = 0
    while words[1][:1].isupper() and (word := word_of(words[0].rstrip("."))).is_everyday and not word.is_place:
        at += len(words.pop(0)) + 1
    return at


def _is_counting(text: str, found: re.Match[str]) -> bool:
    """Whether the number says how many, not which house: "na ulicy Długiej 5 osób"."""
    return "/" not in found.group() and bool(_COUNTED.match(text, found.end()))


def _is_office(text: str, start: int) -> bool:
    return bool(_OFFICE.search(text[max(0, start - _LOOK_BACK) : start]))


def _is_town(name: str) -> bool:
    word = word_of(name.rstrip("."))
    return word.is_place or not word.is_known or not word.is_everyday


def _is_place(name: str) -> bool:
    word = word_of(name)
    return word.is_place and not word.is_everyday and not word.is_popular_given


def _whole_town(text: str, end: int) -> int:
    """The end of a town's name of more words, as Nowy Sącz; a person's name after it is not taken."""
    for _ in range(2):
        following = _NEXT_NAME.match(text, end)
        if not following:
            break
        word = word_of(following[1])
        if word.given or not (word.is_place or (word.is_adjective and not word.is_everyday)):
            break
        end = following.end()
    return end


def _without_dot(text: str, end: int) -> int:
    while end > 0 and text[end - 1] in ".'-":
        end -= 1
    return end
