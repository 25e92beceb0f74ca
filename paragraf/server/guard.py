"""Guard: what holds for every request: a key, a pace, a size, a name under which this machine is asked, and an id."""

import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Callable, Collection, MutableMapping
from typing import Any

from paragraf.server.refusals import Refused, error_body, trace_of

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Any]
Receive = Callable[[], Any]
App = Callable[[Scope, Receive, Send], Any]

LARGEST_JSON = 8 << 20  # bytes of a body that is no file
_OPEN = "/health"
_ENVELOPE = 1 << 16  # bytes that a form has beside its file

logger = logging.getLogger(__name__)


class Pace:
    """Tokens that come back with time: a key may ask so often in a minute, and all of it at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._left: dict[bytes, tuple[float, float]] = {}

    def seconds_to_wait(self, key: bytes) -> float:
        """0 if the request may go on, which takes a token; else when there will be one."""
        now = self._clock()
        left, before = self._left.get(key, (self._most, now))
        left = min(self._most, left + (now - before) * self._most / 60)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        return 0.0 if allowed else (1 - left) * 60 / self._most


class Guard:
    """Lets a request through to the application, or answers it; every answer bears an `x-request-id`."""

    def __init__(self, app: App, keys: Collection[str], max_file_bytes: int, pace: Pace) -> None:
        self._app = app
        self._keys = [_hashed(key) for key in keys]
        self._max_file_bytes = max_file_bytes
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, began = f"req_{secrets.token_hex(16)}", time.perf_counter()
        status = 0

        async def numbered(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                took = int((time.perf_counter() - began) * 1000)
                own = {"x-request-id": number, "openai-processing-ms": str(took), "cache-control": "no-store"}
                message["headers"] = [
                    *message.get("headers", []),
                    *((name.encode(), text.encode()) for name, text in own.items()),
                ]
            await send(message)

        try:
            limit = self._admit(scope)
            await self._app(scope, _limited(receive, limit), numbered)
        except Refused as refused:
            if status:  # the answer has begun
                raise
            await _answer(refused, numbered)
        except Exception as error:  # noqa: BLE001  # the last line of defence: a bug, told without what was sent
            logger.error("%s %s failed: %s", number, scope["method"], trace_of(error))
            if not status:
                await _answer(Refused(500, f"A fault of this server; its log names it by {number}."), numbered)

    def _admit(self, scope: Scope) -> int:
        """How many bytes of body may come; raises Refused for who may not ask."""
        headers = {name.lower(): value for name, value in scope["headers"]}
        host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0]
        if host not in ("127.0.0.1", "localhost"):
            raise Refused(421, "This server is asked as 127.0.0.1 or localhost.", code="wrong_host")
        if scope["path"] == _OPEN:
            return 0
        key = self._key_of(headers.get(b"authorization", b""))
        if seconds := self._pace.seconds_to_wait(key):
            wait = {"retry-after": str(max(1, round(seconds))), "retry-after-ms": str(max(1, int(seconds * 1000)))}
            raise Refused(429, "Too many requests in a minute.", code="rate_limit_exceeded", headers=wait)
        is_form = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
        limit = self._max_file_bytes + _ENVELOPE if is_form else LARGEST_JSON
        told = headers.get(b"content-length", b"0")
        if not told.isdigit() or len(told) > 15 or int(told) > limit:
            raise _too_large(limit)
        return limit

    def _key_of(self, authorization: bytes) -> bytes:
        """The hash of the key that was sent, if it is one of ours; all are compared, each in constant time."""
        kind, _, sent = authorization.partition(b" ")
        given = hashlib.sha256(sent.strip()).digest()
        fits = [hmac.compare_digest(given, key) for key in self._keys]
        if kind.lower() != b"bearer" or not any(fits):
            message = "Incorrect API key provided." if sent.strip() else "No API key: send Authorization: Bearer KEY."
            raise Refused(401, message, code="invalid_api_key", headers={"www-authenticate": "Bearer"})
        return given


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _too_large(limit: int) -> Refused:
    return Refused(413, f"The body is over {limit} bytes.", code="request_too_large")


def _limited(receive: Receive, limit: int) -> Receive:
    """What comes in, until it is too much."""
    seen = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal seen
        message: MutableMapping[str, Any] = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _too_large(limit)
        return message

    return counted


async def _answer(refused: Refused, send: Send) -> None:
    body = json.dumps(error_body(refused.status, refused.message, refused.param, refused.code)).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), **refused.headers}
    told = [(name.encode(), text.encode()) for name, text in headers.items()]
    await send({"type": "http.response.start", "status": refused.status, "headers": told})
    await send({"type": "http.response.body", "body": body})
