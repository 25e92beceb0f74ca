"""Asking: answers to judge in; what the judge is asked and in which form it has to answer out."""

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator

from paragraf.generator import AnswerForm, OpenAISettings, Request
from paragraf.generator.prompts import instruction, quoted

Criterion = Literal["score", "correctness", "grounding", "completeness", "advice_boundary", "preference"]
Grade = Literal[1, 2, 3, 4]
Choice = Literal["A", "B", "tie"]
GRADED: tuple[Criterion, ...] = ("score", "correctness", "grounding", "completeness", "advice_boundary")
CHOICES: tuple[Choice, ...] = ("B", "tie", "A")  # in the order of how well A does

_GRADE, _PREFER = "prompts/judge_grade.md", "prompts/judge_prefer.md"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with the right answer and the one that is judged."""

    id: str
    question: str
    expected: str
    answer: str


@dataclass(frozen=True, slots=True)
class Rivals:
    """A question with the right answer and two that are compared."""

    id: str
    question: str
    expected: str
    first: str
    second: str

    def swapped(self) -> "Rivals":
        return Rivals(self.id, self.question, self.expected, self.second, self.first)


def _whole(value: object) -> object:
    if type(value) is not int:  # to a literal, true is 1 and 3.0 is 3
        raise ValueError("expected a whole number")
    return value


_Grade = Annotated[Grade, BeforeValidator(_whole)]


class Grades(AnswerForm):
    """What is asked about one answer; the reason comes first, so that the grades follow from it."""

    reason: str
    correctness: _Grade
    grounding: _Grade
    completeness: _Grade
    advice_boundary: _Grade
    score: _Grade


class Preference(AnswerForm):
    """What is asked about two answers."""

    reason: str
    better: Choice


def about(item: Answered) -> Request[Grades]:
    """The request for grades."""
    content = quoted({"question": item.question, "expected": item.expected, "answer": item.answer})
    return Request(instruction(_GRADE), content, Grades)


def between(rivals: Rivals) -> Request[Preference]:
    """The request for a preference, with the first answer as A."""
    texts = {"question": rivals.question, "expected": rivals.expected}
    content = quoted({**texts, "answer_a": rivals.first, "answer_b": rivals.second})
    return Request(instruction(_PREFER), content, Preference)


def identity(criterion: Criterion, judge: OpenAISettings) -> str:
    """SHA-256 (hex) of what an opinion depends on beside the texts: the prompt, the form, and the model's settings."""
    blank = between(Rivals("", "", "", "", "")) if criterion == "preference" else about(Answered("", "", "", ""))
    return hashlib.sha256(
        json.dumps([criterion, blank.instruction, blank.schema(), judge.maker()]).encode()
    ).hexdigest()
