"""Answer: a model and test rows in, what it says and how well it expected the right answer out."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from paragraf.chat import Framing
from paragraf.errors import Damaged
from paragraf.jobs import Entry, run_job
from paragraf.models import Base, Model
from paragraf.publish import publish, read_manifest, verify
from paragraf.records import Record
from paragraf.snapshots import Receipt, Snapshot
from paragraf.stage import StageSettings
from paragraf.workspace import at_rest, home, relative

ANSWERS = "answers.jsonl"


class AnswerSettings(StageSettings):
    """How the test questions are put to a model."""

    rows: Annotated[
        int, Field(ge=1, description="Test questions answered in full; the loss is measured on all test rows.")
    ] = 16
    max_new_tokens: Annotated[
        int, Field(ge=8, le=8192, description="Longest answer in tokens; one that is cut off counts as malformed.")
    ] = 256
    batch_size: Annotated[int, Field(ge=1, le=512, description="Questions answered at once.")] = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """One test row as a model sees it: the right answer's surprise, and its own words where it was asked."""

    id: str
    loss: float  # summed negative log-likelihood of the right answer's tokens, in nats
    tokens: int  # tokens of the right answer, its end of turn included
    text: str | None = None
    finished: bool = False  # ended by itself, before the limit


class Answers(Receipt):
    """Answers of one model at rest."""

    model: str
    rows: int

    def read(self) -> list[Answer]:
        folder = at_rest(self.path)
        verify(folder)
        if read_manifest(folder)[ANSWERS] != self.digest:
            raise Damaged(
                f"{folder}: holds other answers than the {self.digest[:12]} expected; delete it and run again."
            )
        return [Answer(**json.loads(line)) for line in (folder / ANSWERS).read_bytes().splitlines()]


class AnswerOrder(BaseModel):
    """All that an answering child needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Base
    model: Model | None
    test: Snapshot
    framing: Framing
    settings: AnswerSettings


def answer(order: AnswerOrder, on_entry: Callable[[Entry], None]) -> Answers:
    """Measure and question one model in a child process; finished batches survive a kill.

    Raises:
        ChildFailed: the child was killed; run again to go on after its last finished batch.
    """
    name = "tuned" if order.model else "base"
    told = (order.framing.model_dump_json(), order.settings.model_dump_json())
    made_from = (order.test.digest, (order.model or order.base).digest, *told)
    work = home() / "answers" / f"{name}-work-{hashlib.sha256('|'.join(made_from).encode()).hexdigest()[:16]}"
    run_job("paragraf.answering", order, work, on_entry)
    lines = (work / ANSWERS).read_bytes()
    digest = hashlib.sha256(lines).hexdigest()
    final = home() / "answers" / f"{name}-{digest[:16]}"
    with publish(final) as folder:
        (folder / ANSWERS).write_bytes(lines)
    return Answers(path=relative(final), digest=read_manifest(final)[ANSWERS], model=name, rows=order.test.rows)


def asked(records: Sequence[Record], rows: int) -> list[Record]:
    """The rows that are answered in full: drawn by a stable hash of the id, so more rows keep the earlier ones."""
    return sorted(records, key=lambda record: hashlib.sha256(record.id.encode()).digest())[:rows]


def to_line(item: Answer) -> str:
    """One JSON line of the answers file."""
    return json.dumps(asdict(item), ensure_ascii=False) + "\n"
