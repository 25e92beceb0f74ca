"""Answers at rest, as if a model had given them, for tests of the stages that read them."""

from collections.abc import Mapping

from paragraf.answer import ANSWERS, RETAINED, Answer, Answers, to_line
from paragraf.publish import publish, read_manifest
from paragraf.workspace import home, relative


def answers_of(model: str, said: Mapping[str, str | None]) -> Answers:
    """What a model said to rows by their ids; None where its loss alone was measured."""
    lines = [to_line(Answer(id=name, loss=1.0, tokens=1, text=text, finished=True)) for name, text in said.items()]
    final = home() / "answers" / f"{model}-{abs(hash(tuple(lines))):x}"
    with publish(final) as folder:
        (folder / ANSWERS).write_text("".join(lines), "utf-8")
        (folder / RETAINED).write_text("{}", "utf-8")
    return Answers(path=relative(final), digest=read_manifest(final)[ANSWERS], model=model, rows=len(lines))
