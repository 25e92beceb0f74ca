"""A small blind test for tests: a dozen questions, two sides, votes that are given as words."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random

import uvicorn

from flows.server import free_port
from paragraf.compare.counting import Meaning
from paragraf.compare.links import enroll, issue_link
from paragraf.compare.sealing import BlindTest, Seal, seal_up
from paragraf.compare.server.app import create_app
from paragraf.compare.settings import BlindSettings
from paragraf.compare.sides import Pair, Pairs
from paragraf.compare.votes import Ballot, Choice, Recorded, VoteBook, latest

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


def votes_of(test: BlindTest, rater: str) -> dict[int, tuple[Choice | None, str, int]]:
    """Choice, comment and version by question, from a chain that holds."""
    found = latest(VoteBook(test).checked(), rater)
    return {item: (vote.choice, vote.comment, vote.version) for item, vote in found.items()}


def links_of(test: BlindTest, address: str) -> dict[str, str]:
    """A link for each rater."""
    raters = tuple(test.sheets())
    enroll(test, BlindSettings(first=FIRST, second=SECOND, raters=raters, address=address))
    return {rater: issue_link(test, rater) for rater in raters}


@contextmanager
def served(test: BlindTest) -> Iterator[tuple[str, dict[str, str]]]:
    """A test behind a server of this process; gives its address and the path of each rater."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    links = links_of(test, address)
    server = uvicorn.Server(uvicorn.Config(create_app(test, port), port=port, log_config=None, server_header=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield address, {rater: link.removeprefix(address) for rater, link in links.items()}
    finally:
        server.should_exit = True
        thread.join()
