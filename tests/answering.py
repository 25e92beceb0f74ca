"""Answers at rest, as if a model had given them, for tests of the stages that read them."""

from collections.abc import Mapping

from paragraf.answer import Answer, Answers, publish_answers, to_line
from paragraf.baselines.asking import Asking


def answers_of(model: str, said: Mapping[str, str | None]) -> Answers:
    """What a model said to rows by their ids; None where its loss alone was measured."""
    lines = [to_line(Answer(id=name, loss=1.0, tokens=1, text=text, finished=True)) for name, text in said.items()]
    return publish_answers(model, Asking(), "".join(lines).encode())
