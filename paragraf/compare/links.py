"""Links: one secret address a rater; at rest lie only hashes of the secrets."""

import hashlib
import hmac
import secrets

from pydantic import BaseModel, ConfigDict, ValidationError

from paragraf.compare.sealing import BlindTest
from paragraf.compare.settings import BlindSettings
from paragraf.errors import BadSettings, Damaged
from paragraf.events import record_event
from paragraf.publish import publish_file


class Links(BaseModel):
    """The address that links begin with, and the hash of each rater's token; an empty one fits none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    tokens: dict[str, str]

    def rater(self, token: str) -> str | None:
        """Whose token this is; looks at every one, so that the time it takes tells nothing."""
        found = None
        for rater, digest in self.tokens.items():
            if hmac.compare_digest(_digest(token), digest):
                found = rater
        return found


def enroll(test: BlindTest, settings: BlindSettings) -> BlindTest:
    """Write down who may vote; nobody has a link yet. Gives the test."""
    _write(test, Links(address=settings.address, tokens=dict.fromkeys(settings.raters, "")))
    return test


def issue_link(test: BlindTest, rater: str) -> str:
    """A new link for a rater; an older one ends, the votes stay.

    Raises:
        BadSettings: there is no such rater.
    """
    links = read_links(test)
    if rater not in links.tokens:
        raise BadSettings(f"{rater!r} is no rater of test {test.name}; these are: {', '.join(links.tokens)}.")
    token = secrets.token_urlsafe(32)
    _write(test, links.model_copy(update={"tokens": {**links.tokens, rater: _digest(token)}}))
    record_event("compare_link_issued", {"test": test.name, "rater": rater})
    return f"{links.address}/r/{token}"


def read_links(test: BlindTest) -> Links:
    """The links as they stand now."""
    path = test.folder / "links.json"
    try:
        return Links.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise Damaged(f"{path}: not readable; prepare the test again with: paragraf compare A B") from error


def _write(test: BlindTest, links: Links) -> None:
    publish_file(test.folder / "links.json", links.model_dump_json(indent=1).encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
