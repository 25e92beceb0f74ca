"""Batches: a file of chat requests in, a file of answers out, worked on beside the other requests."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from paragraf.errors import BadRow, ParagrafError
from paragraf.lines import Place, Reject, read_lines
from paragraf.server.chat_forms import ChatRequest
from paragraf.server.files import File, Files
from paragraf.server.job import Metadata, checked_metadata
from paragraf.server.refusals import Refused, not_found, trace_of
from paragraf.server.routes import Call, form_of, listed, named
from paragraf.server.rows import NO_TEXT, no_utf8
from paragraf.server.state import Shelf, State, Thing, new_id, now
from paragraf.strict_json import parse

_ENDPOINT = "/v1/chat/completions"
_MOST_LINES = 50_000  # the protocol's own limit
_WINDOW_SECONDS = 86_400
_RIGHT = 200
_LATER = 503  # the queue is full, or the server ends
_ENDED = ("completed", "failed", "cancelled", "expired")

Answer = Callable[[ChatRequest], Mapping[str, Any]]

logger = logging.getLogger(__name__)


class BatchRequest(BaseModel):
    """The body that creates a batch."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    input_file_id: Annotated[str, Field(max_length=200)]
    endpoint: Literal["/v1/chat/completions"]
    completion_window: Literal["24h"]
    metadata: Metadata | None = None


class Batch(Thing):
    """A batch as the protocol shows it."""

    inside: ClassVar[frozenset[str]] = frozenset({"digest"})

    object: Literal["batch"] = "batch"
    endpoint: str = _ENDPOINT
    errors: dict[str, Any] | None = None
    input_file_id: str
    completion_window: str = "24h"
    status: Literal[
        "validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling", "cancelled"
    ] = "validating"
    output_file_id: str | None = None
    error_file_id: str | None = None
    created_at: int
    in_progress_at: int | None = None
    expires_at: int
    finalizing_at: int | None = None
    completed_at: int | None = None
    failed_at: int | None = None
    cancelling_at: int | None = None
    cancelled_at: int | None = None
    request_counts: dict[str, int] = Field(default_factory=lambda: {"total": 0, "completed": 0, "failed": 0})
    metadata: Metadata | None = None
    digest: str


class Line(Thing):
    """What came of one line of a batch; its id is the line's number."""

    custom_id: str
    status: int
    body: dict[str, Any]

    def text(self) -> str:
        response = {"status_code": self.status, "request_id": new_id("req_"), "body": self.body}
        row = {"id": new_id("batch_req_"), "custom_id": self.custom_id, "response": response, "error": None}
        return json.dumps(row, ensure_ascii=False) + "\n"


