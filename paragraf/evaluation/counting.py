"""Counting: the words of a text in, its quantities out, each with its side and with those that belong to it."""

from collections.abc import Sequence

from paragraf.evaluation.limits import side_of
from paragraf.evaluation.marks import Mark, Word
from paragraf.evaluation.quantities import Quantity, values_of
from paragraf.statements.numerals import is_number

_STATING = frozenset(["wynosi", "jest", "sa", "trwa", "to"])
_ENDS, _MAY_END, _BREAKS = map(int, (Mark.ENDS, Mark.MAY_END, Mark.BREAKS))
_LINKS, _LISTS, _JOINS, _QUANTITY, _NOT = map(int, (Mark.LINKS, Mark.LISTS, Mark.JOINS, Mark.QUANTITY, Mark.NOT))
_BOUNDS = _ENDS | _MAY_END | _BREAKS | _LISTS


class Counter:
    """Takes the quantities of a text from left to right; after its words stand others that do nothing."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._bundle = 0
        self._end = 0  # of the last quantity
        self._starts_with_link = False  # the part of the sentence in which the bundle begins

    def take(self, place: int, clause: int, sentence: int) -> list[Quantity]:
        """The quantities that the word at a place begins; none where it belongs to the one before."""
        words = self._words
        if place < self._end:
            return []
        end = self._end_of_run(place)
        is_last = words[end - 1].marks & (_ENDS | _MAY_END | _BREAKS)
        run = " ".join([_counted(word) for word in words[place:end]])
        values = values_of(words[place - 1].core if place else "", run, "" if is_last else words[end].core)
        if values:
            self._bound(place)
        self._end = end
        side = side_of(words, place) if values else ""
        noun = "" if is_last or not words[end].concepts else words[end].concepts[0]
        is_range = len(values) == 2 and " do " in run
        is_denied = self._is_denied(place)
        return [
            Quantity(
                kind, value, "upper" if is_range and number else side, noun, clause, sentence, self._bundle, is_denied
            )
            for number, (kind, value) in enumerate(values)
        ]

    def _end_of_run(self, place: int) -> int:
        """The end of the words from a place on that state quantities together: "2 do 8 lat"."""
        words, end = self._words, place + 1
        while not words[end - 1].marks & (_ENDS | _BREAKS):
            marks = words[end].marks
            if marks & _QUANTITY:
                end += 1
            elif marks & _JOINS and _is_bare(words[end - 1]) and words[end + 1].marks & _QUANTITY:
                end += 2
            else:
                break
        return end

    def _is_denied(self, place: int) -> bool:
        """Whether "nie" stands before the quantity, or before the verb that states it."""
        last = place - 2 if place > 1 and self._words[place - 1].plain in _STATING else place - 1
        return last >= 0 and bool(self._words[last].marks & _NOT)

    def _bound(self, place: int) -> None:
        """Begin another bundle if something parts the quantity at a place from the last one.

        A comma or an "oraz" does, unless a clause follows that depends on what was said: "2 tygodnie, gdy ..."; nor
        does it after a clause that depends on what follows: "gdy pracujesz krócej niż 6 miesięcy, 2 tygodnie".
        """
        if not self._end:
            self._starts_with_link = self._is_linked(place)
            return
        is_first = self._starts_with_link
        for at in range(self._end - 1, place):
            marks = self._words[at].marks
            if not marks & _BOUNDS:
                continue
            is_end = marks & _ENDS or (marks & _MAY_END and self._words[at + 1].is_capital)
            if is_end or not (is_first or self._words[at + 1].marks & _LINKS):
                self._bundle += 1
                self._starts_with_link = self._is_linked(place)
                return
            is_first = False
        self._starts_with_link = False

    def _is_linked(self, place: int) -> bool:
        """Whether the part of the sentence that holds a place begins with a link."""
        for at in range(place - 1, -1, -1):
            if self._words[at].marks & _BOUNDS:
                return bool(self._words[at + 1].marks & _LINKS)
        return bool(self._words[0].marks & _LINKS)


def _is_bare(word: Word) -> bool:
    """Whether a number waits for its unit: the 2 of "2 do 8 lat"."""
    return word.core[-1:].isdecimal() or is_number(word.plain)


def _counted(word: Word) -> str:
    """A word of a quantity; the dot of "12. miesiąc" is part of the number."""
    return f"{word.core}." if word.marks & _MAY_END and word.core.isdecimal() else word.core
