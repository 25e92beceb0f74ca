"""Chat: the call that answers messages, whole or in pieces, and the same for the lines of a batch."""

import asyncio
import queue
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse

from paragraf.server.chat_forms import ChatRequest
from paragraf.server.flight import Piece
from paragraf.server.refusals import Refused
from paragraf.server.routes import Call, by_itself, sse
from paragraf.server.served import Catalogue
from paragraf.server.speaker import Request, Speaker, Told
from paragraf.server.state import new_id, now


class Chat:
    """Answers of the models in the catalogue."""

    def __init__(self, catalogue: Catalogue, speaker: Speaker, default_tokens: int) -> None:
        self._catalogue = catalogue
        self._speaker = speaker
        self._default_tokens = default_tokens

    def calls(self) -> list[Call]:
        return [Call("POST", "/v1/chat/completions", self.create, "Answer messages.", ChatRequest)]

    @by_itself
    async def create(self, http: HttpRequest, asked: ChatRequest) -> Response:
        told: asyncio.Queue[Told] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def tell(piece: Told) -> None:
            loop.call_soon_threadsafe(told.put_nowait, piece)

        request = await run_in_threadpool(self._request, asked, tell)
        self._speaker.ask(request)
        head = _Head(asked, request)
        if asked.stream:
            first = await _next(told, request, http)  # what can be refused is refused before the answer begins
            return StreamingResponse(_stream(first, told, request, head), media_type="text/event-stream")
        return JSONResponse(head.whole(await _next(told, request, http)))

    def answer(self, asked: ChatRequest) -> dict[str, Any]:
        """The whole answer, for a caller who waits in a thread; raises Refused."""
        told: queue.Queue[Told] = queue.Queue()
        request = self._request(asked, told.put)
        self._speaker.ask(request)
        piece = told.get()
        if isinstance(piece, Refused):
            raise piece
        return _Head(asked, request).whole(piece)

    def _request(self, asked: ChatRequest, tell: Any) -> Request:
        asked.refuse_what_is_not_offered()
        return Request(self._catalogue.find(asked.model), asked.turns(), asked.wish(self._default_tokens), tell)


class _Head:
    """What all parts of an answer begin with."""

    def __init__(self, asked: ChatRequest, request: Request) -> None:
        self._common = {
            "id": new_id("chatcmpl-"),
            "created": now(),
            "model": asked.model,
            "system_fingerprint": f"fp_{request.key()[:12]}",
        }
        self.shows_usage = bool(asked.stream_options and asked.stream_options.include_usage)

    def whole(self, piece: Piece) -> dict[str, Any]:
        message = {"role": "assistant", "content": piece.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": piece.finish}
        return {**self._common, "object": "chat.completion", "choices": [choice], "usage": _usage(piece)}

    def chunk(self, delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._chunk([choice], {"usage": None} if self.shows_usage else {})

    def usage(self, piece: Piece) -> bytes:
        return self._chunk([], {"usage": _usage(piece)})

    def _chunk(self, choices: list[dict[str, Any]], more: dict[str, Any]) -> bytes:
        return sse({**self._common, "object": "chat.completion.chunk", "choices": choices, **more})


def _usage(piece: Piece) -> dict[str, int]:
    return {
        "prompt_tokens": piece.read,
        "completion_tokens": piece.written,
        "total_tokens": piece.read + piece.written,
    }


async def _next(told: "asyncio.Queue[Told]", request: Request, http: HttpRequest) -> Piece:
    """The next piece; a client who goes away is no longer answered."""
    waiting = asyncio.ensure_future(told.get())
    try:
        while not waiting.done():
            await asyncio.wait([waiting], timeout=1.0)
            if not waiting.done() and await http.is_disconnected():
                raise Refused(499, "The client went away.")
        piece = waiting.result()
    except BaseException:
        request.is_given_up = True
        waiting.cancel()
        raise
    if isinstance(piece, Refused):
        raise piece
    return piece


async def _stream(first: Piece, told: "asyncio.Queue[Told]", request: Request, head: _Head) -> AsyncIterator[bytes]:
    try:
        yield head.chunk({"role": "assistant", "content": ""})
        piece: Told = first
        while not isinstance(piece, Refused):
            if piece.text:
                yield head.chunk({"content": piece.text})
            if piece.finish:
                yield head.chunk({}, piece.finish)
                if head.shows_usage:
                    yield head.usage(piece)
                yield b"data: [DONE]\n\n"
                return
            piece = await told.get()
        yield sse(piece.body())  # the answer has begun: the protocol tells of an error inside the stream
    finally:
        request.is_given_up = True
