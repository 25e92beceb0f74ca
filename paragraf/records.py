"""Records: a legal question with its answer, and what a stage does with it: keep, change or set aside."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

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
    seed: int | None = None  # with which seed

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
class Changed:
    """A record that a stage kept in another form, as it was before, and the counted reasons."""

    record: Record
    was: Record
    reasons: tuple[str, ...]


Outcome = Record | Changed | Dropped


@dataclass(frozen=True, slots=True)
class Line:
    """An outcome in writing: the row as it goes on, and the note of what was dropped or changed, each if there is one.

    Stages hand lines on, not records: strings travel fast between processes and into files.
    """

    row: str
    note: str = ""
    reasons: tuple[str, ...] = ()

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        match outcome:
            case Dropped(record, reason, detail):
                note = {"outcome": "dropped", "reason": reason, "detail": detail, "row": json.loads(record.to_json())}
                return cls("", json.dumps(note, ensure_ascii=False), (reason,))
            case Changed(record, was, reasons):
                note = {"outcome": "changed", "reason": "+".join(reasons), "row": json.loads(was.to_json())}
                return cls(record.to_json(), json.dumps(note, ensure_ascii=False), reasons)
            case _:
                return cls(outcome.to_json())

    def outcome(self) -> Outcome:
        """What was written, read back."""
        if not self.note:
            return Record.from_json(self.row)
        note = json.loads(self.note)
        noted = Record.from_json(json.dumps(note["row"]))
        if self.row:
            return Changed(Record.from_json(self.row), noted, self.reasons)
        return Dropped(noted, note["reason"], note["detail"])


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stage kept and what it set aside, together all that came in; and which of the kept rows it changed."""

    records: list[Record]
    dropped: list[Dropped]
    changed: list[Changed] = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, outcomes: Iterable[Outcome | Line]) -> Self:
        """Sorted into memory, for few rows."""
        kept = cls([], [])
        for given in outcomes:
            outcome = given.outcome() if isinstance(given, Line) else given
            if isinstance(outcome, Dropped):
                kept.dropped.append(outcome)
                continue
            kept.records.append(outcome.record if isinstance(outcome, Changed) else outcome)
            if isinstance(outcome, Changed):
                kept.changed.append(outcome)
        return kept

    def counts(self) -> dict[str, int]:
        """Reason -> number of records set aside for it, most frequent first."""
        return dict(Counter(item.reason for item in self.dropped).most_common())

    def summary(self) -> str:
        """How many of how many rows were kept, and why not the others."""
        total = len(self.records) + len(self.dropped)
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.counts().items())
        return f"Kept {len(self.records)} of {total} rows; dropped: {reasons or 'none'}."


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
