"""Echoes: an answer that begins with its question, told apart into one that goes on and one that does not."""

import re

from paragraf.text import normal_form

_LABELS = {"pytanie", "odpowiedz", "question", "answer", "brzmi"}
_LABEL = re.compile(r"\s*(?:\W{0,4}(?:odpowiedź|odpowiedz|odp|answer)\W{0,2}[:\-–—]|[-–—:])\s*", re.IGNORECASE)
_QUESTION_LABEL = re.compile(r"\W{0,4}(?:pytanie|question|pyt)\W{0,2}[:\-–—]\s*", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_END_OF_ECHO = re.compile(r"[”\"»*_)]{0,3}\s{0,3}(?:[?!.:…]+[”\"»*_)]{0,3}|\n)")
_LONGEST_ECHO = 3  # times the question; what is longer says something else
_LONGEST_LABELS = 60
_FEWEST_WORDS = 3  # shorter questions are titles with which an answer may well begin


def without_echo(question: str, answer: str) -> str:
    """The answer without the question that it begins with; the answer itself where nothing else would be left.

    The echo must end like one, with a mark or a line: "Umowa najmu" may be the subject of the first sentence.
    """
    words = normal_form(question).split()
    if len(words) < _FEWEST_WORDS:
        return answer
    while rest := _behind_echo(words, answer):
        answer = rest
    return answer


def _behind_echo(words: list[str], answer: str) -> str:
    """What an answer says after these words; nothing if it does not begin with them or says no more."""
    label = _QUESTION_LABEL.match(answer)
    end = _end_of_words(words, answer, label.end() if label else 0)
    if end is None or not (ended := _END_OF_ECHO.match(answer, end)):
        return ""
    end = ended.end()
    if label := _LABEL.match(answer, end):
        end = label.end()
    rest = answer[end:].strip()
    return rest if normal_form(rest) else ""


def is_echo(question: str, answer: str) -> bool:
    """Whether an answer is the question again, whole or its greater beginning, and nothing else."""
    if len(answer) > _LONGEST_ECHO * len(question) + _LONGEST_LABELS:
        return False
    question, answer = normal_form(question), normal_form(answer)
    if question in answer:
        return _LABELS.issuperset(answer.replace(question, " ").split())
    return question.startswith(answer) and 2 * len(answer) >= len(question)


def _end_of_words(words: list[str], answer: str, start: int) -> int | None:
    """Where in the answer its first words end if they are these, in whatever typing."""
    end = None
    found = _WORD.finditer(answer, start)
    for expected in words:
        word = next(found, None)
        if word is None or normal_form(word[0]) != expected:
            return None
        end = word.end()
    return end
