"""Judge: the `judge` command: holds a language model's opinions against people's labels, and compares two models."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paragraf.errors import BadSettings
from paragraf.generator import NoGenerator, OpenAIGenerator
from paragraf.judge.calibrating import calibrate_grades, calibrate_preferences
from paragraf.judge.calibration import Calibration, faults, keep, kept
from paragraf.judge.judging import Judge
from paragraf.judge.labels import read_answers, read_labels, rivals
from paragraf.judge.settings import JudgeSettings, OpenAIJudge
from paragraf.judge.tally import compare, keep_opinions

Tell = Callable[[str], None]

USAGE = """usage: paragraf judge calibrate LABELS ANSWERS [ANSWERS] --judge.generator.kind openai ...
       paragraf judge compare A.jsonl B.jsonl --judge.generator.kind openai ...

calibrate  say how far the judge agrees with people; only a good judge may decide later.
           LABELS: rows with id, rater and score (1 to 4) about one file of answers, or preference (A, B, tie)
           about two. ANSWERS: rows with id, question, expected (the right answer) and answer.
compare    ask the judge, in both orders, which of two models answers better.
"""


def parts(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The words before the first flag (what to do, and with which files), and the flags."""
    first = next((at for at, word in enumerate(arguments) if word.startswith("-")), len(arguments))
    return arguments[:first], arguments[first:]


def judge(words: list[str], settings: JudgeSettings, tell: Tell) -> int:
    """Run `paragraf judge` with what to do and its files.

    Raises:
        BadSettings: no such command, another number of files, no judge, or no usable key.
        BadRow, MissingInput, TooFewRows: a file is not as it should be.
    """
    match words:
        case ["calibrate", labels, answers]:
            _calibrate(Path(labels), [Path(answers)], settings, tell)
        case ["calibrate", labels, first, second]:
            _calibrate(Path(labels), [Path(first), Path(second)], settings, tell)
        case ["compare", first, second]:
            _compare(Path(first), Path(second), settings, tell)
        case _:
            raise BadSettings(
                "expected `paragraf judge calibrate LABELS ANSWERS [ANSWERS]` or `paragraf judge compare A.jsonl "
                "B.jsonl`, with the files before the flags; see paragraf judge --help."
            )
    return 0


def _calibrate(labels: Path, answers: list[Path], settings: JudgeSettings, tell: Tell) -> None:
    model = _model(settings)
    if len(answers) == 1:
        items = read_answers(answers[0])
        said = read_labels(labels, items)
        with _opened(settings, model, tell) as opened:
            found = calibrate_grades(opened, model, items, said)
    else:
        pairs = rivals(*answers)
        said = read_labels(labels, pairs)
        with _opened(settings, model, tell) as opened:
            found = [calibrate_preferences(opened, model, pairs, said)]
    for calibration in found:
        _tell_calibration(calibration, settings, tell)


def _compare(first: Path, second: Path, settings: JudgeSettings, tell: Tell) -> None:
    pairs = rivals(first, second)
    model = _model(settings)
    with _opened(settings, model, tell) as opened:
        counted, given = compare(opened, pairs)
    tell(f"A is {first}, B is {second}.")
    for line in counted.lines():
        tell(line)
    if counted.may_decide:
        tell("This judge is calibrated: its word may decide.")
    else:
        held = [faults(item, settings) for item in kept(settings) if item.criterion == "preference"]
        why = "; ".join(held[0]) if held and held[0] else "no calibration"
        tell(f"For information only, it decides nothing: {why}. See paragraf judge calibrate.")
    if given:
        tell(str(keep_opinions(given)))


def _tell_calibration(calibration: Calibration, settings: JudgeSettings, tell: Tell) -> None:
    tell(calibration.summary())
    if not calibration.kappa.n:  # an endpoint that is down must not take the place of what was found before
        tell("Nothing was found out, and nothing is kept.")
        return
    found = faults(calibration, settings)
    tell(f"It may not decide: {'; '.join(found)}." if found else "It may decide.")
    tell(str(keep(calibration)))


def _model(settings: JudgeSettings) -> OpenAIJudge:
    if isinstance(settings.generator, NoGenerator):
        raise BadSettings(
            "judge.generator.kind is 'none'; name a judge with --judge.generator.kind openai "
            "--judge.generator.model NAME."
        )
    return settings.generator


@contextmanager
def _opened(settings: JudgeSettings, model: OpenAIJudge, tell: Tell) -> Iterator[Judge]:
    with OpenAIGenerator(model) as generator:
        yield Judge(settings, generator, kept(settings))
        spent = generator.spent()
    tell(f"Asked {model.model} {spent.calls} times: {spent.tokens.sent + spent.tokens.written} tokens, {spent.cost:g}.")
