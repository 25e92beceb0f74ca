"""Guard: what holds for every request: headers that bar all strangers, whose page a form was on, how much is read."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST_BODY = 65_536  # bytes; the longest comment takes 24 thousand when every letter is written as %XX%XX
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers would send forms with the origin null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class StrictHeaders:
    """Puts the headers on every answer."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def refuse_foreign_form(request: "Request", origins: Collection[str]) -> None:
    """Raise 403 unless the form was on a page of ours: browsers say where it was, and a page cannot make them lie."""
    origin = request.headers.get("origin")
    is_ours = origin in origins if origin else request.headers.get("sec-fetch-site") == "same-origin"
    if not is_ours:
        raise HTTPException(403)


async def small_body(request: "Request") -> bytes:
    """The body; raises 413 as soon as it is too large."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_BODY:
            raise HTTPException(413)
    return body
