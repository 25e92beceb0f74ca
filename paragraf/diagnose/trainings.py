"""Trainings: the name of a run, of a training or a folder in; the training's folder, and how its run stands, out."""

from dataclasses import dataclass
from pathlib import Path

from paragraf.errors import MissingInput
from paragraf.events import read_events
from paragraf.jobs import JOURNAL, ORDER
from paragraf.runs import Run, all_runs
from paragraf.workspace import home

_NAMED = 8  # runs that an error lists, the newest


@dataclass(frozen=True, slots=True)
class Training:
    """A training's folder, and the run that began it last if the run book knows one."""

    folder: Path
    run: Run | None = None

    def status(self) -> str:
        """How the run stands: running, finished, failed, died; nothing if it is not known."""
        if self.run is None:
            return ""
        return "died" if self.run.is_dead() else self.run.status


def find_training(name: str) -> Training:
    """The training that is meant: `newest`, a run of the run book, a training's name, or the path of its folder.

    Raises:
        MissingInput: there is none; names those that there are.
    """
    began = _began()
    if name == "newest":
        return _newest(began)
    if run := next((run for run in all_runs() if run.name == name), None):
        if training := next((training for training in began if training.run == run), None):
            return training
        raise MissingInput(f"run {name!r} ({run.status}) has begun no training; {_known(began)}")
    for folder in (_trainings() / name, Path(name)):
        if _is_training(folder):
            return next((item for item in began if item.folder == folder.absolute()), Training(folder.absolute()))
    raise MissingInput(f"{name!r} is no run, no training and no folder of one; {_known(began)}")


def _began() -> list[Training]:
    """What runs of this workspace began to train, the newest first."""
    runs = {run.mlflow_run: run for run in all_runs() if run.mlflow_run}
    events = reversed(read_events("training_began"))
    found = [
        Training(_trainings() / str(event["training"]), runs.get(str(event.get("mlflow_run", ""))))
        for event in events
        if event.get("training")
    ]
    return [training for training in found if _is_training(training.folder)]


def _newest(began: list[Training]) -> Training:
    if began:
        return began[0]
    folders = [folder for folder in _trainings().glob("*") if _is_training(folder)]
    if not folders:
        raise MissingInput(f"{_trainings()}: there is no training yet; start one with: paragraf finetune")
    return Training(max(folders, key=lambda folder: folder.stat().st_mtime))


def _known(began: list[Training]) -> str:
    runs = list(dict.fromkeys(training.run.name for training in began if training.run))
    if runs:
        return f"known runs, the newest first: {', '.join(runs[:_NAMED])}."
    folders = sorted(folder.name for folder in _trainings().glob("*") if _is_training(folder))
    return f"known trainings: {', '.join(folders[:_NAMED])}." if folders else "there is no training yet."


def _is_training(folder: Path) -> bool:
    try:
        return (folder / JOURNAL).is_file() or (folder / ORDER).is_file()
    except OSError:  # too long for a name, or not ours to look into
        return False


def _trainings() -> Path:
    return home() / "training"
