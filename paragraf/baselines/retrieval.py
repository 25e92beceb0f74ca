"""Retrieval: a library and a question in, the solved questions and passages that are nearest to it out, by BM25."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from paragraf.baselines.asking import Asking
from paragraf.baselines.library import Example, Passage
from paragraf.records import Record
from paragraf.text import normal_form, words

# Letters of inflected and mistyped words agree where words do not. Of 72 questions about rows of the sample, asked in
# other words, 0.88 find their row among the first three by runs of four letters, 0.78 by lemmas; of 42 about codes, as
# many find their article by either (0.70); TF-IDF finds fewer articles (0.60).
_GRAM = 4
_SATURATION, _BY_LENGTH = 1.2, 0.75  # k1 and b, as Lucene has them

Item = TypeVar("Item", Example, Passage)


@dataclass(frozen=True, slots=True)
class Found:
    """What is laid before a model with one question, nearest first."""

    examples: tuple[Example, ...] = ()
    passages: tuple[Passage, ...] = ()

    def without_last(self) -> "Found":
        """The same with less: without the passage, or else the example, that is farthest from the question."""
        if self.passages:
            return Found(self.examples, self.passages[:-1])
        return Found(self.examples[:-1])


class Index:
    """Texts that can be searched; built in about a second for 4,000 passages."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np
        from sklearn.feature_extraction.text import CountVectorizer

        self._vectorizer = CountVectorizer(
            analyzer="char_wb", ngram_range=(_GRAM, _GRAM), lowercase=False, dtype=np.float32
        )
        if not any(words(text) for text in texts):
            self._weights = None
            return
        counts = self._vectorizer.fit_transform([normal_form(text) for text in texts])
        size = len(texts)
        rarity = np.log1p((size - np.bincount(counts.indices) + 0.5) / (np.bincount(counts.indices) + 0.5))
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        slack = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * lengths / lengths.mean())
        text_of_count = np.repeat(np.arange(size), np.diff(counts.indptr))
        counts.data *= (_SATURATION + 1) / (counts.data + slack[text_of_count]) * rarity[counts.indices]
        self._weights = counts

    def nearest(self, question: str) -> list[int]:
        """Numbers of the texts that share anything with the question, the nearest first."""
        import numpy as np

        if self._weights is None:
            return []
        asked = self._vectorizer.transform([normal_form(question)]).toarray()[0] > 0
        scores = self._weights @ asked.astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        return [int(number) for number in order[: np.count_nonzero(scores)]]


class Librarian:
    """Looks up what a way of asking lays before a model."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        examples, passages = asking.library.read() if asking.library else ([], [])
        self._examples = examples if asking.examples else []
        self._passages = passages if asking.passages else []
        self._of_examples = Index([f"{item.question}\n{item.answer}" for item in self._examples])
        self._of_passages = Index([f"{item.citation}\n{item.found_by}\n{item.text}" for item in self._passages])

    def found(self, record: Record) -> Found:
        """What goes with a row's question; never what comes from that row itself."""
        return Found(
            _looked_up(self._examples, self._of_examples, record, self._asking.examples),
            _looked_up(self._passages, self._of_passages, record, self._asking.passages),
        )


def _looked_up(items: Sequence[Item], index: Index, record: Record, count: int) -> tuple[Item, ...]:
    own = {record.id, record.origin} - {""}
    nearest = (items[number] for number in index.nearest(record.question))
    others = (item for item in nearest if item.row not in own and (not item.group or item.group != record.group))
    return tuple(islice(others, count))
