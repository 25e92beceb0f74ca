"""Similarity: near-duplicates among texts, never merging two that differ in a number.

Two texts are near-duplicates when enough of their letter 5-grams are the same (Jaccard) and their guards are equal.
MinHash only proposes pairs; every pair is then measured on its 5-grams made anew from what lies on disk, so that
memory grows by some 200 bytes a text however long the texts are. Texts under five words are near-duplicates only when
their normal forms are equal.
"""

from paragraf.similarity.crossing import leaks, nearest_leaks
from paragraf.similarity.grouping import groups
from paragraf.similarity.guards import Guard, particulars
from paragraf.similarity.sets import DisjointSets
from paragraf.similarity.sketches import NEAR

__all__ = ["NEAR", "DisjointSets", "Guard", "groups", "leaks", "nearest_leaks", "particulars"]
