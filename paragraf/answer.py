"""Answer: a model, rows and a way of asking in, what it says and how well it expected the right answer out."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from paragraf.baselines.asking import Asking
from paragraf.errors import Damaged
from paragraf.jobs import Entry, run_job, threads
from paragraf.models import Base, Model
from paragraf.publish import digest_of, publish, read_manifest, verify
from paragraf.records import Record
from paragraf.snapshots import Receipt, Snapshot
from paragraf.stage import StageSettings
from paragraf.workspace import at_rest, home, relative

ANSWERS = "answers.jsonl"
RETAINED = "retained.json"  # beside them: everyday row -> loss of its answer, in nats a token


class AnswerSettings(StageSettings):
    """How many test questions a model answers, and how long."""

    rows: Annotated[
        int, Field(ge=1, description="Test questions answered in full; the loss is measured on all test rows.")
    ] = 12
    max_new_tokens: Annotated[
        int, Field(ge=8, le=8192, description="Longest answer in tokens; one that is cut off counts as malformed.")
    ] = 256
    batch_size: Annotated[int, Field(ge=1, le=512, description="Questions answered at once.")] = 20
    concurrency: Annotated[
        int, Field(ge=1, le=64, description="Questions under way at once to a model that answers elsewhere.")
    ] = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """One row as a model sees it: the right answer's surprise, and its own words where it was asked.

    Attributes:
        loss: summed negative log-likelihood of the right answer's tokens, in nats; measured for the plain question.
        tokens: tokens of the right answer, its end of turn included.
        finished: whether it ended by itself, before the limit.
        read: tokens of the prompt.
        written: tokens of the model's own answer, its end of turn included.
        seconds: its share of the time of the batch that it was written in.
        letters: of a closed item, the log-likelihood of each letter where the right answer names one.
    """

    id: str
    loss: float | None = None
    tokens: int = 0
    text: str | None = None
    finished: bool = False
    read: int = 0
    written: int = 0
    seconds: float = 0.0
    letters: dict[str, float] = field(default_factory=dict)


class Answers(Receipt):
    """Answers of one model, asked in one way, at rest."""

    model: str  # base or tuned
    rows: int
    asking: Asking = Asking()

    def contender(self) -> str:
        """Model and way in one name, "base_few_shot"; the model alone where the question stood alone."""
        return self.model if self.asking.is_plain() else f"{self.model}_{self.asking.way}"

    def is_tuned(self) -> bool:
        return self.model == "tuned"

    def read(self) -> list[Answer]:
        """The answers, in the order of the rows; raises Damaged where they are not those that were written."""
        return from_lines((self._whole_folder() / ANSWERS).read_bytes())

    def retained(self) -> dict[str, float]:
        """Everyday row -> loss of its answer in nats a token; empty unless the question was put as in training."""
        found: dict[str, float] = json.loads((self._whole_folder() / RETAINED).read_bytes())
        return found

    def _whole_folder(self) -> Path:
        folder = at_rest(self.path)
        verify(folder)
        if digest_of(read_manifest(folder)) != self.digest:
            raise Damaged(
                f"{folder}: holds other answers than the {self.digest[:12]} expected; delete it and run again."
            )
        return folder


class AnswerOrder(BaseModel):
    """All that an answering child needs to know; on how many threads it works changes nothing that it says.

    Losses are measured where the question is put as in training, and of rows that hold an answer; never of a model that
    answers elsewhere.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Base
    model: Model | None
    test: Snapshot
    asking: Asking
    settings: AnswerSettings
    threads: int = Field(default_factory=threads)


def answer(order: AnswerOrder, on_entry: Callable[[Entry], None]) -> Answers:
    """Measure and question one model in one way, in a child process; finished batches survive a kill.

    Raises:
        ChildFailed: the child was killed; run again to go on after its last finished batch.
    """
    model = "tuned" if order.model else "base"
    name = model if order.asking.is_plain() else f"{model}-{order.asking.way}"
    told = (order.asking.content(), order.settings.model_dump_json())
    made_from = (order.test.digest, (order.model or order.base).digest, *told)
    work = home() / "answers" / f"{name}-work-{hashlib.sha256('|'.join(made_from).encode()).hexdigest()[:16]}"
    run_job("paragraf.remote.answering" if order.base.elsewhere else "paragraf.answering", order, work, on_entry)
    return publish_answers(model, order.asking, (work / ANSWERS).read_bytes(), (work / RETAINED).read_bytes())


def publish_answers(model: str, asking: Asking, lines: bytes, retained: bytes = b"{}") -> Answers:
    """Seal the answers of a model ("base" or "tuned") in the workspace, with what it retained as JSON."""
    name = model if asking.is_plain() else f"{model}-{asking.way}"
    digest = hashlib.sha256(lines + retained).hexdigest()
    final = home() / "answers" / f"{name}-{digest[:16]}"
    with publish(final) as folder:
        (folder / ANSWERS).write_bytes(lines)
        (folder / RETAINED).write_bytes(retained)
    return Answers(
        path=relative(final),
        digest=digest_of(read_manifest(final)),
        model=model,
        rows=lines.count(b"\n"),
        asking=asking,
    )


def asked(records: Sequence[Record], rows: int) -> list[Record]:
    """The rows that are answered in full: drawn by a stable hash of the id, so more rows keep the earlier ones."""
    return sorted(records, key=lambda record: hashlib.sha256(record.id.encode()).digest())[:rows]


def to_line(item: Answer) -> str:
    """One JSON line of the answers file."""
    return json.dumps(asdict(item), ensure_ascii=False) + "\n"


def from_lines(lines: bytes) -> list[Answer]:
    """The answers of a file, in order."""
    return [Answer(**json.loads(line)) for line in lines.splitlines()]
