"""Forms: what a browser sent in, a ballot out; and what a form shows when it is opened."""

from collections.abc import Container
from typing import NamedTuple
from urllib.parse import parse_qs

from pydantic import ValidationError
from starlette.exceptions import HTTPException

from paragraf.compare.sealing import Sheet
from paragraf.compare.votes import LONGEST_COMMENT, Ballot, Choice, Link

_MOST_FIELDS = 10
_MOST_DIGITS = 6


class Filled(NamedTuple):
    """A form as it is shown: a choice and a comment, and the version of the vote that it would change (0: none)."""

    choice: Choice | None = None
    comment: str = ""
    seen: int = 0

    @classmethod
    def with_vote(cls, vote: Link | None) -> "Filled":
        return cls(vote.choice, vote.comment, vote.version) if vote else cls()


def read_ballot(body: bytes, rater: str, item: int) -> Ballot:
    """The ballot in a submitted form; raises 400 for what is none, and 413 for too long a comment."""
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        given = {name: values[-1] for name, values in fields.items()}
        comment = given.get("comment", "").replace("\r\n", "\n").strip()
        if len(comment) > LONGEST_COMMENT:
            raise HTTPException(413)
        seen = whole(given.get("seen", "0"))
        return Ballot.model_validate(
            {"rater": rater, "item": item, "choice": given.get("choice"), "comment": comment, "seen": seen}
        )
    except (ValueError, ValidationError) as error:
        raise HTTPException(400) from error


def whole(text: str) -> int | None:
    """A whole number from the world outside, if it is a sensible one."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def unanswered(sheet: Sheet, answered: Container[int], after: int) -> int | None:
    """The next question without a vote; behind the last one, from the beginning again."""
    order = [*range(after + 1, len(sheet.items) + 1), *range(1, after)]
    return next((number for number in order if number not in answered), None)
