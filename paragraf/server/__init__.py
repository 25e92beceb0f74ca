"""Server: the OpenAI protocol on 127.0.0.1: files in, models trained and served by this project's own engine."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from paragraf.errors import BadSettings
from paragraf.holding import held
from paragraf.jobs import warm_jobs
from paragraf.models import Base, find_base
from paragraf.runs import remove_leftovers
from paragraf.server.served import Aliases
from paragraf.server.settings import ServerSettings
from paragraf.workspace import home

_TRAINING = "paragraf.train.child"


def served_bases(settings: ServerSettings) -> dict[str, Base]:
    """The base models by the names under which they are asked.

    Raises:
        MissingInput: one of them is not here.
        BadSettings: a name is given twice.
    """
    own = find_base(settings.training().base_model)
    if own.name in settings.serve.models:
        raise BadSettings(f"serve.models: {own.name!r} is the name of the base model; give the other one another.")
    found = {settings.training().base_model: own}
    more = {name: found.get(base) or find_base(base) for name, base in settings.serve.models.items()}
    return {own.name: own, **more}


def serve(settings: ServerSettings, bases: Mapping[str, Base], keys: Collection[str], aliases: Aliases) -> None:
    """Serve until Ctrl-C or SIGTERM; what was asked is logged nowhere.

    Raises:
        Busy: another server works in this workspace.
    """
    import uvicorn

    from paragraf.server.app import create_app

    with only_server(), warm_jobs(_TRAINING):
        remove_leftovers()
        uvicorn.run(
            create_app(settings, bases, keys, aliases),
            host="127.0.0.1",
            port=settings.serve.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            h11_max_incomplete_event_size=65_536,
            timeout_graceful_shutdown=5,
        )


@contextmanager
def only_server() -> Iterator[None]:
    """Be the one who works on the server's files in this workspace; the kernel frees the lock, whoever dies.

    Raises:
        Busy: a server does.
    """
    folder = home() / "server"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # it holds what clients sent
    with held(folder / "lock", f"{folder}: another `paragraf serve` works here; end it, or set PARAGRAF_HOME."):
        yield
