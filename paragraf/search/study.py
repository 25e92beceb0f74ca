"""Study: the trials of a search at rest, as an Optuna study in a journal that a kill at any moment leaves readable."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from paragraf.errors import Damaged
from paragraf.holding import held
from paragraf.search.rungs import State
from paragraf.search.space import Value, Values
from paragraf.search.trials import Measured, Trial

if TYPE_CHECKING:
    from optuna.storages.journal._file import BaseJournalFileLock
    from optuna.study import Study as OptunaStudy
    from optuna.trial import FrozenTrial
    from optuna.trial import Trial as OptunaTrial

JOURNAL = "study.log"
_RUNG = "rung-"


@contextmanager
def open_study(folder: Path, name: str, space: Mapping[str, Sequence[Value]]) -> "Iterator[Study]":
    """The study of a folder, new or as it was left; one process at a time works on it.

    Raises:
        Busy: another process is at this search.
        Damaged: the journal cannot be read.
    """
    with held(folder / "lock", f"{folder}: another process works on this search; wait for it, or end it."):
        _cut_torn_line(folder / JOURNAL)
        yield Study(folder, name, space)


class Study:
    """Trials in Optuna's words. Each step is one line of the journal, and what another line repeats is made up for."""

    def __init__(self, folder: Path, name: str, space: Mapping[str, Sequence[Value]]) -> None:
        import optuna
        from optuna.distributions import CategoricalDistribution
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        path = folder / JOURNAL
        try:
            storage = JournalStorage(JournalFileBackend(str(path), lock_obj=cast("BaseJournalFileLock", _Alone())))
            self._study: OptunaStudy = optuna.create_study(storage=storage, study_name=name, load_if_exists=True)
        except ValueError as error:
            raise Damaged(f"{path}: not readable ({error}); delete {folder} to begin this search anew.") from error
        self._distributions = {given: CategoricalDistribution(list(values)) for given, values in space.items()}

    def trials(self) -> list[Trial]:
        """All trials by number."""
        return [_read(frozen) for frozen in self._study.get_trials(deepcopy=False)]

    def add(self, values: Values, bracket: int) -> Trial:
        """A new trial under the next number, whole in one line of the journal."""
        from optuna.trial import TrialState, create_trial

        self._study.add_trial(
            create_trial(
                state=TrialState.RUNNING,
                params=dict(values),
                distributions=dict(self._distributions),
                user_attrs={"bracket": bracket},
            )
        )
        return self.trials()[-1]

    def measure(self, number: int, rung: int, measured: Measured) -> None:
        """Write down what was measured at a rung; it counts from its one line on."""
        self._trial(number).set_user_attr(f"{_RUNG}{rung}", measured.model_dump(mode="json"))

    def fail(self, number: int, failure: str) -> None:
        """Write down why a trial failed."""
        self._trial(number).set_user_attr("failure", failure)

    def settle(self, number: int, state: State) -> None:
        """Tell Optuna how a trial stands, losses by rung included, unless it knows."""
        from optuna.trial import TrialState

        found = self._frozen(number)
        if found.state != TrialState.RUNNING:
            return
        trial = self._trial(number)
        rungs = _read(found).rungs
        for rung, measured in enumerate(rungs):
            if rung not in found.intermediate_values:
                trial.report(measured.loss, rung)
        if state == "complete":
            self._study.tell(number, rungs[-1].loss)
        elif state == "pruned":
            self._study.tell(number, state=TrialState.PRUNED)
        elif state == "failed":
            self._study.tell(number, state=TrialState.FAIL)

    def _frozen(self, number: int) -> "FrozenTrial":
        return self._study.get_trials(deepcopy=False)[number]

    def _trial(self, number: int) -> "OptunaTrial":
        from optuna.trial import Trial as OptunaTrial

        return OptunaTrial(self._study, self._frozen(number)._trial_id)


class _Alone:
    """The journal's lock where the study's own is held already; Optuna's outlives a killed holder by 30 seconds."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        return


def _read(frozen: "FrozenTrial") -> Trial:
    attributes = frozen.user_attrs
    rungs = [Measured.model_validate(attributes[name]) for name in _rung_names(attributes)]
    states: dict[str, State] = {"COMPLETE": "complete", "PRUNED": "pruned", "FAIL": "failed"}
    return Trial(
        number=frozen.number,
        bracket=attributes["bracket"],
        values=frozen.params,
        state=states.get(frozen.state.name, "running"),
        rungs=tuple(rungs),
        failure=attributes.get("failure", ""),
    )


def _rung_names(attributes: Mapping[str, object]) -> Iterator[str]:
    rung = 0
    while (name := f"{_RUNG}{rung}") in attributes:
        yield name
        rung += 1


def _cut_torn_line(journal: Path) -> None:
    """Take off a line that a kill cut in two: Optuna would write on behind it and never read the journal again."""
    if not journal.is_file():
        return
    content = journal.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(journal, whole)
