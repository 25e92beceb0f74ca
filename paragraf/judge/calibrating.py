"""Calibrating: labels of people and the labelled texts in, a calibration of the judge for each criterion out."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from itertools import permutations
from typing import TypeVar

from paragraf.agreement import agreement, weighted_kappa
from paragraf.generator import OpenAISettings
from paragraf.intervals import share
from paragraf.judge.asking import CHOICES, GRADED, Answered, Criterion, Rivals, identity
from paragraf.judge.calibration import Calibration
from paragraf.judge.judging import Judge, Opinion, Opinions
from paragraf.judge.labels import Label

T = TypeVar("T", Answered, Rivals)


def calibrate_grades(
    judge: Judge, model: OpenAISettings, items: Sequence[Answered], labels: Sequence[Label]
) -> list[Calibration]:
    """Hold a judge's grades against those of people; only labelled answers are asked about.

    Raises:
        BadSettings: the endpoint knows no such key or no such model.
    """
    labelled = _labelled(items, labels)
    opinions = judge.grade(labelled)
    return [
        _calibration(criterion, model, labelled, labels, opinions)
        for criterion in GRADED
        if any(criterion in label.values for label in labels)
    ]


def calibrate_preferences(
    judge: Judge, model: OpenAISettings, pairs: Sequence[Rivals], labels: Sequence[Label]
) -> Calibration:
    """Like `calibrate_grades`, for pairs: the judge is asked in both orders, so its swap bias is known too.

    Pairs with the same text twice are left out: no order of theirs could differ.
    """
    labelled = _labelled([pair for pair in pairs if pair.first != pair.second], labels)
    names = {pair.id for pair in labelled}
    about_them = [label for label in labels if label.id in names]
    return _calibration("preference", model, labelled, about_them, judge.prefer(labelled))


def _labelled(items: Sequence[T], labels: Sequence[Label]) -> list[T]:
    names = {label.id for label in labels}
    return [item for item in items if item.id in names]


def _calibration(
    criterion: Criterion, model: OpenAISettings, items: Sequence[T], labels: Sequence[Label], opinions: Opinions
) -> Calibration:
    said = {opinion.id: opinion for opinion in opinions.given if opinion.criterion == criterion}
    by_item: dict[str, list[int]] = defaultdict(list)
    for label in labels:
        if criterion in label.values:
            by_item[label.id].append(label.values[criterion])
    held = [[(_rank(said[name]), value) for value in values] for name, values in by_item.items() if name in said]
    people = [pair for values in by_item.values() for pair in permutations(values, 2)]
    return Calibration(
        criterion=criterion,
        model=model.model,
        judge=identity(criterion, model),
        labels=_digest(criterion, items, labels),
        labelled=len(by_item),
        raters=len({label.rater for label in labels if criterion in label.values}),
        errors=opinions.errors,
        kappa=agreement(held),
        among_people=weighted_kappa(people),
        swap_bias=share([not opinion.is_steady for opinion in said.values() if opinion.is_steady is not None]),
    )


def _rank(opinion: Opinion) -> int:
    return opinion.value if isinstance(opinion.value, int) else CHOICES.index(opinion.value)


def _digest(criterion: Criterion, items: Sequence[T], labels: Sequence[Label]) -> str:
    facts = [
        sorted(json.dumps(asdict(item), sort_keys=True) for item in items),
        sorted((label.id, label.rater, label.values.get(criterion)) for label in labels if criterion in label.values),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
