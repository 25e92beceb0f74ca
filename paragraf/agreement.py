"""Agreement: what several raters said of the same things in; how far they agree beyond chance out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from paragraf.intervals import Estimate, bootstrap

Distance = Callable[[int, int, Mapping[int, float]], float]


def krippendorffs_alpha(units: Sequence[Sequence[int]], distance: Distance) -> float | None:
    """Krippendorff's alpha of the values (ranks) that raters gave to each unit; None where all values are the same.

    Missing votes are left out: a unit holds what was said of it, and counts from two values on. K. Krippendorff,
    Content Analysis, 4th ed., 2019, chapter 12.
    """
    together: dict[tuple[int, int], float] = defaultdict(float)
    for values in units:
        counts = Counter(values)
        for one, times in counts.items():
            for other, other_times in counts.items():
                pairs = times * (other_times - (one == other))
                if pairs:
                    together[one, other] += pairs / (len(values) - 1)
    totals: dict[int, float] = defaultdict(float)
    for (one, _), weight in together.items():
        totals[one] += weight
    expected = sum(
        totals[one] * totals[other] * distance(one, other, totals) for one in totals for other in totals if one != other
    )
    if not expected:
        return None
    observed = sum(weight * distance(one, other, totals) for (one, other), weight in together.items())
    return 1 - (sum(totals.values()) - 1) * observed / expected


def nominal(one: int, other: int, totals: Mapping[int, float]) -> float:
    """Two values are the same or not."""
    return float(one != other)


def ordinal(one: int, other: int, totals: Mapping[int, float]) -> float:
    """Two values are as far apart as there are values ranked between them."""
    low, high = sorted((one, other))
    between = sum(count for value, count in totals.items() if low <= value <= high)
    return float((between - (totals[low] + totals[high]) / 2) ** 2) if low != high else 0.0


def cohens_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa of two raters, from their values for each unit that both rated; None where chance explains all.

    J. Cohen, Educational and Psychological Measurement 20, 1960, 37-46.
    """
    return _kappa(pairs, lambda one, other: float(one != other))


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Cohen's kappa in which a disagreement counts by its square; None where all say the same and chance explains it.

    J. Cohen, Psychological Bulletin 70, 1968, 213-220.
    """
    return _kappa(pairs, lambda one, other: float((one - other) ** 2))


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


def _kappa(pairs: Sequence[tuple[int, int]], distance: Callable[[int, int], float]) -> float | None:
    """One less the distance that was found, as a share of that between raters who know nothing of each other."""
    if not pairs:
        return None
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(
        times * other_times * distance(one, other)
        for one, times in ones.items()
        for other, other_times in others.items()
    ) / len(pairs)
    return 1 - sum(distance(one, other) for one, other in pairs) / by_chance if by_chance else None
