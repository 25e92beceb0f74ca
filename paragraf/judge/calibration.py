"""Calibration: how far a judge agrees with people, and whether that is enough for its word to decide."""

import hashlib
import logging
from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from paragraf.generator import NoGenerator
from paragraf.intervals import Estimate
from paragraf.judge.asking import Criterion, identity
from paragraf.judge.settings import JudgeSettings
from paragraf.publish import publish_file
from paragraf.workspace import home

_LEAST_ANSWERED = 0.9  # a judge that passes over the hard ones would look better than it is

Fault = Literal["no_judge", "another_judge", "few_labels", "few_opinions", "weak_agreement", "swap_bias"]

logger = logging.getLogger(__name__)


class Calibration(BaseModel):
    """What a judge and people said of the same answers, for one criterion.

    Attributes:
        judge: SHA-256 over the prompt, the form of the answer and the model with its settings.
        labels: SHA-256 over the labels and the texts they are about.
        labelled: answers or pairs with labels; `kappa.n` of them have an opinion of the judge.
        errors: why there is no opinion on the others.
        among_people: weighted kappa of the raters with each other, where an item has several.
        swap_bias: share of pairs whose verdict changes with the order; unknown for grades.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    criterion: Criterion
    model: str
    judge: str
    labels: str
    labelled: int
    raters: int
    errors: dict[str, int]
    kappa: Estimate
    among_people: float | None
    swap_bias: Estimate

    def digest(self) -> str:
        """SHA-256 (hex) of all of it."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def summary(self) -> str:
        """One line of numbers."""
        bias = f", swap bias {shown(self.swap_bias)}" if self.criterion == "preference" else ""
        people = "" if self.among_people is None else f" (people among themselves {self.among_people:.2f})"
        return (
            f"{self.criterion}: weighted kappa {shown(self.kappa)}{people}{bias}, on {self.kappa.n} of "
            f"{self.labelled} labelled by {self.raters}{told(self.errors)}."
        )


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")

    calibration: Calibration
    digest: str

    @model_validator(mode="after")
    def _is_unchanged(self) -> Self:
        if self.calibration.digest() != self.digest:
            raise ValueError("changed since it was written")
        return self


def is_valid(calibration: Calibration, settings: JudgeSettings) -> bool:
    """Whether the calibration is of this very judge, and good enough for its word to decide."""
    return not faults(calibration, settings)


def faults(calibration: Calibration, settings: JudgeSettings) -> list[str]:
    """Why the word of this judge may not decide, each in a few words; none if it may."""
    kappa = calibration.kappa
    words: dict[Fault, str] = {
        "no_judge": "there is no judge",
        "another_judge": "another model, address, setting or prompt was calibrated",
        "few_labels": f"{kappa.n} labelled with an opinion, fewer than {settings.min_labels}",
        "few_opinions": f"no opinion on {calibration.labelled - kappa.n} of {calibration.labelled}",
        "weak_agreement": f"weighted kappa {shown(kappa)}, not surely {settings.min_kappa:g} or more",
        "swap_bias": f"swap bias {shown(calibration.swap_bias)}, not surely {settings.max_swap_bias:g} or less",
    }
    return [words[fault] for fault in kinds_of_faults(calibration, settings)]


def kinds_of_faults(calibration: Calibration, settings: JudgeSettings) -> list[Fault]:
    """What is wrong with a calibration, by name; where it is of another judge, nothing else is looked at."""
    kappa, bias = calibration.kappa, calibration.swap_bias
    if isinstance(settings.generator, NoGenerator):
        return ["no_judge"]
    if calibration.judge != identity(calibration.criterion, settings.generator):
        return ["another_judge"]
    found: list[Fault] = []
    if kappa.n < settings.min_labels:
        found.append("few_labels")
    if kappa.n < _LEAST_ANSWERED * calibration.labelled:
        found.append("few_opinions")
    if kappa.low is None or kappa.low < settings.min_kappa:
        found.append("weak_agreement")
    if calibration.criterion == "preference" and (bias.high is None or bias.high > settings.max_swap_bias):
        found.append("swap_bias")
    return found


def keep(calibration: Calibration) -> Path:
    """Put a calibration into the workspace; an older one of the same judge and criterion is replaced."""
    path = _path(calibration.criterion, calibration.judge)
    kept = _Kept(calibration=calibration, digest=calibration.digest())
    publish_file(path, kept.model_dump_json(indent=1).encode())
    return path


def kept(settings: JudgeSettings) -> list[Calibration]:
    """The calibrations of this judge in the workspace, valid or not; a damaged file counts for nothing."""
    if isinstance(settings.generator, NoGenerator):
        return []
    criteria: tuple[Criterion, ...] = get_args(Criterion)
    paths = [_path(criterion, identity(criterion, settings.generator)) for criterion in criteria]
    return [found for path in paths if path.is_file() and (found := _read(path))]


def shown(estimate: Estimate) -> str:
    """A value with its interval, for a line of text."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "unknown"
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def told(errors: dict[str, int]) -> str:
    """Counted reasons as the end of a sentence; nothing if there are none."""
    counted = ", ".join(f"{count} {reason}" for reason, count in sorted(errors.items()))
    return f"; no opinion: {counted}" if counted else ""


def _read(path: Path) -> Calibration | None:
    try:
        return _Kept.model_validate_json(path.read_bytes()).calibration
    except (ValueError, OSError):
        logger.warning("The calibration %s is damaged and counts for nothing; calibrate again.", path)
        return None


def _path(criterion: Criterion, judge: str) -> Path:
    return home() / "judge" / "calibrations" / f"{criterion}-{judge[:16]}.json"
