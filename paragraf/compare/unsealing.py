"""Unsealing: a test and its votes in; the voting ended for good, everything verified, names put to the sides, out."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from paragraf.compare.counting import Count, count
from paragraf.compare.sealing import SEALED, BlindTest, Seal
from paragraf.compare.votes import Link, VoteBook, is_closed
from paragraf.errors import BadSettings
from paragraf.events import read_events, record_event

UNSEALED = "compare_unsealed"


class Progress(BaseModel):
    """How a test stands, without a word on who leads: questions, votes of each rater, and whether it may stop."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    test: str
    commitment: str
    questions: int
    votes: dict[str, int]
    missing: int
    complete: int  # first questions that every rater has judged
    may_stop_after: int | None
    closed: bool

    def summary(self) -> str:
        """What may be done next, in a line."""
        if self.closed:
            return "The voting is closed."
        if not self.missing:
            return "All votes are in; end the test with: paragraf compare unseal"
        if self.may_stop_after:
            return "A difference is established: the test may stop; end it with: paragraf compare unseal"
        return f"{self.missing} votes are missing and no difference is established yet; go on."


class Comparison(BaseModel):
    """A test that has ended, with the names of its sides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    test: str
    commitment: str
    chain: str  # digest of the last line of votes
    sealed_at: str
    closed_at: str
    first: str
    second: str
    questions: int
    equal: int
    raters: tuple[str, ...]
    count: Count

    @property
    def votes(self) -> int:
        return sum(tally.votes for tally in self.count.tallies)

    def summary(self) -> str:
        """The result in a line."""
        rate, sequential = self.count.win_rate, self.count.sequential
        if rate.value is None or rate.low is None or rate.high is None:
            return f"{self.first} against {self.second}: no votes."
        names = {
            "first": f"{self.first} is better",
            "second": f"{self.second} is better",
            "open": "no difference found",
        }
        return (
            f"{self.first} wins {100 * rate.value:.1f} % (95 %: {100 * rate.low:.1f} to {100 * rate.high:.1f}) against "
            f"{self.second} on {rate.n} questions; at alpha {sequential.alpha:g}: {names[sequential.decision]}."
        )


def progress(test: BlindTest) -> Progress:
    """How a test stands; reads the secret part to tell whether it may stop, and tells nothing else of it."""
    seal, links = test.seal(), VoteBook(test).checked()
    counted = count(seal, links)
    return Progress(
        test=test.name,
        commitment=test.digest,
        questions=len(seal.items),
        votes={tally.rater: tally.votes for tally in counted.tallies},
        missing=counted.missing,
        complete=counted.sequential.questions,
        may_stop_after=counted.sequential.stopped_after,
        closed=is_closed(links),
    )


def unseal(test: BlindTest, is_early: bool, now: datetime) -> Comparison:
    """End the voting and open the secret part; a test that was ended before gives the same again.

    Raises:
        BadSettings: votes are missing, no difference is established, and nobody said that the test may end early.
        Damaged: the secret part, what raters saw, or a vote is not what was written down.
    """
    seal, book = test.seal(), VoteBook(test)
    links = book.checked()
    counted = count(seal, links)
    if not is_closed(links):
        if counted.missing and not counted.sequential.stopped_after and not is_early:
            raise BadSettings(
                f"test {test.name}: {counted.missing} votes are missing and no difference is established yet; wait "
                "for them, or end the test for good with --early."
            )
        links = book.close(now)
        counted = count(seal, links)  # a vote may have come in before the voting was closed
    end = links[-1]
    known = [event for event in read_events(UNSEALED) if event.get("test") == test.name]
    if not known:
        record_event(
            UNSEALED,
            {"test": test.name, "commitment": test.digest, "votes": len(links) - 1, "chain": end.digest},
        )
    return _compared(test, seal, end, counted)


def _compared(test: BlindTest, seal: Seal, end: Link, counted: Count) -> Comparison:
    sealed = next(event for event in read_events(SEALED) if event.get("test") == test.name)
    return Comparison(
        test=test.name,
        commitment=test.digest,
        chain=end.digest,
        sealed_at=str(sealed["at"]),
        closed_at=end.at,
        first=seal.first,
        second=seal.second,
        questions=len(seal.items),
        equal=seal.equal,
        raters=seal.raters,
        count=counted,
    )
