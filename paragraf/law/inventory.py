"""Inventory: the numbers of articles and paragraphs of acts, without the text; five codes come with the package."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType

from paragraf.law.places import Numbers
from paragraf.law.units import Article, article_of, joined, separate, shortened, spelled_out

_REPEALED = "!"


@dataclass(frozen=True)
class Inventory:
    """The articles of one act by their canonical number."""

    articles: Mapping[str, Article]

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of the articles, and what they say about others."""
        return Numbers(self.articles)

    def written(self) -> str:
        """The act on one line: "1 2! 3:1-3,3a" is an article, a repealed one and one with four paragraphs."""
        return " ".join(_written(number, article) for number, article in self.articles.items())

    @classmethod
    def read(cls, line: str) -> "Inventory":
        """The act that `written` wrote."""
        return cls(dict(map(_read, line.split())))


@dataclass(frozen=True, slots=True)
class Shipped:
    """The inventories that come with the package.

    Attributes:
        year: of the state of law that they show; later changes are not in them, and repealed articles are marked.
        acts: by key of the act.
    """

    year: int
    acts: Mapping[str, Inventory]


def inventory_of(articles: Mapping[str, str]) -> Inventory:
    """The numbers in the texts of an act; keys are numbers of articles, "442^1" or "442(1)"."""
    found: dict[str, list[Article]] = {}
    for number, text in separate(articles):
        found.setdefault(number, []).append(article_of(text))
    return Inventory({number: joined(parts) for number, parts in found.items()})


def file_content(acts: Mapping[str, Mapping[str, str]], year: int) -> str:
    """What paragraf/data/inventory.json holds, made of the texts of the acts and the year of their state."""
    lines = {key: inventory_of(articles).written() for key, articles in acts.items()}
    return json.dumps({"year": year, "acts": lines}, ensure_ascii=False, indent=1) + "\n"


@cache
def shipped() -> Shipped:
    """The inventories that come with the package."""
    content = json.loads(files("paragraf").joinpath("data/inventory.json").read_text(encoding="utf-8"))
    return Shipped(
        content["year"], MappingProxyType({key: Inventory.read(line) for key, line in content["acts"].items()})
    )


def _written(number: str, article: Article) -> str:
    if article.is_repealed:
        return number + _REPEALED
    return f"{number}:{shortened(article.paragraphs)}" if article.paragraphs else number


def _read(word: str) -> tuple[str, Article]:
    number, _, paragraphs = word.removesuffix(_REPEALED).partition(":")
    return number, Article(spelled_out(paragraphs), word.endswith(_REPEALED))
