"""Curves: what the measurements of a training show, step by step."""

from collections.abc import Sequence
from math import isfinite
from statistics import fmean, median

from paragraf.diagnose.advice import (
    epochs_until,
    longer_warmup,
    lower_rate,
    more_dropout,
    more_epochs,
    other_base,
    useful_rate,
)
from paragraf.diagnose.finding import Change, Finding, finding
from paragraf.diagnose.training_log import TrainingLog

_RISE = 1.05  # validation loss this far above its minimum has turned, not wobbled
_FALL = 0.95  # less than 5 % below the start is no learning
_BY_HEART = 0.75  # training loss this far down, while validation loss is where it was, was learned by heart
# Times the loss at the start. Measured: at most 1.0 at a rate of 1e-3, 2.1 at 1e-2, 12 at 1e-1.
_BLOWN = 1.5
_BLOWN_BY = 0.5  # and nats above it: a small loss wavers by half of itself from batch to batch
_FEW_STEPS = 3  # steps that a training loss is taken from, since single batches differ
# Nats a token on everyday rows. Measured with our adapters and prompt (base 2.85): an honest epoch of 320 rows at 1e-3
# costs 0.31 (while validation loss falls by 1.25), half of one 0.22; rates of 1e-2 and 1e-1 cost 5 and 17.
_FORGOTTEN = 0.6
_DEAD = 1e-6  # gradient norm; in honest trainings it stays between 0.4 and 0.9
_VANISHED = 1e-3  # share of the first gradient norms
_STILL = 0.01  # share of the loss: less than single batches differ by
_SPIKE = 10.0  # gradient norms this far above the median of those before shake the weights

Series = list[tuple[int, float]]  # (step, value)


def divergence(log: TrainingLog) -> Finding | None:
    """Numbers that are none, or a loss far above where it began: every step made the model worse."""
    symptom = _blown_up(log)
    if symptom is None:
        return None
    return finding("divergence", symptom, [lower_rate(log.settings), longer_warmup(log.settings)])


