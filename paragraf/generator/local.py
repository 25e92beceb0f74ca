"""Requests in, answers of a model on this machine out: written by a child process, finished batches survive a kill."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pydantic import BaseModel, ConfigDict

from paragraf.generator.budget import Spent, Tokens
from paragraf.generator.prompts import instruction
from paragraf.generator.requests import Failed, Form, Generated, Request, read_answer
from paragraf.generator.settings import LocalSettings
from paragraf.generator.shelf import Shelf
from paragraf.jobs import Entry, run_job
from paragraf.models import Base, find_base
from paragraf.workspace import home

TEXTS = "texts.json"
_AT_ONCE = 1000  # requests a child works on: bounds memory, and opening the model is done once for them

logger = logging.getLogger(__name__)


class Prompt(BaseModel):
    """What one request puts to the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instruction: str
    content: str


class LocalOrder(BaseModel):
    """All that a writing child needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Base
    prompts: list[Prompt]
    max_answer_tokens: int
    batch_size: int


class LocalGenerator:
    """A generator that runs a Hugging Face model here; answers are the likeliest ones, so a repeat would not help.

    Raises:
        MissingInput: there is no such model.
    """

    def __init__(self, settings: LocalSettings) -> None:
        self._settings = settings
        self._base = find_base(settings.base_model)
        self._shelf = Shelf(json.dumps(["local", self._base.digest, settings.max_answer_tokens]))
        self._calls = 0

    def generate(self, requests: Iterable[Request[Form]]) -> Iterator[Generated[Form] | Failed]:
        """One outcome a request, in their order.

        Raises:
            ChildFailed: the child was killed; run again to go on after its last finished batch.
        """
        coming = iter(requests)
        while some := list(islice(coming, _AT_ONCE)):
            found = [self._shelf.find(request) for request in some]
            written = iter(
                self._written([request for request, value in zip(some, found, strict=True) if value is None])
            )
            for request, value in zip(some, found, strict=True):
                yield self._read(request, *next(written)) if value is None else Generated(value)

    def spent(self) -> Spent:
        """How many answers were written; they cost nothing but time."""
        return Spent(calls=self._calls)

    def _written(self, requests: Sequence[Request[Form]]) -> list[tuple[str | None, bool]]:
        if not requests:
            return []
        order = LocalOrder(
            base=self._base,
            prompts=[Prompt(instruction=_with_form(request), content=request.content) for request in requests],
            max_answer_tokens=self._settings.max_answer_tokens,
            batch_size=self._settings.batch_size,
        )
        name = hashlib.sha256(order.model_dump_json().encode()).hexdigest()[:16]
        work = home() / "generated" / "local" / name
        if not (work / TEXTS).is_file():
            run_job("paragraf.generator.writing", order, work, _tell)
            self._calls += len(requests)
        return [(text, is_finished) for text, is_finished in json.loads((work / TEXTS).read_bytes())]

    def _read(self, request: Request[Form], text: str | None, is_finished: bool) -> Generated[Form] | Failed:
        if text is None:
            return Failed("bad_request", f"the request and its answer are longer than {self._base.name} can read")
        if not is_finished:
            return Failed("cut_off", f"longer than {self._settings.max_answer_tokens} tokens")
        try:
            value = read_answer(text, request.form)
        except ValueError as fault:
            return Failed("broken_answer", str(fault))
        self._shelf.keep(request, value, Tokens(), self._base.name)
        return Generated(value)


def _with_form(request: Request[Form]) -> str:
    return f"{request.instruction}\n\n{instruction('prompts/json.md', schema=request.schema())}"


def _tell(entry: Entry) -> None:
    logger.info("Wrote %s of %s answers.", entry["done"], entry["of"])
