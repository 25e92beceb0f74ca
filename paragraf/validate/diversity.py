"""Diversity: texts in, how much their words and their questions repeat each other out, whatever the corpus's size."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from paragraf.text import words

_WINDOW = 1000  # words; shares of distinct words compare only between texts of one length
_MOVING_WINDOW = 100  # words; the moving-average type-token ratio of Covington and McFall (2010)
_MOST_WORDS = 200_000
_GRAMS = (3, 5)  # letters, inside words: inflected forms of a word stay alike
_BLOCK = 500  # questions compared with all others at once


class Lexical(NamedTuple):
    """Shares (0 to 1) of what is distinct."""

    words: float
    pairs: float
    moving: float


class Semantic(NamedTuple):
    """Mean cosines (0 to 1) of questions: each with its nearest one, and with all others."""

    nearest: float
    all: float


def lexical(texts: Sequence[str]) -> Lexical:
    """How much is distinct in windows of rows on end; texts come in an order that has nothing to do with content."""
    told: list[str] = []
    for text in texts:
        told += words(text.lower())
        if len(told) >= _MOST_WORDS:
            break
    starts = range(0, max(1, len(told) - _WINDOW + 1), _WINDOW)
    windows = [told[start : start + _WINDOW] for start in starts]
    return Lexical(
        words=_mean([_distinct(window) for window in windows]),
        pairs=_mean([_distinct(list(pairwise(window))) for window in windows]),
        moving=_moving_ratio(told),
    )


def semantic(questions: Sequence[str]) -> Semantic:
    """How near questions lie to each other by their letter n-grams.

    Letters, not meaning: an offline encoder takes legal opposites for paraphrases, so none is asked. Weighed by rarity
    (IDF), 700 questions of one template came out more diverse than real exams: what all share would count least.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(questions) < 2 or not any(words(question) for question in questions):
        return Semantic(0.0, 0.0)
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=_GRAMS, sublinear_tf=True, use_idf=False, dtype=np.float32
    )
    vectors = vectorizer.fit_transform(questions)
    count = len(questions)
    nearest = 0.0
    for start in range(0, count, _BLOCK):
        cosines = (vectors[start : start + _BLOCK] @ vectors.T).toarray()
        rows = np.arange(len(cosines))
        cosines[rows, rows + start] = -1
        nearest += float(cosines.max(axis=1).clip(0, 1).sum(dtype=float))
    total = np.asarray(vectors.sum(axis=0), dtype=float)
    alone = float(vectors.multiply(vectors).sum(dtype=float))
    return Semantic(nearest / count, max(0.0, (float((total**2).sum()) - alone) / (count * (count - 1))))


def _distinct(items: Sequence[object]) -> float:
    return len(set(items)) / len(items) if items else 0.0


def _moving_ratio(told: Sequence[str]) -> float:
    """Mean share of distinct words over all windows, each one word on from the last."""
    reach = min(_MOVING_WINDOW, len(told))
    if reach == 0:
        return 0.0
    held = Counter(told[:reach])
    total = distinct = len(held)
    for leaving, coming in zip(told, told[reach:], strict=False):
        held[coming] += 1
        distinct += held[coming] == 1
        held[leaving] -= 1
        distinct -= held[leaving] == 0
        total += distinct
    return total / reach / (len(told) - reach + 1)


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)
