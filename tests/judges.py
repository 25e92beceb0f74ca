"""Judges for tests: servers of the OpenAI protocol that judge by a rule, and answers to judge."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paragraf.generator import OpenAIGenerator
from paragraf.judge.asking import GRADED, Answered, Rivals
from paragraf.judge.calibration import kept
from paragraf.judge.judging import Judge
from paragraf.judge.settings import JudgeSettings, OpenAIJudge
from tests.servers.openai_server import OpenAIServer, Reply, writes

ENOUGH = 18  # labels; with fewer, no change at all of 18 verdicts would not yet show a small swap bias


def read(body: dict[str, Any]) -> dict[str, str]:
    """The texts that a call is about."""
    texts: dict[str, str] = json.loads(body["messages"][1]["content"])
    return texts


def grades(number: int, **changed: int) -> dict[str, Any]:
    return {"reason": "Bo tak.", **dict.fromkeys(GRADED, number), **changed}


def grades_as_written(body: dict[str, Any]) -> Reply:
    """A good judge: an answer is worth the number that it ends with."""
    return writes(**grades(int(read(body)["answer"][-1])))


def prefers_as_written(body: dict[str, Any]) -> Reply:
    """A good judge: the answer that ends with the higher number is better."""
    texts = read(body)
    one, other = texts["answer_a"][-1], texts["answer_b"][-1]
    return writes(reason="Bo tak.", better="tie" if one == other else "A" if one > other else "B")


def always_first(body: dict[str, Any]) -> Reply:
    return writes(reason="Pierwsza brzmi lepiej.", better="A")


def answered(number: int, grade: int = 3) -> Answered:
    return Answered(f"q{number}", f"Pytanie {number}?", f"Wzorzec {number}.", f"Odpowiedź {number} warta {grade}")


def pair(number: int, first: int, second: int) -> Rivals:
    one = answered(number, first)
    return Rivals(one.id, one.question, one.expected, one.answer, f"Inna odpowiedź {number} warta {second}")


def settings_for(server: OpenAIServer, **changed: Any) -> JudgeSettings:
    given = {"model": "m", "base_url": server.base_url, "concurrency": 1, "max_retries": 0, **changed}
    return JudgeSettings(generator=OpenAIJudge(**given), min_labels=ENOUGH)


def model_of(settings: JudgeSettings) -> OpenAIJudge:
    assert isinstance(settings.generator, OpenAIJudge)
    return settings.generator


@contextmanager
def judge_at(settings: JudgeSettings) -> Iterator[Judge]:
    """A judge with the calibrations that the workspace keeps of it."""
    with OpenAIGenerator(model_of(settings)) as generator:
        yield Judge(settings, generator, kept(settings))
