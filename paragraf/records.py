"""Records: a legal question with its answer, and sets of them at rest between the stages."""

import dataclasses
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict

from paragraf.errors import Damaged
from paragraf.publish import MANIFEST, publish, verify
from paragraf.workspace import at_rest, home, relative

ItemType = Literal["general", "individual_case", "deadline", "unlawful_aim", "false_premise", "out_of_scope", "exam"]
Part = Literal["train", "valid", "test"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class Record:
    """One question with its answer and all that is known of both."""

    id: str
    question: str
    answer: str
    area: str = ""
    item_type: ItemType = "general"
    legal_state: str = ""  # year or ISO date of the law that the answer describes
    legal_basis: tuple[str, ...] = ()
    basis_text: str = ""  # the provision's own words, where the source gives them
    facts: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()  # closed items: (letter, text), in the order shown
    correct: str = ""  # closed items: the letter of the right choice
    source: str = ""  # file name and row number that the record was read from
    group: str = ""  # lineage: records of one group land in one part
    origin: str = ""  # id of the record that this one was derived from
    technique: str = ""  # how it was derived

    def to_json(self) -> str:
        """One JSON line; fields that hold nothing are left out."""
        held = {
            field.name: getattr(self, field.name) for field in _FIELDS if getattr(self, field.name) != field.default
        }
        return json.dumps(held, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str | bytes) -> Self:
        """Read back what `to_json` wrote."""
        held: dict[str, Any] = json.loads(line)
        for name in ("legal_basis", "facts"):
            held[name] = tuple(held.get(name, ()))
        held["choices"] = tuple((letter, text) for letter, text in held.get("choices", ()))
        return cls(**held)


_FIELDS = dataclasses.fields(Record)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A record that a stage set aside, with the counted reason."""

    record: Record
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stage kept and what it set aside; together they are all that came in."""

    records: list[Record]
    dropped: list[Dropped]

    def counts(self) -> dict[str, int]:
        """Reason -> number of records set aside for it, most frequent first."""
        return dict(Counter(item.reason for item in self.dropped).most_common())

    def summary(self) -> str:
        """The stage's line in the log."""
        total = len(self.records) + len(self.dropped)
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.counts().items())
        return f"Kept {len(self.records)} of {total} rows; dropped: {reasons or 'none'}."


class Receipt(BaseModel):
    """A small frozen value that travels between tasks and names content by its digest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    digest: str

    def content(self) -> str:
        """What the receipt stands for; two receipts of equal content are the same work to a later stage."""
        return self.digest

    def is_there(self) -> bool:
        """Whether the content is still on disk, under its seal."""
        return (at_rest(self.path) / MANIFEST).is_file()


class Snapshot(Receipt):
    """Rows at rest; the digest is of the rows alone, so what was set aside never makes later stages run again."""

    rows: int
    dropped: dict[str, int] = {}

    @classmethod
    def write(cls, stage: str, kept: Kept | Sequence[Record]) -> Self:
        """Publish rows, and beside them every dropped row with its reason."""
        kept = kept if isinstance(kept, Kept) else Kept(list(kept), [])
        lines = [record.to_json() for record in kept.records]
        quarantine = [
            json.dumps(
                {"reason": item.reason, "detail": item.detail, "row": json.loads(item.record.to_json())},
                ensure_ascii=False,
            )
            for item in kept.dropped
        ]
        digest = _digest(lines)
        final = home() / "rows" / f"{stage}-{_digest([digest, *quarantine])[:16]}"
        with publish(final) as folder:
            for name, content in (("rows.jsonl", lines), ("quarantine.jsonl", quarantine)):
                with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
                    file.writelines(line + "\n" for line in content)
        return cls(path=relative(final), digest=digest, rows=len(lines), dropped=kept.counts())

    def read(self) -> list[Record]:
        """The rows, in order.

        Raises:
            Damaged: the files do not match their manifest, or are not those that this receipt names.
        """
        folder = at_rest(self.path)
        verify(folder)
        lines = (folder / "rows.jsonl").read_text("utf-8").split("\n")[:-1]
        if _digest(lines) != self.digest:
            raise Damaged(f"{folder}: holds other rows than the {self.digest[:12]} expected; delete it and run again.")
        return [Record.from_json(line) for line in lines]


class Splits(BaseModel):
    """Three disjoint parts of a corpus."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: Snapshot
    valid: Snapshot
    test: Snapshot

    def parts(self) -> Iterator[tuple[Part, Snapshot]]:
        yield from (("train", self.train), ("valid", self.valid), ("test", self.test))

    def content(self) -> str:
        return _digest(part.digest for _, part in self.parts())

    def is_there(self) -> bool:
        return all(part.is_there() for _, part in self.parts())

    def with_train(self, train: Snapshot) -> "Splits":
        """The same splits with other training rows."""
        return Splits(train=train, valid=self.valid, test=self.test)


def partition(records: Iterable[Record], judge: Callable[[Record], tuple[str, str] | None]) -> Kept:
    """Keep the records of which `judge` says nothing; drop the others with the (reason, detail) that it gives."""
    kept: list[Record] = []
    dropped: list[Dropped] = []
    for record in records:
        verdict = judge(record)
        if verdict is None:
            kept.append(record)
        else:
            dropped.append(Dropped(record, *verdict))
    return Kept(kept, dropped)


def _digest(lines: Iterable[str]) -> str:
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode())
        total.update(b"\n")
    return total.hexdigest()
