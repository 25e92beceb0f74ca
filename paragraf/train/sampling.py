"""Sampling: which row comes next, drawn by the weight of its task; batches mix tasks by the way of drawing."""

from collections.abc import Iterator, Mapping, Sequence

import torch

from paragraf.task_type import TaskType


class WeightedRows(torch.utils.data.Sampler[int]):
    """Draws as many rows as there are, with replacement, each as often as its task's weight says (1 if not named).

    The draw of an epoch depends on the seed and the epoch alone, so that a resumed run and every device draw the same.

    Raises:
        ValueError: every row has the weight 0.
    """

    def __init__(self, tasks: Sequence[TaskType], weights: Mapping[TaskType, float], seed: int) -> None:
        self._weights = torch.tensor([weights.get(task, 1.0) for task in tasks], dtype=torch.float64)
        if not float(self._weights.sum()):
            raise ValueError("no row has a weight above 0")
        self._seed = seed
        self._epoch = 0

    def __len__(self) -> int:
        return len(self._weights)

    def set_epoch(self, epoch: int) -> None:
        """Called before each pass over the rows."""
        self._epoch = epoch

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed((self._seed << 20) + self._epoch)
        drawn = torch.multinomial(self._weights, len(self), replacement=True, generator=generator)
        yield from drawn.tolist()
