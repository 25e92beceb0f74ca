"""A server of the protocol's files and fine-tuning on 127.0.0.1: keeps what it is sent and fails as it is told."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "sk-sentinel-0123456789abcdefghij"


@dataclass(frozen=True)
class Call:
    """One request, with its place among those of its method and path (from 1)."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    number: int
    authorization: str = ""

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a call; `done` first does what was asked for, so that only the answer is lost."""

    status: int = 500
    body: bytes = b'{"error": {"message": "broken", "type": "server_error", "param": null, "code": null}}'
    headers: dict[str, str] = field(default_factory=lambda: {"retry-after-ms": "1"})
    drops: bool = False
    done: bool = False
    after_seconds: float = 0.0


def refusal(status: int, code: str = "", message: str = "no", **headers: str) -> Fault:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code or None}
    return Fault(status, json.dumps({"error": error}).encode(), {"retry-after-ms": "1"} | headers)


def never(call: Call) -> Fault | None:
    return None


class FineTuningServer:
    """Every look at a job moves it on by one of `statuses` (or its own of `statuses_of`); the last one stays."""

    def __init__(
        self,
        statuses: Sequence[str] = ("validating_files", "running", "succeeded"),
        fault: Callable[[Call], Fault | None] = never,
        **job: Any,
    ) -> None:
        self.statuses, self.fault, self.job = statuses, fault, job
        self.statuses_of: dict[str, Sequence[str]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.checkpoints: list[dict[str, Any]] | None = None
        self.contents: dict[str, bytes] = {}
        self.models: dict[str, str | None] = {"base": None}
        self.calls: list[Call] = []
        self.most_at_once = 0
        self._looks: dict[str, int] = {}
        self._at_once = 0
        self._parts: dict[str, bytes] = {}
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def count(self, method: str, path: str) -> int:
        """Requests of a method whose path this pattern matches whole."""
        return sum(call.method == method and re.fullmatch(path, call.path) is not None for call in self.calls)

    def sent(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if call.method == method and re.fullmatch(path, call.path)]

    def take(
        self, method: str, url: str, body: bytes, authorization: str
    ) -> tuple[Call, Fault | None, tuple[int, bytes]]:
        parts = urlsplit(url)
        path = parts.path.removeprefix("/v1")
        with self._lock:
            number = sum(call.method == method and call.path == path for call in self.calls) + 1
            call = Call(method, path, parse_qs(parts.query), body, number, authorization)
            self.calls.append(call)
            fault = self.fault(call)
            reply = (0, b"") if fault and not fault.done else self._reply(call)
        return fault, reply

    def at_once(self, change: int) -> None:
        with self._lock:
            self._at_once += change
            self.most_at_once = max(self.most_at_once, self._at_once)

    def _reply(self, call: Call) -> tuple[int, bytes]:
        for (method, pattern), answer in _ROUTES.items():
            match = re.fullmatch(pattern, call.path)
            if method == call.method and match:
                found = answer(self, call, *match.groups())
                if found is None:
                    break
                return 200, found if isinstance(found, bytes) else json.dumps(found).encode()
        return 404, b'{"error": {"message": "no such thing", "type": "x", "param": null, "code": "not_found"}}'

    def add_file(self, call: Call) -> dict[str, Any]:
        name = re.findall(rb'filename="([^"]*)"', call.body)[-1].decode()
        head = call.body.index(b"\r\n\r\n", call.body.index(b'filename="')) + 4
        content = call.body[head : call.body.index(b"\r\n--", head)]
        return self.keep(name, content)

    def keep(self, name: str, content: bytes) -> dict[str, Any]:
        made = f"file-{len(self.files) + 1}"
        self.files[made] = (name, content)
        return self.file(made)

    def file(self, name: str) -> dict[str, Any]:
        filename, content = self.files[name]
        held = {"id": name, "object": "file", "bytes": len(content), "created_at": 1, "filename": filename}
        return {**held, "purpose": "fine-tune", "status": "processed"}

    def add_job(self, call: Call) -> dict[str, Any]:
        told = call.json()
        made = f"ftjob-{len(self.jobs) + 1}"
        self.jobs[made] = {
            "id": made,
            "object": "fine_tuning.job",
            "created_at": 1,
            "error": None,
            "fine_tuned_model": None,
            "finished_at": None,
            "hyperparameters": {},
            "organization_id": "org",
            "result_files": [],
            "trained_tokens": None,
            "validation_file": None,
            "status": "queued",
            **{name: value for name, value in told.items() if name != "suffix"},
        }
        return self.jobs[made]

    def look(self, name: str) -> dict[str, Any] | None:
        job = self.jobs.get(name)
        if job is None:
            return None
        statuses = self.statuses_of.get(name, self.statuses)
        place = min(self._looks.get(name, 0), len(statuses) - 1)
        self._looks[name] = place + 1
        job["status"] = statuses[place]
        if job["status"] == "succeeded":
            job |= {"fine_tuned_model": f"ft:{job['model']}:org:x:{name}", "trained_tokens": 1234, "result_files": []}
        if job["status"] in ("succeeded", "failed"):
            job |= self.job
        return job

    def pages(self, call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
        """A page of a list, after the item that the call names."""
        after = call.query.get("after", [""])[0]
        start = next((place + 1 for place, item in enumerate(items) if item["id"] == after), 0)
        limit = int(call.query.get("limit", ["20"])[0])
        page = items[start : start + limit]
        return {"object": "list", "data": page, "has_more": start + limit < len(items)}

    def add_part(self, call: Call) -> dict[str, Any]:
        head = call.body.index(b"\r\n\r\n") + 4
        made = f"part-{len(self._parts) + 1}"
        self._parts[made] = call.body[head : call.body.rindex(b"\r\n--")]
        return {"id": made, "object": "upload.part", "created_at": 1, "upload_id": "upload-1"}

    def complete(self, call: Call) -> dict[str, Any]:
        begun = self.sent("POST", "/uploads")[-1].json()
        content = b"".join(self._parts[name] for name in call.json()["part_ids"])
        file = self.keep(begun["filename"], content)
        return {"id": "upload-1", "object": "upload", "status": "completed", "file": file, "bytes": len(content)}


def _say(server: FineTuningServer, call: Call) -> dict[str, Any]:
    message = {"role": "assistant", "content": "Tak, zgodnie z art. 118 k.c."}
    usage = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    held = {"id": "c", "object": "chat.completion", "created": 1, "model": call.json()["model"]}
    return {**held, "choices": [choice], "usage": usage}


def _model(server: FineTuningServer, call: Call, name: str) -> dict[str, Any] | None:
    if name not in server.models:
        return None
    ends = server.models[name]
    return {"id": name, "object": "model", "created": 1, "owned_by": "us", "shutdown_date": ends}


_JOBS = r"/fine_tuning/jobs"
_ROUTES: dict[tuple[str, str], Callable[..., Any]] = {
    ("GET", "/models"): lambda server, call: {
        "object": "list",
        "data": [_model(server, call, name) for name in server.models],
    },
    ("GET", "/models/(.+)"): _model,
    ("GET", "/files"): lambda server, call: server.pages(call, [server.file(name) for name in server.files]),
    ("POST", "/files"): lambda server, call: server.add_file(call),
    ("GET", "/files/(.+)/content"): lambda server, call, name: server.contents.get(name),
    ("POST", "/uploads"): lambda server, call: {"id": "upload-1", "object": "upload", "status": "pending"},
    ("POST", "/uploads/.+/parts"): lambda server, call: server.add_part(call),
    ("POST", "/uploads/.+/complete"): lambda server, call: server.complete(call),
    ("GET", _JOBS): lambda server, call: server.pages(call, list(server.jobs.values())),
    ("POST", _JOBS): lambda server, call: server.add_job(call),
    ("GET", f"{_JOBS}/([^/]+)"): lambda server, call, name: server.look(name),
    ("POST", f"{_JOBS}/([^/]+)/cancel"): lambda server, call, name: server.jobs[name] | {"status": "cancelled"},
    ("GET", f"{_JOBS}/[^/]+/events"): lambda server, call: server.pages(call, list(reversed(server.events))),
    ("GET", f"{_JOBS}/[^/]+/checkpoints"): lambda server, call: (
        None if server.checkpoints is None else server.pages(call, server.checkpoints)
    ),
    ("POST", "/chat/completions"): _say,
}


@contextmanager
def fine_tuning(server: FineTuningServer) -> Iterator[FineTuningServer]:
    """The server, as long as the block lasts."""
    thread = threading.Thread(target=server._http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server._http.shutdown()
        server._http.server_close()
        thread.join()


def _handler(server: FineTuningServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.at_once(1)
            try:
                fault, (status, content) = server.take(
                    self.command, self.path, body, self.headers.get("Authorization", "")
                )
                if fault:
                    time.sleep(fault.after_seconds)
                    status, content = fault.status, fault.body
                if fault and fault.drops:
                    self.close_connection = True
                    return
                self._send(status, content, fault.headers if fault else {})
            finally:
                server.at_once(-1)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815  # as the standard library names them

        def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # who asked is gone

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
