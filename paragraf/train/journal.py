"""Journal: what a training run measures, written down as it goes; a number that is not finite ends the run there."""

import math
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from paragraf.diagnose.advice import calmer_rate, plain
from paragraf.errors import Diverged
from paragraf.jobs import Entry, write_entry
from paragraf.train.pauses import Pause, at_the_end, is_point

_OURS = {"loss": "loss", "grad_norm": "gradient_norm", "learning_rate": "learning_rate"}
_THROWN_OFF = 1.5  # times the first loss; single steps of honest runs stay below 1.2
_NOT_MEASURED = {"epoch", "total_flos", "train_runtime", "train_loss", "train_samples_per_second"}


def named(logs: dict[str, float]) -> dict[str, float]:
    """What the Trainer logged, by our names; what measures nothing is left out."""
    kept = {name: value for name, value in logs.items() if name not in _NOT_MEASURED and "per_second" not in name}
    return {_OURS.get(name, name): value for name, value in kept.items() if name != "step"}


class Journal(TrainerCallback):  # type: ignore[misc]
    """Writes every measurement to the journal, with the time that is left until the pause.

    A run also ends at a loss far above its first one and above that of guessing each token by chance among
    `vocabulary` ones: a rate that is far too large throws a model off without one number that is not finite.
    """

    def __init__(self, work: Path, vocabulary: int, pause: Pause = at_the_end) -> None:
        self._work = work
        self._pause = pause
        self._guessing = math.log(vocabulary)
        self._started = time.monotonic()
        self._first_step = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._started, self._first_step = time.monotonic(), state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **kwargs: Any) -> None:
        measured = named(logs or {})
        for name, value in measured.items():
            if isinstance(value, float) and not math.isfinite(value):
                self._stop(state, name, value, args.learning_rate)
        if measured.get("loss", 0.0) > max(self._guessing, _THROWN_OFF * _first_loss(state)):
            self._stop(state, "loss", measured["loss"], args.learning_rate)
        if measured and state.is_world_process_zero:
            self._write(state, {**measured, "seconds_left": self._left(state)})

    def _stop(self, state: Any, name: str, value: float, learning_rate: float) -> None:
        message = (
            f"step {state.global_step}: {name.replace('_', ' ')} is {value}; "
            f"try --train.learning-rate {plain(calmer_rate(learning_rate))}, or see: paragraf diagnose newest."
        )
        if state.is_world_process_zero:
            self._write(state, {"what": "stopped", "reason": "diverged", "message": message})
        raise Diverged(message)

    def _write(self, state: Any, entry: Entry) -> None:
        write_entry(self._work, {"step": state.global_step, "of": state.max_steps, **entry})

    def _left(self, state: Any) -> float | None:
        done = state.global_step - self._first_step
        spent = time.monotonic() - self._started
        left = self._pause(state.max_steps) - state.global_step
        return round(spent / done * left, 1) if done else None


def _first_loss(state: Any) -> float:
    return float(next((entry["loss"] for entry in state.log_history if "loss" in entry), math.inf))


class Points(TrainerCallback):  # type: ignore[misc]
    """Asks for a measurement at each of the points that are spread evenly over the run, the last step among them.

    At the pause the run ends, measured and with its state saved, and can be gone on with.
    """

    def __init__(self, points: int, pause: Pause = at_the_end) -> None:
        self._points = points
        self._pause = pause

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        step, of = state.global_step, state.max_steps
        pauses = step >= self._pause(of)
        control.should_evaluate = pauses or is_point(step, of, self._points)
        if pauses:
            control.should_save = control.should_training_stop = True
