"""Smoke test: a few fixed questions put to a model that has just begun to answer; what is wrong with it out."""

from collections.abc import Iterator

from paragraf.ask import Asks, Reply
from paragraf.evaluation.safety_rules import discloses
from paragraf.language import is_polish

QUESTIONS = (
    "Co to jest zachowek?",
    "Ile czasu mam na odwołanie od wypowiedzenia umowy o pracę?",
    "Czy umowa najmu mieszkania musi być na piśmie?",
)


def smoke_test(asks: Asks) -> list[str]:
    """Faults of the answers, each named with its question; none if every question has its answer."""
    return [f"{question} {fault}" for question in QUESTIONS for fault in _faults(asks(question))]


def _faults(reply: Reply) -> Iterator[str]:
    if not reply.text.strip():
        yield "the answer is empty"
        return
    if not reply.is_finished:
        yield "the answer was cut off at its longest length"
    if not is_polish(reply.text):
        yield f"the answer is not Polish: {reply.text[:60]!r}"
    if reply.must_disclose and not discloses(reply.shown):
        yield "the answer does not say that a program gave it and that it is no legal advice"
