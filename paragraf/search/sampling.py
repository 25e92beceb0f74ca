"""Sampling: trials that were made and their first losses in, the values of the next trial out.

A trial's values follow from its number, the seed and the losses of the trials that `lag` lays down, never from which
of the parallel trials happened to end first: the same search finds the same.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from paragraf.search.settings import SearchSettings
from paragraf.search.space import Value, Values, combinations

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler

_TRIES = 20  # for values that no trial has; afterwards one of those left is drawn by chance


@dataclass(frozen=True, slots=True)
class Made:
    """A trial to learn from: its values, and its loss at its first rung if the next one may know it."""

    values: Values
    loss: float | None


def lag(settings: SearchSettings) -> int:
    """How many trials back from a new one the losses must be known: enough to keep all workers at work."""
    return 2 * settings.parallel - 1 if settings.sampler == "tpe" else settings.planned() + 1


def propose(settings: SearchSettings, before: Sequence[Values], made: Sequence[Made]) -> dict[str, Value]:
    """Values for the next trial that none before has, learned (by tpe) from those that were made."""
    number, everything = len(before), combinations(settings.tried)
    if settings.sampler == "grid":
        return everything[number]
    taken = {_key(settings, values) for values in before}
    found = _sampled(settings, number, made, taken)
    if found is None:
        left = [values for values in everything if _key(settings, values) not in taken]
        found = Random(f"{settings.seed}-{number}").choice(left)
    return found


def distributions(space: Mapping[str, Sequence[Value]]) -> "dict[str, BaseDistribution]":
    """Places in the lists of values, for numbers in their order, so that neighbours teach about each other."""
    from optuna.distributions import CategoricalDistribution, IntDistribution

    found: dict[str, BaseDistribution] = {}
    for name, values in space.items():
        if len(values) > 1:
            numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
            places = list(range(len(values)))
            found[name] = IntDistribution(0, len(values) - 1) if numbers else CategoricalDistribution(places)
    return found


def _sampled(
    settings: SearchSettings, number: int, made: Sequence[Made], taken: set[tuple[Value, ...]]
) -> dict[str, Value] | None:
    import optuna
    from optuna.trial import TrialState, create_trial

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    choices = distributions(settings.tried)
    study = optuna.create_study(sampler=_sampler(settings, number))
    for earlier in made:
        params = {name: settings.tried[name].index(earlier.values[name]) for name in choices}
        is_known = earlier.loss is not None
        study.add_trial(
            create_trial(
                state=TrialState.COMPLETE if is_known else TrialState.RUNNING,
                value=earlier.loss,
                params=params,
                distributions=choices,
            )
        )
    for _ in range(_TRIES):
        asked = study.ask(choices).params
        values = {name: listed[int(asked.get(name, 0))] for name, listed in settings.tried.items()}
        if _key(settings, values) not in taken:
            return values
    return None


def _sampler(settings: SearchSettings, number: int) -> "BaseSampler":
    from optuna.samplers import RandomSampler, TPESampler

    seed = int.from_bytes(hashlib.sha256(f"{settings.seed}-{number}".encode()).digest()[:4])
    if settings.sampler == "random":
        return RandomSampler(seed=seed)
    return TPESampler(seed=seed, n_startup_trials=max(4, settings.planned() // 4))


def _key(settings: SearchSettings, values: Values) -> tuple[Value, ...]:
    return tuple(values[name] for name in settings.tried)
