"""Balance: counts of rows by kind in, how evenly they lie and how they are spread out."""

from collections.abc import Iterable, Mapping
from math import ceil, log, log10

_BARS = 24
_NAMED = 24
_LONGEST_NAME = 60  # characters
REST = "…"


def largest_share(counts: Mapping[str, int]) -> float:
    return max(counts.values(), default=0) / _total(counts)


def smallest_share(counts: Mapping[str, int]) -> float:
    return min(counts.values(), default=0) / _total(counts)


def evenness(counts: Mapping[str, int]) -> float:
    """Entropy over its largest value (Pielou): 1 when all kinds are equally frequent, 0 when there is only one."""
    shares = [count / _total(counts) for count in counts.values() if count]
    return -sum(share * log(share) for share in shares) / log(len(shares)) if len(shares) > 1 else 0.0


def most_frequent(counts: Mapping[str, int]) -> dict[str, int]:
    """The most frequent kinds first, the rest of many together, long names cut."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named: dict[str, int] = {}
    for name, count in ordered[:_NAMED]:
        short = " ".join(name.split())
        short = short if len(short) <= _LONGEST_NAME else short[: _LONGEST_NAME - 1] + "…"
        named[short] = named.get(short, 0) + count
    rest = sum(count for _, count in ordered[_NAMED:])
    return named | ({REST: named.get(REST, 0) + rest} if rest else {})


def histogram(values: Iterable[float]) -> dict[str, int]:
    """Lower edge of a bar -> values in it; bars of a round width, the last one open so that giants hide nothing."""
    held = sorted(values)
    if not held:
        return {}
    reach = held[min(len(held) - 1, int(0.99 * len(held)))] or 1
    width = _round_up(reach / _BARS)
    last = int(reach // width)
    counts = dict.fromkeys((str(bar * width) for bar in range(last + 1)), 0)
    for value in held:
        counts[str(min(last, int(value // width)) * width)] += 1
    return counts


def _round_up(width: float) -> int:
    """1, 2, 5, 10, 20, 50 ...: the first that is not smaller."""
    unit = 10 ** int(log10(width)) if width >= 1 else 1
    return next(step * unit for step in (1, 2, 5, 10) if step * unit >= ceil(width) or step == 10)


def _total(counts: Mapping[str, int]) -> int:
    return sum(counts.values()) or 1
