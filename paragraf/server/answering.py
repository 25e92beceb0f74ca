"""Answering: a model in; the same behind this server's own door, asked by the protocol's client, for a while, out."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

from paragraf.ask import Says
from paragraf.chat import Message
from paragraf.errors import Unavailable
from paragraf.models import Model
from paragraf.server.settings import ServeSettings

if TYPE_CHECKING:
    import uvicorn

_START_SECONDS = 30
_ANSWER_SECONDS = 600


@contextmanager
def behind_server(model: Model, name: str, max_new_tokens: int) -> Iterator[Says]:
    """A server on a free port of 127.0.0.1 that serves this model alone, in a thread, and what asks it by its name.

    Raises:
        Unavailable: it does not start, or refuses an answer; in its words.
    """
    import uvicorn

    from paragraf.server.app import create_answering_app

    key = secrets.token_urlsafe(24)
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as door:
        app = create_answering_app(ServeSettings(), lambda: {name: model}, [key], Path(folder))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, name="server", daemon=True)
        thread.start()
        try:
            _wait_for(server, thread)
            yield _caller(f"http://127.0.0.1:{door.getsockname()[1]}/v1", key, name, max_new_tokens)
        finally:
            server.should_exit = True
            thread.join(_START_SECONDS)


def _wait_for(server: "uvicorn.Server", thread: threading.Thread) -> None:
    end = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise Unavailable("the server for the smoke test does not start.")
        time.sleep(0.02)


def _caller(base_url: str, key: str, name: str, max_new_tokens: int) -> Says:
    from openai import OpenAI, OpenAIError

    client = OpenAI(base_url=base_url, api_key=key, max_retries=0, timeout=_ANSWER_SECONDS)

    def say(messages: list[Message]) -> tuple[str, bool]:
        try:
            answered = client.chat.completions.create(
                model=name, messages=cast("Any", messages), max_completion_tokens=max_new_tokens, temperature=0
            )
        except OpenAIError as error:  # it holds the key; its words do not
            raise Unavailable(f"the server refuses an answer: {error}") from None
        [choice] = answered.choices
        return choice.message.content or "", choice.finish_reason != "length"

    return say
