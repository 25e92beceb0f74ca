"""Importance: how much of what sets good trials apart lies in each setting, by Optuna's PED-ANOVA."""

from collections.abc import Sequence
from typing import NamedTuple

from paragraf.search.sampling import distributions
from paragraf.search.space import Space
from paragraf.search.trials import Trial

FEWEST = 4  # with fewer trials the better ones cannot be told from chance at all
ENOUGH = 30  # below this the shares still jump from one trial to the next


class Importance(NamedTuple):
    """Setting -> its share (0 to 1), greatest first; none if too few trials were measured at equal shares."""

    shares: dict[str, float]
    trials: int


def importance(trials: Sequence[Trial], space: Space) -> Importance:
    """Importance for the loss at the first rung, the one where the most trials were measured alike."""
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
    from optuna.trial import create_trial

    first = min((trial.rungs[0].share for trial in trials if trial.rungs), default=1.0)
    alike = [trial for trial in trials if trial.rungs and trial.rungs[0].share == first]
    places = distributions(space)
    if len(alike) < FEWEST or not places or len({trial.rungs[0].loss for trial in alike}) < 2:
        return Importance({}, len(alike))
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study()
    for trial in alike:
        params = {name: space[name].index(trial.values[name]) for name in places}
        study.add_trial(create_trial(value=trial.rungs[0].loss, params=params, distributions=places))
    found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())
    return Importance(dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))), len(alike))
