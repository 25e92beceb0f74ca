"""Diagnosis: the `diagnose` command: what the log of a training shows, also of one that failed or still runs."""

from collections.abc import Callable
from pathlib import Path

from flows.arguments import Parser
from paragraf.ask import VERSION, find_model
from paragraf.diagnose import Finding, TrainingLog, diagnose, read_training
from paragraf.diagnose.trainings import Training, find_training
from paragraf.jobs import LOG
from paragraf.registry import ALIASES

Tell = Callable[[str], None]


def diagnosis(arguments: list[str], tell: Tell) -> int:
    """Run `paragraf diagnose` with its arguments; findings are no failure, so the exit code is 0."""
    parser = Parser(prog="paragraf diagnose", description="Say what went wrong in a training, and what to change.")
    parser.add_argument(
        "run",
        nargs="?",
        default="newest",
        metavar="RUN",
        help="newest, champion, challenger, version:3, the name of a run, or the name or path of a training's folder "
        "(default: newest)",
    )
    training = find_training(_by_version(parser.parse_args(arguments).run))
    log = read_training(training.folder)
    tell(_heading(training, log))
    for finding in diagnose(log):
        tell(_block(finding))
    if not diagnose(log):
        tell("Nothing stands out." if log.points else "Nothing was measured yet.")
    if training.status() in ("failed", "died") and (training.folder / LOG).is_file():
        tell(f"\nWhat the training itself said is in {training.folder / LOG}.")
    return 0


def _by_version(name: str) -> str:
    """The training of a registered version; other names as they are."""
    if name not in ALIASES and not name.startswith(VERSION):
        return name
    from tasks.fetch import fetch

    model = find_model(fetch(name))
    return Path(model.path).name.partition("-")[2] if model else name


def _heading(training: Training, log: TrainingLog) -> str:
    run = f"Run {training.run.name} ({training.status()}), training" if training.run else "Training"
    steps = f" of {log.steps}" if log.steps else ""
    return f"{run} {training.folder.name}: step {log.last_step()}{steps}."


def _block(finding: Finding) -> str:
    return f"\n{finding.problem}\n  symptom: {finding.symptom}\n  change:  {finding.advice}"
