"""Agreement: values of two raters on an ordered scale in, how far they agree beyond chance out."""

from collections import Counter
from collections.abc import Sequence

from paragraf.intervals import Estimate, bootstrap


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa in which a disagreement counts by its square; None where all say the same and chance explains it.

    J. Cohen, Psychological Bulletin 70, 1968, 213-220.
    """
    if not pairs:
        return None
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(
        times * other_times * (one - other) ** 2 for one, times in ones.items() for other, other_times in others.items()
    ) / len(pairs)
    return 1 - sum((one - other) ** 2 for one, other in pairs) / by_chance if by_chance else None


def agreement(items: Sequence[Sequence[tuple[int, int]]]) -> Estimate:
    """Weighted kappa over items with one pair for each label; items are resampled, so labels of one stay together.

    Where a resample shows no difference at all, it shows no agreement beyond chance and counts as 0.
    """
    whole = weighted_kappa([pair for item in items for pair in item])
    if whole is None:
        return Estimate(value=None, low=None, high=None, n=len(items))
    return bootstrap(
        len(items), lambda chosen: weighted_kappa([pair for index in chosen for pair in items[index]]) or 0.0
    )
