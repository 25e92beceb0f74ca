"""Choice: all trials in; the best by validation loss, its neighbours, and the cost against that of the full grid."""

import math
from collections.abc import Sequence
from statistics import linear_regression

from pydantic import BaseModel, ConfigDict

from paragraf.format import Chats
from paragraf.search.settings import SweepSettings
from paragraf.search.space import Space, Value, candidate, combinations
from paragraf.search.trials import Measured, Trial
from paragraf.train.settings import LocalTraining

_RANK = {"complete": 0, "pruned": 1, "running": 2, "failed": 3}


class Cost(BaseModel):
    """Trainings: how many, rows that they pass through, CPU seconds (None if no stretch told of any)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trials: int
    rows: int
    seconds: float | None


class Neighbour(BaseModel):
    """A trial that differs from the best in one setting, both where they stood at the last rung they share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    name: str
    value: Value
    share: float
    loss: float
    best_loss: float


class SearchResult(BaseModel):
    """What a search found; trials best first. No field of it holds a test row or a score on one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    space: Space
    trials: tuple[Trial, ...]
    best: Trial
    settings: LocalTraining
    neighbours: tuple[Neighbour, ...]
    spent: Cost
    full_grid: Cost

    def summary(self) -> str:
        """The search's line in the log."""
        values = ", ".join(f"{name} {value}" for name, value in self.best.values.items())
        share = self.spent.rows / self.full_grid.rows if self.full_grid.rows else 1.0
        return (
            f"Trial {self.best.number} of {len(self.trials)} is best: {values}; validation loss "
            f"{self.best.rungs[-1].loss:.4f}; {self.spent.rows} rows trained, {share:.1%} of the full grid's."
        )


def choose(chats: Chats, settings: SweepSettings, key: str, trials: Sequence[Trial]) -> SearchResult:
    """The trial with the least loss at the end of its schedule; of equals, the one that took fewer rows."""
    ordered = sorted(trials, key=_order)
    best = ordered[0]
    spent = Cost(
        trials=len(trials),
        rows=sum(trial.rungs[-1].rows for trial in trials if trial.rungs),
        seconds=sum(rung.seconds for trial in trials for rung in trial.rungs) or None,
    )
    return SearchResult(
        key=key,
        space=settings.search.tried,
        trials=tuple(ordered),
        best=best,
        settings=candidate(settings.train, best.values),
        neighbours=neighbours(best, ordered),
        spent=spent,
        full_grid=_full_grid(chats, settings, trials),
    )


def neighbours(best: Trial, trials: Sequence[Trial]) -> tuple[Neighbour, ...]:
    """Trials with one other value than the best, compared at equal shares of their schedules, nearest loss first."""
    found = []
    for trial in trials:
        differing = [name for name, value in trial.values.items() if best.values[name] != value]
        pair = _last_shared(trial, best)
        if len(differing) == 1 and pair:
            name, (own, its) = differing[0], pair
            found.append(
                Neighbour(
                    number=trial.number,
                    name=name,
                    value=trial.values[name],
                    share=own.share,
                    loss=own.loss,
                    best_loss=its.loss,
                )
            )
    return tuple(sorted(found, key=lambda neighbour: (neighbour.name, neighbour.loss - neighbour.best_loss)))


def _last_shared(trial: Trial, best: Trial) -> tuple[Measured, Measured] | None:
    """Where both stood at the furthest rung that both reached; brackets begin at different rungs."""
    for own in reversed(trial.rungs):
        for its in best.rungs:
            if math.isclose(own.share, its.share, rel_tol=0.01):
                return own, its
    return None


def _order(trial: Trial) -> tuple[int, float, float, int, int]:
    if not trial.rungs:
        return (_RANK[trial.state], 0.0, math.inf, 0, trial.number)
    last = trial.rungs[-1]
    return (_RANK[trial.state], -last.share, last.loss, last.rows, trial.number)


def _full_grid(chats: Chats, settings: SweepSettings, trials: Sequence[Trial]) -> Cost:
    """What training every combination to its end at once would cost, by the legs that were measured."""
    everything = [candidate(settings.train, values) for values in combinations(settings.search.tried)]
    rows = round(sum(chats.rows["train"] * one.epochs for one in everything))
    fixed, per_row = _rates([leg for trial in trials for leg in _legs(trial)])
    seconds = fixed * len(everything) + per_row * rows
    return Cost(trials=len(everything), rows=rows, seconds=seconds or None)


def _legs(trial: Trial) -> list[tuple[int, float]]:
    """Rows and CPU seconds of each leg that told its seconds."""
    starts = [0, *(rung.rows for rung in trial.rungs)]
    return [(rung.rows - start, rung.seconds) for start, rung in zip(starts, trial.rungs, strict=False) if rung.seconds]


def _rates(legs: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """CPU seconds that every leg takes, however short (to start, to measure), and those that a row takes."""
    rows, seconds = [leg[0] for leg in legs], [leg[1] for leg in legs]
    if len(set(rows)) > 1:
        per_row, fixed = linear_regression(rows, seconds)
        if per_row > 0 and fixed >= 0:
            return fixed, per_row
    return 0.0, sum(seconds) / (sum(rows) or 1)
