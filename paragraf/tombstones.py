"""Tombstones: keyed hashes of rows that were forgotten; what they match never comes in again, and they tell nothing.

The key lies beside them, for its owner alone: whoever has the hashes without it cannot try out guesses.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from paragraf.errors import Damaged
from paragraf.publish import publish_file, publish_secret
from paragraf.records import Dropped, Record
from paragraf.text import normal_form
from paragraf.workspace import home

_SHORTEST_ANSWER = 40  # characters of its normal form; shorter ones ("Tak, w ciągu 14 dni.") are many people's


@dataclass(frozen=True, slots=True)
class Tombstones:
    """Hashes under a key, by which a forgotten question or answer is known again however it is typed."""

    key: bytes
    hashes: frozenset[str]

    @classmethod
    def read(cls) -> Self:
        """Those of this workspace; none where nothing was ever forgotten.

        Raises:
            Damaged: their key is gone.
        """
        path = _hashes_file()
        if not path.is_file():
            return cls(b"", frozenset())
        if not _key_file().is_file():
            raise Damaged(
                f"{_key_file()}: the key is gone, and without it forgotten rows cannot be told; bring it back, or "
                f"delete {path.name} beside it and forget the rows again."
            )
        return cls(_key_file().read_bytes(), _lines(path, path.stat().st_mtime_ns))

    def holds(self, record: Record) -> bool:
        """Whether a row asks what a forgotten row asked, or says at length what it answered."""
        return bool(self.hashes) and not self.hashes.isdisjoint(self._hashes_of(record))

    def of(self, records: Iterable[Record]) -> frozenset[str]:
        """The hashes of rows under this key."""
        return frozenset(name for record in records for name in self._hashes_of(record))

    def _hashes_of(self, record: Record) -> list[str]:
        question, answer = normal_form(record.question), normal_form(record.answer)
        told = [f"question {question}"] if question else []
        told += [f"answer {answer}"] if len(answer) >= _SHORTEST_ANSWER and not record.choices else []
        return [keyed_hash(self.key, text) for text in told]


def forgotten(place: str) -> Dropped:
    """What stands for a row that a stage met again: where it stood, and nothing that it said."""
    return Dropped(Record(id=place, question="", answer="", source=place), "forgotten")


def keyed_hash(key: bytes, text: str) -> str:
    """HMAC-SHA-256 of a text, 128 bits in hex."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:32]


def bury(records: Iterable[Record]) -> frozenset[str]:
    """Write down the hashes of rows, beside those that are there; gives the hashes of these rows."""
    _make_key()
    known = Tombstones(_key_file().read_bytes(), Tombstones.read().hashes)
    new = known.of(records)
    publish_file(_hashes_file(), "".join(f"{name}\n" for name in sorted(known.hashes | new)).encode())
    return new


def tombstones_folder() -> Path:
    """Where the hashes and their key lie."""
    return home() / "forgotten"


def pending_file() -> Path:
    """Where a forgetting that has begun lies until it is done."""
    return tombstones_folder() / "pending.json"


def _hashes_file() -> Path:
    return tombstones_folder() / "tombstones.txt"


def _key_file() -> Path:
    return tombstones_folder() / "key"


def _make_key() -> None:
    """A key that nobody else may read; one that is there stays, for the hashes are under it."""
    path = _key_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.is_file() and path.stat().st_size:
        return
    publish_secret(path, secrets.token_bytes(32))


@lru_cache(maxsize=2)
def _lines(path: Path, _: int) -> frozenset[str]:
    """The lines of a file, read anew when it has changed."""
    return frozenset(path.read_text("ascii").split())
