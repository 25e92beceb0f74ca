"""Mentions: where a text speaks of an article, whether or not it can be read as a citation."""

import re

# "art. 5", "Artykułu 22", "art. siódmy"
_ARTICLE = re.compile(r"\bart\s?\.|\bart(?:yku[łl]\w{0,4})?\s*(?:nr\s*)?\d", re.IGNORECASE)


def mentions(text: str) -> list[int]:
    """The places at which a text speaks of an article."""
    return [found.start() for found in _ARTICLE.finditer(text)]
