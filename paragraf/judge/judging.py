"""Judging: answers in, a language model's opinions of them out; each says whether it may decide."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from paragraf.generator import Failed, Generated, Generator, Request
from paragraf.judge.asking import GRADED, Answered, Choice, Criterion, Grade, Preference, Rivals, about, between
from paragraf.judge.calibration import Calibration, is_valid
from paragraf.judge.settings import JudgeSettings

_OTHER: dict[Choice, Choice] = {"A": "B", "B": "A", "tie": "tie"}
_SWAPPED = "W odwrotnej kolejności"  # what people see


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge says of one answer or pair; without a valid calibration it is shown and decides nothing."""

    id: str
    criterion: Criterion
    value: Grade | Choice
    reason: str
    may_decide: bool
    is_steady: bool | None = None  # of a pair: whether the other order gave the same

    def to_line(self) -> str:
        """One JSON line."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Opinions:
    """Opinions in the order of what was judged, and counted reasons why there is none on the others."""

    given: list[Opinion]
    errors: dict[str, int]


class Judge:
    """A language model that judges, with the calibrations that say what its word is worth."""

    def __init__(self, settings: JudgeSettings, generator: Generator, calibrations: Iterable[Calibration] = ()) -> None:
        self._generator = generator
        self._deciding = {item.criterion for item in calibrations if is_valid(item, settings)}

    def grade(self, items: Sequence[Answered]) -> Opinions:
        """Grades from 1 to 4 of each answer by each criterion."""
        given: list[Opinion] = []
        errors: Counter[str] = Counter()
        for item, outcome in zip(items, self._generator.generate(about(item) for item in items), strict=True):
            if isinstance(outcome, Failed):
                errors[outcome.reason] += 1
                continue
            grades = outcome.value
            given += [
                Opinion(item.id, criterion, getattr(grades, criterion), grades.reason, criterion in self._deciding)
                for criterion in GRADED
            ]
        return Opinions(given, dict(errors))

    def prefer(self, pairs: Sequence[Rivals]) -> Opinions:
        """Which answer of each pair is better (A is the first), asked in both orders; a tie where they contradict."""
        given: list[Opinion] = []
        errors: Counter[str] = Counter()
        outcomes = self._generator.generate(_both_orders(pairs))
        for pair, straight, swapped in zip(pairs, outcomes, outcomes, strict=True):
            if isinstance(straight, Failed):
                errors[straight.reason] += 1
            elif isinstance(swapped, Failed):
                errors[swapped.reason] += 1
            else:
                given.append(self._of_both(pair, straight, swapped))
        return Opinions(given, dict(errors))

    def _of_both(self, pair: Rivals, straight: Generated[Preference], swapped: Generated[Preference]) -> Opinion:
        first, second = straight.value.better, _OTHER[swapped.value.better]
        is_steady = first == second
        reason = straight.value.reason if is_steady else f"{straight.value.reason} {_SWAPPED}: {swapped.value.reason}"
        value: Choice = first if is_steady else "tie"
        return Opinion(pair.id, "preference", value, reason, "preference" in self._deciding, is_steady)


def _both_orders(pairs: Iterable[Rivals]) -> Iterator[Request[Preference]]:
    for pair in pairs:
        yield between(pair)
        yield between(pair.swapped())
