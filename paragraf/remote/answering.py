"""The answering child of a model elsewhere: several questions under way at once, each answer kept as it comes.

Such a model tells nobody how likely the right answer is to it, so there is no loss, and no likelihood of a letter.
"""

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from paragraf.answer import ANSWERS, RETAINED, Answer, AnswerOrder, asked, from_lines, to_line
from paragraf.baselines.prompts import messages_of
from paragraf.baselines.retrieval import Librarian
from paragraf.chat import Message
from paragraf.errors import NotThere
from paragraf.jobs import child_main, write_entry
from paragraf.models import Address
from paragraf.publish import publish_file
from paragraf.records import Record
from paragraf.remote.asking import Elsewhere, open_elsewhere
from paragraf.remote.model import read_remote


def run(order: AnswerOrder, work: Path) -> None:
    """Ask the drawn rows; a base model that answers no questions there is left unmeasured, with no answer at all."""
    records = asked(order.test.read(), order.settings.rows)
    try:
        answers = _answers(order, records, work)
    except NotThere:
        if order.model:
            raise
        answers = []
    publish_file(work / RETAINED, b"{}")
    publish_file(work / ANSWERS, "".join(map(to_line, answers)).encode())


def _answers(order: AnswerOrder, records: Sequence[Record], work: Path) -> list[Answer]:
    librarian = Librarian(order.asking)
    with (
        open_elsewhere(_address(order), order.settings.max_new_tokens) as model,
        ThreadPoolExecutor(order.settings.concurrency) as pool,
    ):
        places = {}
        for place, record in enumerate(records):
            messages = messages_of(record, order.asking.framing, librarian.found(record))
            places[pool.submit(_answer, model, record.id, messages, work)] = place
        said: dict[int, Answer] = {}
        try:
            for future in as_completed(places):
                said[places[future]] = future.result()
                write_entry(work, {"what": "answers", "done": len(said), "of": len(records)})
        finally:
            for future in places:
                future.cancel()
    return [said[place] for place in range(len(records))]


def _address(order: AnswerOrder) -> Address:
    known = read_remote(order.model) if order.model else None
    address = known.address if known else order.base.elsewhere
    assert address is not None  # this child is for nobody else  # noqa: S101
    return address


def _answer(model: Elsewhere, name: str, messages: list[Message], work: Path) -> Answer:
    kept = work / "kept" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.jsonl"
    if kept.is_file():
        return from_lines(kept.read_bytes())[0]
    began = time.perf_counter()
    reply = model.ask(messages)
    answer = Answer(
        id=name,
        text=reply.text,
        finished=not reply.is_cut_off,
        read=reply.tokens.sent if reply.tokens else 0,
        written=reply.tokens.written if reply.tokens else 0,
        seconds=round(time.perf_counter() - began, 3),
    )
    publish_file(kept, to_line(answer).encode())
    return answer


if __name__ == "__main__":
    child_main(AnswerOrder, run)
