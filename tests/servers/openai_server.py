"""A server of the OpenAI chat-completions protocol on 127.0.0.1: answers as scripted, remembers what was asked."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SOON = {"retry-after-ms": "1"}  # the SDK waits as long as it is told, and half a second where it is told nothing


@dataclass(frozen=True)
class Reply:
    """What the server sends, after a while."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after_seconds: float = 0.0


def says(text: str, finish: str = "stop", usage: tuple[int, int] | None = (100, 20), after: float = 0.0) -> Reply:
    """A completion with this text."""
    return _completion({"role": "assistant", "content": text}, finish, usage, after)


def writes(after: float = 0.0, **fields: Any) -> Reply:
    """A completion whose text is a JSON object."""
    return says(json.dumps(fields, ensure_ascii=False), after=after)


def refuses(text: str = "Nie mogę w tym pomóc.") -> Reply:
    return _completion({"role": "assistant", "content": None, "refusal": text}, "stop", (100, 5), 0.0)


def fault(status: int, message: str = "", headers: Mapping[str, str] = SOON, code: str = "", param: str = "") -> Reply:
    """An error as the protocol writes it."""
    error = {"message": message, "type": "error", "code": code or None, "param": param or None}
    return Reply(json.dumps({"error": error}).encode(), status, headers)


def rate_limited(seconds: int) -> Reply:
    return fault(429, "Rate limit reached.", {"Retry-After": str(seconds)}, "rate_limit_exceeded")


class OpenAIServer:
    """Answers `POST /v1/chat/completions` with what `respond` makes of the request's body."""

    def __init__(self, respond: Callable[[dict[str, Any]], Reply]) -> None:
        self.respond = respond
        self.calls: list[dict[str, Any]] = []
        self.authorizations: set[str] = set()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def contents(self) -> list[str]:
        """The user's message of every call."""
        return [call["messages"][1]["content"] for call in self.calls]

    def take(self, body: dict[str, Any], authorization: str) -> Reply:
        with self._lock:
            self.calls.append(body)
            self.authorizations.add(authorization)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            reply = self.respond(body)
            time.sleep(reply.after_seconds)
            return reply
        finally:
            with self._lock:
                self._at_once -= 1

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def serving(*script: Reply | Callable[[dict[str, Any]], Reply]) -> Iterator[OpenAIServer]:
    """A server that answers its calls with these replies in turn, the last one from then on."""
    turns = iter(script)
    last = script[-1]
    lock = threading.Lock()

    def respond(body: dict[str, Any]) -> Reply:
        with lock:
            turn = next(turns, last)
        return turn if isinstance(turn, Reply) else turn(body)

    server = OpenAIServer(respond)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _completion(message: Mapping[str, Any], finish: str, usage: tuple[int, int] | None, after: float) -> Reply:
    content: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "served-model",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
    }
    if usage:
        sent, written = usage
        content["usage"] = {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}
    return Reply(json.dumps(content, ensure_ascii=False).encode(), after_seconds=after)


def _handler(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = server.take(body, self.headers.get("Authorization", ""))
            try:
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True  # who asked is gone

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