class Batches:
    """The queue of batches and the thread that works on it, some lines at once."""

    def __init__(self, state: State, files: Files, answer: Answer, at_once: int) -> None:
        self._state = state
        self._batches = Shelf(state, "batch", Batch)
        self._files = files
        self._answer = answer
        self._at_once = at_once
        self._woken = threading.Event()
        self._ends = False
        self._thread = threading.Thread(target=self._work, name="batches", daemon=True)

    def calls(self) -> list[Call]:
        return [
            Call("POST", "/v1/batches", self.create, "Answer a file of chat requests.", BatchRequest, Batch),
            Call("GET", "/v1/batches", self.browse, "List the batches."),
            Call("GET", "/v1/batches/{name}", self.retrieve, "How a batch stands.", gives=Batch),
            Call("POST", "/v1/batches/{name}/cancel", self.cancel, "End a batch; what is answered stays.", gives=Batch),
        ]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the lines that are being answered; the next server goes on with the others."""
        self._ends = True
        self._woken.set()
        self._thread.join(10)

    def create(self, request: Request, asked: BatchRequest) -> Batch:
        file = self._files.find(asked.input_file_id)
        if file is None or file.purpose != "batch":
            message = "input_file_id: no file that was uploaded with the purpose batch."
            raise Refused(400, message, param="input_file_id", code="file_not_found")
        batch = Batch(
            id=new_id("batch_"),
            input_file_id=file.id,
            created_at=now(),
            expires_at=now() + _WINDOW_SECONDS,
            metadata=checked_metadata(asked.metadata),
            digest=file.digest,
        )
        self._batches.add(batch)
        self._woken.set()
        return batch

    def browse(self, request: Request) -> dict[str, Any]:
        return listed(request, self._batches, 100)

    def retrieve(self, request: Request) -> Batch:
        return self._found(named(request))

    def cancel(self, request: Request) -> Batch:
        batch = self._found(named(request))
        changed = self._batches.change(
            batch.id, within=("validating", "in_progress"), status="cancelling", cancelling_at=now()
        )
        if changed is None:
            raise Refused(400, f"A batch that is {batch.status} cannot be cancelled.", code="invalid_status")
        self._woken.set()
        return changed

    def _found(self, name: str) -> Batch:
        batch = self._batches.get(name)
        if batch is None:
            raise not_found("batch", name)
        return batch

    def _work(self) -> None:
        while not self._ends:
            self._woken.clear()
            batch = next((one for one in self._batches.all() if one.status not in _ENDED), None)
            if batch is None:
                self._woken.wait(1.0)
                continue
            try:
                self._run(batch)
            except Exception as error:  # noqa: BLE001  # a bug of ours must not end the queue
                logger.error("Batch %s failed: %s", batch.id, trace_of(error))
                self._fail(batch, 0, f"a fault of this server: {type(error).__name__}")

    def _run(self, batch: Batch) -> None:
        try:
            requests = list(_requests_of(self._files, batch.digest))
        except _BadLine as bad:
            self._fail(batch, bad.number, str(bad))
            return
        done = Shelf(self._state, f"line of {batch.id}", Line)
        counts, began = _counts(done.all(), len(requests)), batch.in_progress_at or now()
        live = ("validating", "in_progress")
        self._batches.change(batch.id, within=live, status="in_progress", in_progress_at=began, request_counts=counts)
        known = {line.id for line in done.all()}
        left = [(number, request) for number, request in requests if str(number) not in known]
        with ThreadPoolExecutor(self._at_once) as pool:
            for start in range(0, len(left), self._at_once):
                if self._ends:
                    return
                if self._found(batch.id).status != "in_progress":
                    break
                for line in filter(None, pool.map(self._line, left[start : start + self._at_once])):
                    done.add(line)
                    counts["completed" if line.status == _RIGHT else "failed"] += 1
                self._batches.change(batch.id, request_counts=counts)
        self._finish(self._found(batch.id), done.all(), len(requests))

    def _line(self, numbered: tuple[int, dict[str, Any]]) -> Line | None:
        """The answer to one line; None if the server ends before there is one."""
        number, request = numbered
        while True:
            try:
                form = form_of(request.get("body"), ChatRequest)
                if form.stream:
                    raise Refused(400, "stream is not offered in a batch.", param="stream", code="invalid_value")
                return Line(id=str(number), custom_id=request["custom_id"], status=200, body=dict(self._answer(form)))
            except Refused as refused:
                if refused.status != _LATER:
                    body = refused.body()
                    return Line(id=str(number), custom_id=request["custom_id"], status=refused.status, body=body)
            if self._ends:
                return None
            time.sleep(0.5)

    def _finish(self, batch: Batch, lines: list[Line], total: int) -> None:
        if batch.status == "in_progress":
            self._batches.change(batch.id, within=("in_progress",), status="finalizing", finalizing_at=now())
        right = self._kept(batch, "output", [line for line in lines if line.status == _RIGHT])
        wrong = self._kept(batch, "error", [line for line in lines if line.status != _RIGHT])
        end = "cancelled" if batch.status == "cancelling" else "completed"
        files = {"output_file_id": right.id if right else None, "error_file_id": wrong.id if wrong else None}
        fields: dict[str, Any] = {**files, f"{end}_at": now(), "request_counts": _counts(lines, total)}
        self._batches.change(batch.id, status=end, **fields)

    def _kept(self, batch: Batch, what: str, lines: list[Line]) -> File | None:
        if not lines:
            return None
        pieces = (line.text().encode() for line in lines)
        name = f"file-{batch.id.removeprefix('batch_')}-{what}"
        return self._files.keep(pieces, f"{batch.id}_{what}.jsonl", "batch_output", name)

    def _fail(self, batch: Batch, number: int, message: str) -> None:
        fault = {"code": "invalid_input", "message": message[:500], "line": number, "param": None}
        errors = {"object": "list", "data": [fault]}
        self._batches.change(batch.id, status="failed", failed_at=now(), errors=errors)


class _BadLine(Exception):
    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


def _counts(lines: list[Line], total: int) -> dict[str, int]:
    right = sum(line.status == _RIGHT for line in lines)
    return {"total": total, "completed": right, "failed": len(lines) - right}


def _requests_of(files: Files, digest: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The requests of a batch file with the numbers of their lines; raises _BadLine for what is none."""
    path, seen = files.path(digest), set[str]()
    if not path.is_file():
        raise _BadLine(0, "the file was deleted before the batch began")

    def reject(place: Place, error: BadRow) -> None:
        raise _BadLine(place.number, str(error).removeprefix(f"{place}: "))

    for number, text in _lines(path, reject):
        try:
            request = parse(text)
        except ValueError as error:
            raise _BadLine(number, str(error)) from None
        if not isinstance(request, dict) or not isinstance(name := request.get("custom_id"), str):
            raise _BadLine(number, "expected an object with custom_id, a text")
        if request.get("method") != "POST" or request.get("url") != _ENDPOINT:
            raise _BadLine(number, f"method must be POST and url {_ENDPOINT}")
        if name in seen or len(seen) >= _MOST_LINES:
            raise _BadLine(number, "a custom_id comes twice, or there are more than 50000 lines")
        seen.add(name)
        yield number, request
    if not seen:
        raise _BadLine(0, "the file holds no request")


def _lines(path: Path, reject: Reject) -> Iterator[tuple[int, str]]:
    try:
        yield from ((number, text) for number, text in read_lines(path, reject, no_utf8) if text.strip())
    except ParagrafError:
        raise _BadLine(0, NO_TEXT) from None
