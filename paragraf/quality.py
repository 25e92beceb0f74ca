"""Quality: answers to a few fixed prompts in, shares from 0 to 1 out; and which of two measurements is the better."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf, isfinite

from paragraf.history import Point
from paragraf.language import is_polish
from paragraf.law.matching import cited, compared
from paragraf.text import words

BASIS = "podstawa prawna"  # the words that open the list of provisions in an answer of the house
_GRAM = 4  # words; shorter runs repeat in good prose, too
LOOPING = 0.25  # repeated share; the most repetitive of the 440 answers of the sample has 0.11, a loop is near 1
_CITATION_NOISE = 0.1  # F1; with 16 prompts one answer more that is right or wrong moves the mean by 0.06


def citation_agreement(expected: Sequence[str], answers: Sequence[str]) -> float | None:
    """Mean F1 of the provisions in answers against those in the expected texts; None if no expected text cites one."""
    scores = [
        compared(wanted, cited(said)).f1
        for text, said in zip(expected, answers, strict=True)
        if (wanted := cited(text))
    ]
    return sum(scores) / len(scores) if scores else None


def repeated_share(text: str) -> float:
    """Share of runs of four words that stand in the text before (0 to 1): near 1 for an answer that loops."""
    return repeated(words(text.lower()))


def repeated(spoken: Sequence[str]) -> float:
    """The same share of words that are cut apart already."""
    grams = len(spoken) - _GRAM + 1
    return 1 - len(set(zip(*(spoken[start:] for start in range(_GRAM)), strict=False))) / grams if grams > 0 else 0.0


def diversity(answers: Sequence[str]) -> float:
    """Distinct-2: different pairs of neighbouring words over all pairs, of all answers together; 0.0 without a pair.

    It falls as answers grow in number and length, so compare it for the same prompts and the same limit of tokens.
    Real answers of the sample: 0.81 to 0.94 for 8 of them, 0.82 to 0.86 for 32.
    """
    pairs = [pair for answer in answers for pair in pairwise(words(answer.lower()))]
    return len(set(pairs)) / len(pairs) if pairs else 0.0


def style(said: Sequence[tuple[str, bool]]) -> float:
    """Share of answers in the form of the house: ended by themselves, naming their "Podstawa prawna", and no loop.

    Takes texts with whether each ended before the limit, as a model's answers are generated; 0.0 for no answers.
    """
    return _share([finished and BASIS in text.lower() and repeated_share(text) <= LOOPING for text, finished in said])


def polish(answers: Sequence[str]) -> float:
    """Share of answers in Polish; an empty one is not, and no answers are 0.0."""
    return _share([is_polish(answer) for answer in answers])


def is_degraded(history: Sequence[Point], threshold: float) -> str | None:
    """What got worse, if the last perplexity is more than `threshold` (0.1: a tenth) above the best one before it.

    The best so far and not the one before: a model that gets 9 % worse at every look would never be noticed, and one
    that is on its way back from a spike would pass for good. The base model's own perplexity is among those before.
    """
    measured = [(point.step, point.perplexity) for point in history if point.perplexity is not None]
    if len(measured) < 2:
        return None
    step, latest = measured[-1]
    if not isfinite(latest):
        return f"perplexity is {latest} at step {step}"
    before = [(value, at) for at, value in measured[:-1] if isfinite(value)]
    if not before:
        return None
    best, at = min(before)
    if latest <= best * (1 + threshold):
        return None
    return f"perplexity {latest:.2f} at step {step} is {latest / best - 1:.0%} above the best, {best:.2f} at step {at}"


def better(a: Point, b: Point) -> bool:
    """Whether checkpoint `a` is to be kept rather than `b`: by higher citation F1, then by lower validation loss.

    F1 decides only where it was measured at both and differs by more than the noise of a few prompts. So the order is
    not transitive (three steps down within the noise add up): choose from more than two with `best`.
    """
    if a.citation_f1 is not None and b.citation_f1 is not None and abs(a.citation_f1 - b.citation_f1) > _CITATION_NOISE:
        return a.citation_f1 > b.citation_f1
    return _loss(a) < _loss(b)


def best(history: Sequence[Point]) -> Point | None:
    """The checkpoint to keep: the lowest validation loss among those whose F1 is within noise of the highest one.

    The earlier of two equals; None if neither was measured anywhere.
    """
    measured = [point for point in history if point.citation_f1 is not None or isfinite(_loss(point))]
    highest = max((point.citation_f1 for point in measured if point.citation_f1 is not None), default=None)
    near = [
        point
        for point in measured
        if highest is None or (point.citation_f1 is not None and point.citation_f1 >= highest - _CITATION_NOISE)
    ]
    return min(near, key=_loss, default=None)


def _loss(point: Point) -> float:
    """Validation loss, infinite where it was not measured or is no number."""
    loss = point.validation_loss
    return loss if loss is not None and isfinite(loss) else inf


def _share(claims: Sequence[bool]) -> float:
    return sum(claims) / len(claims) if claims else 0.0
