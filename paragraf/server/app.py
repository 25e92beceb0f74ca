"""App: the parts of the server put together: state, files, jobs, models, chat, and the guard before them."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from paragraf.models import Base
from paragraf.server.batches import Batches
from paragraf.server.chat import Chat
from paragraf.server.document import document
from paragraf.server.files import Files
from paragraf.server.foreman import Foreman
from paragraf.server.guard import App, Guard, Pace
from paragraf.server.jobs import Jobs
from paragraf.server.refusals import Refused
from paragraf.server.routes import Call, refused
from paragraf.server.served import Aliases, Catalogue
from paragraf.server.settings import ServerSettings, ServeSettings
from paragraf.server.speaker import Speaker
from paragraf.server.state import State, now
from paragraf.server.uploads import Uploads
from paragraf.workspace import home


class Part(Protocol):
    """What answers calls."""

    def calls(self) -> list[Call]: ...


class Worker(Protocol):
    """What works in a thread of its own while the server is up."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def create_app(settings: ServerSettings, bases: Mapping[str, Base], keys: Collection[str], aliases: Aliases) -> App:
    """The server as an ASGI application."""
    own = settings.serve
    folder = home() / "server"
    state = State(folder / "state.db")
    files = Files(state, folder / "files")
    foreman = Foreman(state, files, bases, settings.training(), settings.format.max_tokens)
    speaker = Speaker(own)
    catalogue = Catalogue(state, bases, aliases, now())
    chat = Chat(catalogue, speaker, own.answer_tokens)
    uploads = Uploads(state, files, folder / "parts", own.max_file_mb << 20)
    batches = Batches(state, files, chat.answer, own.batch_size)
    parts: list[Part] = [files, uploads, Jobs(foreman, files, bases), catalogue, chat, batches]
    return _put_together(parts, (foreman, speaker, batches), state, keys, own)


def create_answering_app(own: ServeSettings, aliases: Aliases, keys: Collection[str], folder: Path) -> App:
    """The part of the server that answers, for the models that have an alias; what it must note lies in `folder`."""
    state = State(folder / "state.db")
    speaker = Speaker(own)
    catalogue = Catalogue(state, {}, aliases, now())
    chat = Chat(catalogue, speaker, own.answer_tokens)
    return _put_together([catalogue, chat], (speaker,), state, keys, own)


def _put_together(
    parts: Sequence[Part], workers: Sequence[Worker], state: State, keys: Collection[str], own: ServeSettings
) -> App:
    calls = [call for part in parts for call in part.calls()]

    @asynccontextmanager
    async def working(_: Starlette) -> AsyncIterator[None]:
        for worker in workers:
            worker.start()
        try:
            yield
        finally:
            for worker in workers:
                await run_in_threadpool(worker.stop)
            state.close()

    told = document(calls)
    routes = [
        *(call.route() for call in calls),
        Route("/openapi.json", lambda request: JSONResponse(told), methods=["GET"]),
        Route("/health", _health, methods=["GET"]),
    ]
    problems: dict[Any, Any] = {Refused: refused, HTTPException: refused, Exception: refused}
    app = Starlette(routes=routes, exception_handlers=problems, lifespan=working)
    return Guard(app, keys, own.max_file_mb << 20, Pace(own.requests_per_minute))


def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})
