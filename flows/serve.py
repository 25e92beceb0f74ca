"""Serve: the `serve` command: this machine behind the OpenAI protocol, with the registry's champion by its alias."""

import os
import re
import secrets
from collections.abc import Callable, Mapping

from paragraf.errors import BadSettings
from paragraf.models import Model
from paragraf.registry import CHAMPION
from paragraf.server import serve, served_bases
from paragraf.server.settings import ServerSettings

USAGE = """\
usage: paragraf serve [settings]   serve the OpenAI protocol on 127.0.0.1 until Ctrl-C

An unmodified `openai` client uploads files, trains, follows and asks models at http://127.0.0.1:8766/v1. Keys are read
from PARAGRAF_SERVER_KEY, or several with commas between them from PARAGRAF_SERVER_KEYS; without them one is made and
shown once. Jobs train one after another with the settings below, in which a job's own hyperparameters are put; auto is
3 epochs, --train.batch-size rows and --train.learning-rate times 1.
"""
_KEY = re.compile(r"[!-~]{16,256}")


def serve_protocol(settings: ServerSettings, tell: Callable[[str], None]) -> int:
    """Serve, after saying where and with which key, if it was made here."""
    from flows.server import free_port

    port = free_port(settings.serve.port)
    bases = served_bases(settings)
    keys = _keys()
    if not keys:
        keys = [f"sk-paragraf-{secrets.token_urlsafe(24)}"]
        tell(f"API key, shown only here: {keys[0]}")
    tell(f"OpenAI protocol at http://127.0.0.1:{port}/v1; base models: {', '.join(bases)}. Ctrl-C ends it.")
    serve(settings, bases, keys, aliases)
    return 0


def _keys() -> list[str]:
    """The keys in the environment, which leave it: the programs that are started from here need none.

    Raises:
        BadSettings: one of them is too short to be one, or holds what no header can; the key is not shown.
    """
    given = [os.environ.pop("PARAGRAF_SERVER_KEY", ""), *os.environ.pop("PARAGRAF_SERVER_KEYS", "").split(",")]
    keys = [key.strip() for key in given if key.strip()]
    if any(not _KEY.fullmatch(key) for key in keys):
        raise BadSettings("PARAGRAF_SERVER_KEY(S): a key has 16 to 256 letters, digits and signs, without blanks.")
    return keys


def aliases() -> Mapping[str, Model]:
    """What the registry's alias points at now."""
    from tasks.tracking import has_store

    if not has_store():  # making one takes seconds
        return {}
    from tasks.champion import reigning

    found = reigning()
    return {CHAMPION: found.model} if found and found.model else {}
