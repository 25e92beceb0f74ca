"""Votes: ballots in, a chain of hashed lines out that only grows; each ballot counts once, whatever is sent again."""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, BinaryIO, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from paragraf.compare.sealing import VOTES, BlindTest
from paragraf.errors import Damaged
from paragraf.events import read_events, record_event

Choice = Literal["left", "right", "tie", "both_bad"]
LONGEST_COMMENT = 2000  # characters

_ANCHOR = "compare_vote"


class Ballot(BaseModel):
    """What a rater says of one question, and the version of their vote that they saw when they said it (0: none)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rater: str
    item: int
    choice: Choice
    comment: str = ""
    seen: int = 0


class Link(BaseModel):
    """One line of the chain: a version of a vote, or the end of the voting.

    `shown` is the digest of what the rater saw, `previous` that of the line before; its own is not written down.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    at: str
    kind: Literal["vote", "closed"]
    rater: str = ""
    item: int = 0
    version: int = 0
    choice: Choice | None = None
    comment: str = ""
    shown: str = ""
    previous: str
    digest: Annotated[str, Field(exclude=True)] = ""

    @classmethod
    def read(cls, line: bytes) -> Self:
        return cls.model_validate_json(line).model_copy(update={"digest": hashlib.sha256(line).hexdigest()})


class Recorded(BaseModel):
    """What became of a ballot: written down, known already, given on an older state, or too late."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Literal["new", "repeated", "outdated", "closed"]
    vote: Link | None


class VoteBook:
    """The votes of one test: one file, locked while it is written, in step with the disk before anybody is answered."""

    def __init__(self, test: BlindTest) -> None:
        self._test = test
        self._path = test.folder / VOTES

    def read(self) -> list[Link]:
        """The chain as it stands; a last line that a kill cut off was never confirmed to anybody and is left out.

        Raises:
            Damaged: a line was changed, added, or taken out; names it.
        """
        return self._linked(self._path.read_bytes()) if self._path.is_file() else []

    def checked(self) -> list[Link]:
        """The chain, compared with what the event log knows of it: the last lines have not been cut off either."""
        events = read_events(_ANCHOR)  # before the chain, which may grow meanwhile
        links = self.read()
        for event in events:
            number = event.get("number")
            if event.get("test") != self._test.name or not isinstance(number, int):
                continue
            if number > len(links) or links[number - 1].digest != event.get("digest"):
                found = f"line {number} is not the one" if number <= len(links) else f"line {number} is missing"
                raise Damaged(f"{self._path}: {found} that was written down in the event log; restore the file.")
        return links

    def cast(self, ballot: Ballot, shown: str, now: datetime) -> Recorded:
        """Write a ballot down unless it says what is known, or was filled in before the vote that is known now."""
        with self._locked() as (file, links):
            if is_closed(links):
                return Recorded(outcome="closed", vote=None)
            known = latest(links, ballot.rater).get(ballot.item)
            if known and (known.choice, known.comment) == (ballot.choice, ballot.comment):
                return Recorded(outcome="repeated", vote=known)
            version = known.version if known else 0
            if ballot.seen != version:
                return Recorded(outcome="outdated", vote=known)
            said = ballot.model_dump(exclude={"seen"})
            vote = self._next(links, now).model_copy(update={**said, "version": version + 1, "shown": shown})
            return Recorded(outcome="new", vote=self._append(file, vote))

    def close(self, now: datetime) -> list[Link]:
        """End the voting, once; gives the whole chain."""
        with self._locked() as (file, links):
            if is_closed(links):
                return links
            end = self._next(links, now).model_copy(update={"kind": "closed"})
            return [*links, self._append(file, end)]

    @contextmanager
    def _locked(self) -> Iterator[tuple[BinaryIO, list[Link]]]:
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # freed with the file
            file.seek(0)
            content = file.read()
            links = self._linked(content)
            file.truncate(content.rfind(b"\n") + 1)  # a line that a kill cut off
            yield file, links

    def _next(self, links: Sequence[Link], now: datetime) -> Link:
        at = now.astimezone(UTC).isoformat(timespec="milliseconds")
        previous = links[-1].digest if links else self._test.digest
        return Link(number=len(links) + 1, at=at, kind="vote", previous=previous)

    def _append(self, file: BinaryIO, added: Link) -> Link:
        line = added.model_dump_json().encode()
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
        link = Link.read(line)
        record_event(_ANCHOR, {"test": self._test.name, "number": link.number, "digest": link.digest})
        return link

    def _linked(self, content: bytes) -> list[Link]:
        links: list[Link] = []
        previous = self._test.digest
        for number, line in enumerate(content.split(b"\n")[:-1], start=1):
            try:
                link = Link.read(line)
            except ValidationError as error:
                raise Damaged(f"{self._path}:{number}: no vote; restore the file.") from error
            if (link.number, link.previous) != (number, previous):
                raise Damaged(f"{self._path}:{number}: does not follow the line before, one was changed; restore it.")
            links.append(link)
            previous = link.digest
        return links


def latest(links: Sequence[Link], rater: str) -> dict[int, Link]:
    """The newest version of each of a rater's votes, by the question's number."""
    return {link.item: link for link in links if link.kind == "vote" and link.rater == rater}


def is_closed(links: Sequence[Link]) -> bool:
    return bool(links) and links[-1].kind == "closed"
