"""Rows of a probe: the lengths of all training rows in; which of them show a run's memory and time out."""

from collections.abc import Mapping, Sequence

from paragraf.task_type import TaskType


def longest_then_median(lengths: Sequence[int], together: int, longest: int, median: int) -> list[int]:
    """Numbers of the rows of so many steps, `together` a step: the longest ones, again and again, then median ones.

    Where there are too few rows they come again.
    """
    by_length = sorted(range(len(lengths)), key=lambda at: (-lengths[at], at))
    top = [by_length[at % len(by_length)] for at in range(together)] * longest
    wanted = together * median
    start = max(0, (len(by_length) - wanted) // 2)
    middle = by_length[start : start + wanted]
    return top + [middle[at % len(middle)] for at in range(wanted)]


def tokens_of_epoch(lengths: Sequence[int], tasks: Sequence[TaskType], weights: Mapping[TaskType, float]) -> float:
    """Tokens that one pass draws: each row once, or as many rows by the weights of their tasks."""
    drawn = [weights.get(task, 1.0) for task in tasks]
    total = sum(drawn)
    if not total:
        return float(sum(lengths))
    return len(lengths) * sum(weight * length for weight, length in zip(drawn, lengths, strict=True)) / total
