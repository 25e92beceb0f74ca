"""Deploying: `deployments/prefect.yaml` in; work pool, deployments and automations on a Prefect server out."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from flows.arguments import Parser
from flows.server import prefect_api, running_servers
from paragraf.errors import BadSettings, ParagrafError, Unavailable
from paragraf.settings import one_line

Tell = Callable[[str], None]

_FOLDER = Path(__file__).parents[1] / "deployments"
_KINDS = ("process", "docker", "kubernetes")
_ZONE = ZoneInfo("Europe/Warsaw")


def deploying(arguments: list[str], tell: Tell) -> int:
    """Run `paragraf deploy` with its arguments.

    Raises:
        BadSettings: there is no server to deploy to, or its work pool is of another kind.
        Unavailable: the server does not answer, or refuses.
    """
    parser = Parser(
        prog="paragraf deploy",
        description="Put the flows with their schedules, the automations that start runs and tell people, and the "
        "work pool onto the Prefect server of `paragraf up`, or of PREFECT_API_URL. Done twice it changes nothing; "
        "what was turned off in the Prefect pages stays off.",
    )
    parser.add_argument("--type", choices=_KINDS, default="process", help="how the work pool runs flows (process)")
    options = parser.parse_args(arguments)
    if "PREFECT_API_URL" not in os.environ and not running_servers():
        raise BadSettings("there is no Prefect server to deploy to: start `paragraf up`, or set PREFECT_API_URL.")
    with prefect_api() as wait_for_it:
        wait_for_it()
        for line in _deploy(options.type):
            tell(line)
    return 0


def _deploy(kind: str) -> list[str]:
    import httpx
    from prefect.exceptions import PrefectHTTPStatusError

    try:
        return asyncio.run(_put_all(kind))
    except PrefectHTTPStatusError as error:
        raise Unavailable(f"the Prefect server refuses: {one_line(str(error), 300)}") from error
    except httpx.HTTPError as error:
        raise Unavailable(
            f"the Prefect server does not answer ({type(error).__name__}); see whether it is up."
        ) from error


async def _put_all(kind: str) -> list[str]:
    from prefect.client.orchestration import get_client

    from tasks.automations import put_messages
    from tasks.deployments import put_deployment, read_wanted
    from tasks.schedules import next_runs, strangers
    from tasks.work_pool import POOL, Kind, put_pool, read_values

    async with get_client() as api:
        values = read_values(_FOLDER / f"{kind}.yaml")
        lines = [_line("pool", f"{POOL} ({kind})", await put_pool(api, cast(Kind, kind), values))]
        done = [await put_deployment(api, one) for one in read_wanted(_FOLDER / "prefect.yaml")]
        lines += [_line("deployment", one.name, one.change) for one in done]
        automations = {name: change for one in done for name, change in one.automations.items()}
        automations |= await put_messages(api)
        lines += [_line("automation", name, change) for name, change in automations.items()]
        names = {one.name for one in done}
        lines += [_line("deployment", name, "not in the file") for name in await strangers(api, names)]
        now = datetime.now(UTC)
        return lines + [_line("next run", name, _shown(at)) for name, at in await next_runs(api, names, now)]


def _line(what: str, name: str, state: str) -> str:
    return f"{what:<10}  {name:<40}  {state}"


def _shown(at: datetime | None) -> str:
    return at.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M %Z") if at else "turned off"


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    try:
        deploying(sys.argv[1:], _tell)
    except ParagrafError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)
