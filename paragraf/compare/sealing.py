"""Sealing: pairs of answers and raters in, a blind test out whose secret part is fixed by a hash before any vote."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from paragraf.compare.settings import BlindSettings
from paragraf.compare.sides import Pairs
from paragraf.errors import Damaged, MissingInput
from paragraf.events import read_events, record_event
from paragraf.publish import publish, publish_file, read_manifest, verify
from paragraf.snapshots import Receipt
from paragraf.workspace import at_rest, home

SEALED = "compare_sealed"
VOTES = "votes.jsonl"
_SEAL = "seal.json"


class Shown(BaseModel):
    """What a rater sees of one question: two answers, and nothing of where they are from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    left: str
    right: str

    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Sheet(BaseModel):
    """All that one rater sees, in order; votes name questions by their number from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    test: str
    rater: str
    items: tuple[Shown, ...]


class Item(BaseModel):
    """A question with the answers of both sides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    first: str
    second: str


class Seal(BaseModel):
    """The secret part: which side is which, the order of questions, and the key that decides who stands left.

    All raters get the questions in one order, so that whole questions are complete one after the other (see
    `stopping`); who stands left is drawn for each question and rater. The nonce keeps the hash from being guessed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    test: str
    nonce: str
    key: str
    alpha: float
    first: str
    second: str
    raters: tuple[str, ...]
    items: tuple[Item, ...]
    equal: int  # questions that both sides answered with the same words; nobody is asked about them

    def first_is_left(self, rater: str, item: Item) -> bool:
        return bool(_draw(self.key, "side", rater, item.id)[0] & 1)

    def sheet(self, rater: str) -> Sheet:
        return Sheet(test=self.test, rater=rater, items=tuple(self._shown(rater, item) for item in self.items))

    def _shown(self, rater: str, item: Item) -> Shown:
        left, right = (item.first, item.second) if self.first_is_left(rater, item) else (item.second, item.first)
        return Shown(question=item.question, left=left, right=right)


class BlindTest(Receipt):
    """A sealed test at rest; its digest is the hash of the secret part, as it stands in the event log."""

    @classmethod
    def named(cls, name: str, commitment: str) -> Self:
        return cls(path=f"compare/{name}/sealed", digest=commitment)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def folder(self) -> Path:
        """Where the sealed part, the links and the votes lie."""
        return at_rest(self.path).parent

    def sheets(self) -> dict[str, Sheet]:
        """What each rater sees; the sealed part stays unread.

        Raises:
            Damaged: a file of the test was changed after it was sealed.
        """
        files = sorted(self._check().glob("sheet-*.json"))
        sheets = [Sheet.model_validate_json(path.read_bytes()) for path in files]
        return {sheet.rater: sheet for sheet in sheets}

    def seal(self) -> Seal:
        """The secret part, for who counts the votes.

        Raises:
            Damaged: it is not what was sealed, or raters were shown something else.
        """
        folder = self._check()
        seal = Seal.model_validate_json((folder / _SEAL).read_bytes())
        if self.sheets() != {rater: seal.sheet(rater) for rater in seal.raters}:
            raise Damaged(f"{folder}: raters were not shown what was sealed; this test cannot be used.")
        return seal

    def _check(self) -> Path:
        folder = at_rest(self.path)
        verify(folder)
        found = read_manifest(folder).get(_SEAL, "")
        if found != self.digest:
            raise Damaged(
                f"{folder / _SEAL}: its hash is {found[:12]}, but {self.digest[:12]} was written to the event log "
                "when the test was sealed; this test cannot be used."
            )
        return folder


def seal_up(pairs: Pairs, settings: BlindSettings, entropy: Callable[[int], bytes] = secrets.token_bytes) -> BlindTest:
    """Draw orders and sides, write the hash of the secret part to the event log, then put the test at rest."""
    key = entropy(32).hex()
    seal = Seal(
        test=entropy(4).hex(),
        nonce=entropy(32).hex(),
        key=key,
        alpha=settings.alpha,
        first=pairs.first,
        second=pairs.second,
        raters=settings.raters,
        items=tuple(
            Item(id=one.id, question=one.question, first=one.first, second=one.second)
            for one in sorted(pairs.differing, key=lambda one: _draw(key, "order", one.id))
        ),
        equal=pairs.equal,
    )
    content = seal.model_dump_json(indent=1).encode()
    test = BlindTest.named(seal.test, hashlib.sha256(content).hexdigest())
    facts: dict[str, str | int] = {
        "test": test.name,
        "commitment": test.digest,
        "questions": len(seal.items),
        "raters": len(seal.raters),
    }
    record_event(SEALED, facts)
    test.folder.mkdir(parents=True, mode=0o700)
    with publish(at_rest(test.path)) as folder:
        (folder / _SEAL).write_bytes(content)
        for number, rater in enumerate(seal.raters):
            (folder / f"sheet-{number:02}.json").write_text(seal.sheet(rater).model_dump_json(indent=1), "utf-8")
    publish_file(test.folder / VOTES, b"")
    return test


def find_test(name: str) -> BlindTest:
    """The blind test of that name, or the `newest` that is at rest here.

    Raises:
        MissingInput: there is none.
    """
    for event in reversed(read_events(SEALED)):
        test = BlindTest.named(str(event["test"]), str(event["commitment"]))
        if name in ("newest", test.name) and test.is_there():
            return test
    which = "no blind test yet" if name == "newest" else f"no blind test {name!r}"
    raise MissingInput(f"{home()}: {which}; prepare one with: paragraf compare A B")


def _draw(key: str, *about: str) -> bytes:
    """Bits that nobody can foretell without the key."""
    return hmac.digest(bytes.fromhex(key), "\n".join(about).encode(), "sha256")
