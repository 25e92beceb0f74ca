"""Asking: models asked side by side, each a task of the flow, as many at once as this machine holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from paragraf.answer import Answers, AnswerSettings
from paragraf.askers import askers
from paragraf.baselines.asking import Asking
from paragraf.baselines.choice import ChosenPrompt
from paragraf.chat import Framing
from paragraf.models import Base, Model
from paragraf.processes import end_awaited_children
from paragraf.snapshots import Snapshot
from tasks.answer import answer
from tasks.choose_prompt import choose_prompt

Awaited = PrefectFuture[Answers]


class Askers:
    """Models that wait for a place, in the order in which they were sent."""

    def __init__(self, runner: TaskRunner[Any]) -> None:
        self._runner = runner

    def ask(self, rows: Snapshot, base: Base, model: Model | None, asking: Asking, settings: AnswerSettings) -> Awaited:
        """Send a model's questions off."""
        given = {"test": rows, "base": base, "model": model, "asking": asking, "settings": settings}
        awaited: Awaited = self._runner.submit(answer, given)
        return awaited

    def choose(self, valid: Snapshot, base: Base, framing: Framing, rows: int) -> ChosenPrompt:
        """Find the best system message, in its turn."""
        given = {"valid": valid, "base": base, "framing": framing, "rows": rows}
        found: ChosenPrompt = self._runner.submit(choose_prompt, given).result()
        return found


@contextmanager
def side_by_side(base: Base) -> Iterator[Askers]:
    """Askers as long as the block lasts; all that is still being asked at its end by an error is ended."""
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=askers(base))
    with runner:
        try:
            yield Askers(runner)
        except BaseException:  # Ctrl-C too; the runner waits for its threads, and they for their models
            end_awaited_children()
            raise
