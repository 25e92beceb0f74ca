"""Agreement: what several raters said of the same questions in; how far they agree beyond chance out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

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
    if not pairs:
        return None
    n = len(pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(ones[value] * others[value] for value in ones) / n**2
    return None if by_chance == 1 else (sum(one == other for one, other in pairs) / n - by_chance) / (1 - by_chance)