def dead_gradients(log: TrainingLog) -> Finding | None:
    """Gradients of zero, or vanishing ones, while the loss stands still: nothing is learned, whatever the rate."""
    norms = [norm for _, norm in _series(log, "gradient_norm") if isfinite(norm)]
    losses = _finite(_series(log, "loss"))
    if len(norms) < 2 * _FEW_STEPS or (losses and _moved(losses)):
        return None
    first, last = median(norms[:_FEW_STEPS]), median(norms[len(norms) // 2 :])
    if last > max(_DEAD, _VANISHED * first):
        return None
    changes = [
        Change("look whether the answers hold anything to learn"),
        other_base(log.settings, "train on another base model"),
    ]
    still = f", training loss {losses[0][1]:.3f} to {losses[-1][1]:.3f}" if losses else ""
    return finding("dead_gradients", f"gradient norm {first:.1e} at first, {last:.1e} at last{still}", changes)


def degraded(log: TrainingLog) -> Finding | None:
    """The quality monitor stopped the training, because the model got worse."""
    if log.stop is None or log.stop.reason != "degraded":
        return None
    step, _ = _lowest(_finite(_series(log, "validation_loss"))) or (0, 0.0)
    symptom = f"stopped at step {_of(log.stop.step, log.stop.of)}: {log.stop.message or 'quality fell'}"
    return finding("degraded", symptom, [lower_rate(log.settings), epochs_until(log, step)])


def catastrophic_forgetting(log: TrainingLog) -> Finding | None:
    """Everyday rows in Polish and English surprise the model much more than they did before it learned law."""
    retention = _finite(_series(log, "retention_loss"))
    if len(retention) < 2 or retention[-1][1] - retention[0][1] <= _FORGOTTEN:
        return None
    before, after = retention[0][1], retention[-1][1]
    step = max((at for at, loss in retention if loss - before <= _FORGOTTEN), default=0)
    changes = [
        lower_rate(log.settings),
        epochs_until(log, step),
        Change("mix everyday questions and answers into the rows"),
    ]
    symptom = f"loss on everyday rows rose from {before:.3f} to {after:.3f}, by more than {_FORGOTTEN}"
    return finding("catastrophic_forgetting", symptom, changes)


def overfitting(log: TrainingLog) -> Finding | None:
    """Training loss falls, and validation loss rises or stays where it was: rows are learned by heart."""
    validation, losses = _finite(_series(log, "validation_loss")), _finite(_series(log, "loss"))
    lowest = _lowest(validation)
    if lowest is None or len(validation) < 2:
        return None
    step, least = lowest
    start, end = validation[0][1], validation[-1][1]
    fell = _fell(losses) if losses else None
    has_turned = end > _RISE * least and fell is not False
    if not has_turned and not (end > _FALL * start and _by_heart(losses)):
        return None
    by_heart = f" while training loss fell from {_start(losses):.3f} to {_end(losses):.3f}" if fell else ""
    rise = f"rose from {least:.3f} at step {step} to {end:.3f}" if has_turned else f"went from {start:.3f} to {end:.3f}"
    changes = [epochs_until(log, step), more_dropout(log.settings), Change("add rows")]
    return finding("overfitting", f"validation loss {rise}{by_heart}", changes)


def underfitting(log: TrainingLog) -> Finding | None:
    """Neither loss fell much."""
    validation, losses = _finite(_series(log, "validation_loss")), _finite(_series(log, "loss"))
    if len(validation) < 2 or validation[-1][1] <= _FALL * validation[0][1] or _by_heart(losses):
        return None
    trained = f", training loss from {_start(losses):.3f} to {_end(losses):.3f}" if losses else ""
    symptom = f"validation loss went from {validation[0][1]:.3f} to {validation[-1][1]:.3f}{trained}"
    more = [more_epochs(log.settings), Change("check that answers fit their questions")]
    return finding("underfitting", symptom, [*useful_rate(log.settings), *more])


def gradient_spikes(log: TrainingLog) -> Finding | None:
    """Single steps that pulled many times harder than usual."""
    norms = _finite(_series(log, "gradient_norm"))
    spikes = [
        (norm, step, usual)
        for at, (step, norm) in enumerate(norms)
        if at >= _FEW_STEPS and norm > _SPIKE * (usual := median(before for _, before in norms[:at])) > 0
    ]
    if not spikes:
        return None
    norm, step, usual = max(spikes)
    symptom = f"gradient norm {norm:.1f} at step {step}, median before it {usual:.1f}"
    return finding("gradient_spikes", symptom, [longer_warmup(log.settings), lower_rate(log.settings)])


def _blown_up(log: TrainingLog) -> str | None:
    if log.stop is not None and log.stop.reason == "diverged":
        return f"stopped at step {_of(log.stop.step, log.stop.of)}: {log.stop.message or 'a number was not finite'}"
    for name in ("loss", "gradient_norm", "validation_loss"):
        for step, value in _series(log, name):
            if not isfinite(value):
                return f"{name.replace('_', ' ')} is {value} at step {step}"
    losses, validation = _series(log, "loss"), _series(log, "validation_loss")
    return _risen_in_training(losses, validation) or _risen_in_validation(validation, losses)


def _risen_in_training(losses: Series, validation: Series) -> str | None:
    """The worst steps in a row, if their loss is far above the one at the start."""
    runs = [losses[at : at + _FEW_STEPS] for at in range(1, len(losses) - _FEW_STEPS + 1)]
    if not runs:
        return None
    worst = max(runs, key=_start)
    # the first steps may have blown up already; the first one alone, and the base model's validation, have not
    start = min(_start(losses), max([losses[0][1]] + [value for step, value in validation if step == 0]))
    if _start(worst) <= _limit(start):
        return None
    return f"training loss {_start(worst):.3f} at steps {worst[0][0]} to {worst[-1][0]}, {start:.3f} at the start"


def _risen_in_validation(validation: Series, losses: Series) -> str | None:
    if len(validation) < 2 or validation[-1][1] <= _limit(validation[0][1]) or _by_heart(losses):
        return None
    return f"validation loss {validation[-1][1]:.3f} at step {validation[-1][0]}, {validation[0][1]:.3f} at the start"


def _limit(start: float) -> float:
    return max(_BLOWN * start, start + _BLOWN_BY)


def _series(log: TrainingLog, name: str) -> Series:
    return [(point.step, value) for point in log.points if (value := getattr(point, name)) is not None]


def _finite(series: Series) -> Series:
    return [(step, value) for step, value in series if isfinite(value)]


def _lowest(series: Series) -> tuple[int, float] | None:
    return min(series, key=lambda pair: pair[1], default=None)


def _start(losses: Sequence[tuple[int, float]]) -> float:
    return fmean(value for _, value in losses[:_FEW_STEPS])


def _end(losses: Sequence[tuple[int, float]]) -> float:
    return fmean(value for _, value in losses[-_FEW_STEPS:])


def _fell(losses: Series) -> bool:
    return _end(losses) < _FALL * _start(losses)


def _by_heart(losses: Series) -> bool:
    return bool(losses) and _end(losses) < _BY_HEART * _start(losses)


def _moved(losses: Series) -> bool:
    return abs(_end(losses) - _start(losses)) > _STILL * _start(losses)


def _of(step: int, steps: int | None) -> str:
    return f"{step} of {steps}" if steps else f"{step}"
