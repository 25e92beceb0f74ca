"""Held out: the rows that a model is judged by in, whether a row or a text would give one of them away out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from paragraf.records import Record
from paragraf.text import normal_form

_QUESTION, _PARAGRAPH = 5, 12  # words; what is shorter stands in many texts that give nothing away
_OPENING = 5  # words


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Ids, groups, questions and answers that must not be laid before a model.

    Attributes:
        telling: the normal forms by which a text is known, by their first words: long questions, and the long
            paragraphs of answers.
    """

    ids: frozenset[str]
    groups: frozenset[str]
    questions: frozenset[str]
    answers: frozenset[str]
    telling: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, records: Iterable[Record]) -> "HeldOut":
        """What shows these rows in other texts."""
        rows = list(records)
        questions = {normal_form(row.question) for row in rows}
        paragraphs = {normal_form(line) for row in rows for line in row.answer.splitlines()}
        telling = defaultdict(set)
        for least, texts in ((_QUESTION, questions), (_PARAGRAPH, paragraphs)):
            for text in texts:
                if len(words := text.split()) >= least:
                    telling[" ".join(words[:_OPENING])].add(text)
        return cls(
            ids=frozenset(row.id for row in rows),
            groups=frozenset(row.group for row in rows if row.group),
            questions=frozenset(questions),
            answers=frozenset(normal_form(row.answer) for row in rows),
            telling={opening: frozenset(texts) for opening, texts in telling.items()},
        )

    def fault_of_row(self, row: Record) -> str:
        """Why a row may not be laid before a model; empty for one that may."""
        if row.id in self.ids or row.origin in self.ids or row.group in self.groups:
            return "held_out_row"
        if normal_form(row.question) in self.questions or normal_form(row.answer) in self.answers:
            return "held_out_text"
        return self.fault_of_text(f"{row.question}\n{row.answer}")

    def fault_of_text(self, text: str) -> str:
        """Why a text may not be laid before a model: a held-out question, or a paragraph of an answer, stands in it."""
        words = normal_form(text).split()
        for start in range(len(words) - _OPENING + 1):
            for known in self.telling.get(" ".join(words[start : start + _OPENING]), ()):
                if words[start : start + known.count(" ") + 1] == known.split():
                    return "held_out_text"
        return ""
