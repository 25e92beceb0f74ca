"""Endings: does an answer break off? Only what surely does is told, since good short answers lack their full stop."""

import re

from paragraf.language import is_known
from paragraf.law import find

_LAST_WORD = re.compile(r"(?:^|[\s(„\"])([^\W\d_]+)(\s?(?:\.\.\.|…))?$")
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[^\W\d_]{3,}[.!?][”\")]?\s")
_LIST_ITEM = re.compile(r"(?:[-–—•*·]|\(?(?:\d{1,2}|[a-z])[.)])\s")
_BROKEN_WORD = re.compile(r"[^\W\d_]{2,}[-\u2010\u2011]$")
_BARE_UNIT = re.compile(
    r"(?:^|[\s(])(?:art\.?|§{1,2}|ust\.?|lit\.|poz\.|nr|(?:art\.|ust\.|§)\s?\w{1,6} pkt)$", re.IGNORECASE
)
# after these a Polish sentence cannot end; not those that can also stand alone ("jestem za", "co i jak", "raczej bez")
_LEAD_ON = (
    "oraz lub albo lecz że iż żeby aby ażeby jeżeli jeśli gdy gdyż ponieważ czyli niż zaś ani który która które którzy"
    " którego której którym którymi których któremu jakiego jakiej jakich przez dla przy ze we ku od do na nad pod"
    " między wobec wskutek podczas według"
)
_WORDS_THAT_LEAD_ON = frozenset(_LEAD_ON.split())
_LEAD_ON_AFTER_COMMA = frozenset(("a", "ale"))
_LEAD_ON_AFTER_WORD = frozenset("iowuz")
_LABELLED = "lit litera litery punkt pkt podpunkt załącznik wariant grupa typ kategoria"
_BEFORE_A_LETTER = frozenset(_LABELLED.split())
_INFLECTION = (  # ends of Polish nouns, adjectives and verbs, with what often stands before them
    "a ą e ę i o u y ł ń ż ź ć ać aj aje ają am ami ach anie ania aniu ące ący ego ej em emu enie enia eniu eć ia ią ie"
    " ię iem iu ić ka ki kę ku my na ne nego nej nemu ni nia nie niem niu no ny nych nym nymi nić nąć om ość ości ością"
    " ów owa owe owego owej owy owych owym owania owanie owaniu ować ści ść stwo stwa ta te tę to tów ty tych tym wa we"
    " wać wo wy wych ych ym ymi yć cia cie ciu ciem czy czej czego cza cję cji cja cją acji acja ację acją uje ują wnie"
    " wnik wnika dzenie dzenia dzieć dzi dzą szy szych sza sze ła li ło ły łby łaby"
)
_ENDINGS = tuple(_INFLECTION.split())
_FEWEST_WORDS = 8  # a shorter answer without a full stop is a note, not a torso
_SHORTEST_TORN = 4
_KNOWN_SHARE = 0.9  # of the words before; below it the writer's typing explains an unknown word as well


def is_cut_off(question: str, answer: str) -> bool:
    """Whether an answer (not a closed item's) surely breaks off: within a word, or where a sentence has to go on."""
    text = answer.rstrip(" \n*_")
    if not text or (text[-1] in ".!?”)»" and not text.endswith("...")):
        return bool(_BARE_UNIT.search(text))
    if text[-1] in ":(„" or _BROKEN_WORD.search(text) or _BARE_UNIT.search(text):
        return True
    if text[-1] == ",":
        return _must_go_on(question, text)
    last = _LAST_WORD.search(text)
    return last is not None and (_leads_on(text, last) or (not last[2] and _is_torn(text, last)))


def _must_go_on(question: str, text: str) -> bool:
    """Whether the comma at the end is not that of a list's item or of one way to end the sentence of a question."""
    if _LIST_ITEM.match(text.rsplit("\n", 1)[-1]):
        return False
    if _SENTENCE_END.search(text):
        return True
    return question.endswith("?") and text[0].isupper() and len(_WORD.findall(text)) >= _FEWEST_WORDS


def _leads_on(text: str, last: re.Match[str]) -> bool:
    word, before = last[1], text[: last.start(1)].rstrip()
    if not before:
        return False
    if word in _LEAD_ON_AFTER_COMMA:
        return before.endswith(",")
    previous = _WORD.findall(before)[-1:]
    if word in _LEAD_ON_AFTER_WORD:  # "rodzice i", but "lit. a" and "art. 6 ust. 1 lit. i"
        return before[-1].isalpha() and len(previous[0]) > 2 and previous[0].lower() not in _BEFORE_A_LETTER
    return word in _WORDS_THAT_LEAD_ON and previous not in (["spójnik"], ["słowo"], ["wyraz"], ["zwrot"])


def _is_torn(text: str, last: re.Match[str]) -> bool:
    """Whether the last word is none, becomes one with a usual ending, and stands in a text of words."""
    torn = last[1]
    if len(torn) < _SHORTEST_TORN or not torn.islower() or is_known(torn):
        return False
    before = _WORD.findall(text[: last.start(1)])
    if len(before) < _FEWEST_WORDS or not is_known(before[-1]):
        return False
    if sum(map(is_known, before)) < _KNOWN_SHARE * len(before) or not any(is_known(torn + end) for end in _ENDINGS):
        return False
    return not any(citation.span[1] == len(text) for citation in find(text))
