"""Advice: the settings of a training in, changes with values out; the setting's bare name where it is not known."""

from paragraf.diagnose.finding import Change
from paragraf.diagnose.training_log import KnownSettings, TrainingLog
from paragraf.models import WHEEL_MODEL

# Adapters of the built-in model learned most near this rate; 1e-2 and 1e-1 threw the model off.
GOOD_RATE = 1e-3
_LEAST_DROPOUT = 0.1  # the least that peers' recipes set where they set any (QLoRA: 0.1 up to 13B)
_LEAST_WARMUP = 0.1  # twice our default, in which a run that is well behaved needs no more


def lower_rate(settings: KnownSettings) -> Change:
    """Down to a calmer rate."""
    rate = settings.learning_rate
    return _change("lower the learning rate", "learning-rate", None if rate is None else calmer_rate(rate))


def calmer_rate(rate: float) -> float:
    """The rate that taught most, and a third of one that is there already."""
    return GOOD_RATE if rate > GOOD_RATE else rate / 3


def useful_rate(settings: KnownSettings) -> list[Change]:
    """Towards the rate that taught most, at most ten times as high; nothing where it is there already."""
    rate = settings.learning_rate
    if rate is not None and rate > GOOD_RATE:
        return [lower_rate(settings)]
    if rate == GOOD_RATE:
        return []
    return [_change("raise the learning rate", "learning-rate", None if rate is None else min(GOOD_RATE, 10 * rate))]


def epochs_until(log: TrainingLog, step: int) -> Change:
    """As many epochs as it took to reach the step at which the model was best; half of them if it never got better."""
    epochs, steps = log.settings.epochs, log.steps or log.last_step()
    share = step / steps if 0 < step < steps else 0.5
    return _change("train for fewer epochs", "epochs", None if epochs is None else epochs * share)


def more_epochs(settings: KnownSettings) -> Change:
    """Twice as many."""
    return _change("train for more epochs", "epochs", None if settings.epochs is None else 2 * settings.epochs)


def more_dropout(settings: KnownSettings) -> Change:
    """Twice as much, from a tenth to a half."""
    dropout = settings.dropout
    value = None if dropout is None else min(0.5, max(_LEAST_DROPOUT, 2 * dropout))
    return _change("drop out more", "dropout", value)


def longer_warmup(settings: KnownSettings) -> Change:
    """Twice as long, from a tenth of the steps to a half."""
    warmup = settings.warmup_share
    value = None if warmup is None else min(0.5, max(_LEAST_WARMUP, 2 * warmup))
    return _change("warm up longer", "warmup-share", value)


def other_base(settings: KnownSettings, words: str) -> Change:
    """The built-in base model, unless it is the one that was trained."""
    return Change(words, "" if settings.base_model == WHEEL_MODEL else f"--train.base-model {WHEEL_MODEL}")


def plain(value: float) -> str:
    """A number with at most two significant digits, as one types it: 1e-3, 0.05, 1.6, 20."""
    if 0 < abs(value) < 0.01:
        digits, _, exponent = f"{value:.1e}".partition("e")
        return f"{digits.removesuffix('.0')}e{int(exponent)}"
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


def _change(words: str, name: str, value: float | None) -> Change:
    return Change(words, f"--train.{name}" if value is None else f"--train.{name} {plain(value)}")
