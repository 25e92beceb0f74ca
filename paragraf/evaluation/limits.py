"""Limits: from which side a number limits, as the words before it say: "co najmniej", "do", "krócej niż"."""

from collections.abc import Sequence

from paragraf.evaluation.marks import Mark, Word
from paragraf.evaluation.quantities import Side

_UPPER, _LOWER, _PASSES, _COMPARES = map(int, (Mark.UPPER, Mark.LOWER, Mark.PASSES, Mark.COMPARES))
_LESS, _MORE, _NOT, _STOPS = map(int, (Mark.LESS, Mark.MORE, Mark.NOT, Mark.ENDS))
_FAR = 4  # words that may stand between a limit and its number
_DENIED = 4  # words between "nie" and what it denies: "nie może być krótszy niż"
_OTHER: dict[Side, Side] = {"upper": "lower", "lower": "upper", "": ""}


def side_of(words: Sequence[Word], start: int) -> Side:
    """From which side the number that begins at a place limits."""
    for place in range(start - 1, max(-1, start - 1 - _FAR), -1):
        marks = words[place].marks
        if marks & _STOPS:
            return ""
        if marks & _COMPARES:
            return _compared(words, place)
        if marks & _UPPER:
            return "upper"
        if marks & _LOWER:
            crossed = words[place].plain.startswith("przekr")
            return "upper" if crossed and _is_denied(words, place) else "lower"
        if not marks & _PASSES:
            return ""
    return ""


def _compared(words: Sequence[Word], place: int) -> Side:
    """Side of "krócej niż", "nie później jednak niż"; a bare "od" is a lower limit."""
    for at in range(place - 1, max(-1, place - 3), -1):
        marks = words[at].marks
        if marks & (_LESS | _MORE):
            side: Side = "upper" if marks & _LESS else "lower"
            return _OTHER[side] if _is_denied(words, at) else side
    return "lower" if words[place].plain == "od" else ""


def _is_denied(words: Sequence[Word], place: int) -> bool:
    return any(word.marks & _NOT for word in words[max(0, place - _DENIED) : place])
