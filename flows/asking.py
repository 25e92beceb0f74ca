"""Asking: models asked side by side, each a task of the flow, as many at once as this machine holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect import Task
from prefect.futures import PrefectConcurrentFuture, PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

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

    def __init__(self, runner: ThreadPoolTaskRunner[Any]) -> None:
        self._runner = runner
        self._sent: list[PrefectConcurrentFuture[Any]] = []

    def ask(self, rows: Snapshot, base: Base, model: Model | None, asking: Asking, settings: AnswerSettings) -> Awaited:
        """Send a model's questions off."""
        given = {"test": rows, "base": base, "model": model, "asking": asking, "settings": settings}
        return self._send(answer, given)

    def choose(self, valid: Snapshot, base: Base, framing: Framing, rows: int) -> ChosenPrompt:
        """Find the best system message, in its turn."""
        given = {"valid": valid, "base": base, "framing": framing, "rows": rows}
        found: ChosenPrompt = self._send(choose_prompt, given).result()
        return found

    def stop(self) -> None:
        """Take back what waits, then end what is being asked: a place that is free would be taken at once."""
        for future in self._sent:
            future.wrapped_future.cancel()
        end_awaited_children()

    def _send(self, task: Task[..., Any], given: dict[str, Any]) -> PrefectConcurrentFuture[Any]:
        self._sent.append(self._runner.submit(task, given))
        return self._sent[-1]


@contextmanager
def side_by_side(*bases: Base) -> Iterator[Askers]:
    """Askers as long as the block lasts; an error in it ends all that is still being asked."""
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=min(map(askers, bases)))
    with runner:
        sent = Askers(runner)
        try:
            yield sent
        except BaseException:  # Ctrl-C too; the runner waits for its threads, and they for their models
            sent.stop()
            raise
