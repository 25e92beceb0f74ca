"""Search: a space of training settings in; the settings with the least validation loss out, with all that was tried.

Only the validation part decides. The test part is for the one model that a person trains with the settings found.
"""

import hashlib
import json
from collections.abc import Callable

from paragraf.errors import Diverged
from paragraf.format import Chats
from paragraf.models import Base
from paragraf.search.choice import SearchResult, choose
from paragraf.search.rungs import Stretch, bracket_of, brackets, due, state_of
from paragraf.search.sampling import Made, lag, propose
from paragraf.search.settings import SearchSettings, SweepSettings
from paragraf.search.space import candidate
from paragraf.search.study import Study, open_study
from paragraf.search.trials import Leg, Pool, Trial
from paragraf.train.settings import LocalTraining
from paragraf.workspace import home

__all__ = ["SearchResult", "SearchSettings", "SweepSettings", "key_of", "search"]

_WHERE = {"parallel", "runner"}  # say where and how many at once, not what is searched


def key_of(chats: Chats, base: Base, train: LocalTraining, settings: SearchSettings) -> str:
    """Name of a search: the same rows, base model, training settings and space go on with the same study."""
    searched = json.dumps(settings.tried) + settings.model_dump_json(exclude=_WHERE)
    parts = (chats.digest, base.digest, train.model_dump_json(), searched)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def search(
    chats: Chats, base: Base, settings: SweepSettings, pool: Pool, on_trial: Callable[[Trial], None]
) -> SearchResult:
    """Try training settings, or go on where a killed search stopped; each change of a trial goes to `on_trial`.

    Raises:
        Busy: another process is at this search.
        Diverged: every trial failed.
    """
    key = key_of(chats, base, settings.train, settings.search)
    with open_study(home() / "search" / key, key, settings.search.tried) as study:
        trials = _Search(study, settings, pool, on_trial).run()
    if not any(trial.state == "complete" for trial in trials):
        raise Diverged(f"all {len(trials)} trials failed; the first: {trials[0].failure}")
    return choose(chats, settings, key, trials)


class _Search:
    """One process's work on a study."""

    def __init__(self, study: Study, settings: SweepSettings, pool: Pool, on_trial: Callable[[Trial], None]) -> None:
        self._study = study
        self._settings = settings
        self._plan = brackets(settings.search)
        self._pool = pool
        self._on_trial = on_trial
        self._told: dict[int, Trial] = {}
        self._busy: set[int] = set()

    def run(self) -> list[Trial]:
        """Train until no trial has anything left to do."""
        while True:
            self._settle()
            while len(self._busy) < self._settings.search.parallel and (stretch := self._next()):
                self._begin(stretch)
            if not self._busy:
                return self._study.trials()
            done = self._pool.next_done()
            self._busy.remove(done.number)
            if done.measured:
                self._study.measure(done.number, done.rung, done.measured)
            else:
                self._study.fail(done.number, done.failure)

    def _next(self) -> Stretch | None:
        """What to train now; new trials may begin as far as the losses that they rest on are known."""
        trials = self._study.trials()
        unknown = (trial.number for trial in trials if not trial.losses())
        first_unknown = min(unknown, default=len(trials))
        may_be = min(self._settings.search.planned(), max(len(trials), first_unknown + lag(self._settings.search)))
        found = due(self._plan, self._losses(trials), frozenset(self._busy), may_be)
        return found[0] if found else None

    def _begin(self, stretch: Stretch) -> None:
        trials = self._study.trials()
        trial = trials[stretch.number] if stretch.number < len(trials) else self._new(trials)
        self._tell(trial)
        leg = Leg(
            number=stretch.number,
            rung=stretch.rung,
            share=stretch.share,
            settings=candidate(self._settings.train, trial.values),
        )
        self._busy.add(stretch.number)
        self._pool.submit(trial, leg)

    def _new(self, trials: list[Trial]) -> Trial:
        """The next trial; what it may know is fixed by its number, and it learns from trials of its own bracket."""
        number = len(trials)
        settings, bracket = self._settings.search, self._plan.index(bracket_of(self._plan, number))
        known_until = number - lag(settings)
        made = [
            Made(trial.values, trial.losses()[0] if trial.number <= known_until else None)
            for trial in trials
            if trial.bracket == bracket
        ]
        return self._study.add(propose(settings, [trial.values for trial in trials], made), bracket)

    def _settle(self) -> None:
        """Write down and tell how every trial stands by what is known now."""
        trials = self._study.trials()
        losses = self._losses(trials)
        for trial in trials:
            if trial.state == "running":
                state = state_of(bracket_of(self._plan, trial.number), losses, trial.number)
                self._study.settle(trial.number, state)
        for trial in self._study.trials():
            self._tell(trial)

    def _tell(self, trial: Trial) -> None:
        if self._told.get(trial.number) != trial:
            self._told[trial.number] = trial
            self._on_trial(trial)

    @staticmethod
    def _losses(trials: list[Trial]) -> dict[int, tuple[float, ...]]:
        return {trial.number: trial.losses() for trial in trials}
