"""A small blind test for tests: a dozen questions, two sides, votes that are given as words."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random

from paragraf.compare.counting import Meaning
from paragraf.compare.sealing import BlindTest, Seal, seal_up
from paragraf.compare.settings import BlindSettings
from paragraf.compare.sides import Pair, Pairs
from paragraf.compare.votes import Ballot, Choice, Recorded, VoteBook

NOW = datetime(2025, 11, 29, 12, 0, tzinfo=UTC)
FIRST, SECOND = "model-alfa", "model-beta"


def pairs(count: int, first: str = "Trzy lata.", second: str = "Sześć lat.") -> Pairs:
    """Questions whose two answers end with the question's number."""
    rows = [
        Pair(f"q{row}", f"Kiedy przedawnia się dług {row}?", f"{first} {row}", f"{second} {row}")
        for row in range(count)
    ]
    return Pairs(FIRST, SECOND, rows, equal=0)


def chance(seed: int) -> Callable[[int], bytes]:
    """Bytes that are the same in every run."""
    return Random(seed).randbytes


def blind_test(count: int = 12, raters: Sequence[str] = ("anna", "jan"), seed: int = 1) -> BlindTest:
    settings = BlindSettings(first=FIRST, second=SECOND, raters=tuple(raters))
    return seal_up(pairs(count), settings, chance(seed))


def say(test: BlindTest, rater: str, item: int, choice: Choice, seen: int = 0, comment: str = "") -> Recorded:
    """A ballot as it comes from a page."""
    ballot = Ballot(rater=rater, item=item, choice=choice, comment=comment, seen=seen)
    return VoteBook(test).cast(ballot, test.sheets()[rater].items[item - 1].digest(), NOW)


def vote(test: BlindTest, rater: str, meanings: Sequence[Meaning]) -> None:
    """Votes on the first questions, by who is to win."""
    seal = test.seal()
    for item, meaning in enumerate(meanings, start=1):
        say(test, rater, item, choice_for(seal, rater, item, meaning))


def choice_for(seal: Seal, rater: str, item: int, meaning: Meaning) -> Choice:
    """What a rater has to choose so that this side wins."""
    if meaning == "tie" or meaning == "both_bad":  # noqa: PLR1714  # tells the type checker which
        return meaning
    return "left" if (meaning == "first") == seal.first_is_left(rater, seal.items[item - 1]) else "right"
