"""Reviving: as long as this program runs, no flow run of the server stays Running without a process."""

import asyncio
import sys
from datetime import UTC, datetime

from httpx import HTTPError
from prefect.client.orchestration import get_client

from paragraf.settings import one_line
from tasks.revive import revive

_EVERY_SECONDS = 5.0


async def keep_reviving() -> None:
    """Sweep again and again; a server that is away is waited for."""
    since = None
    async with get_client() as api:
        while True:
            now = datetime.now(UTC)
            try:
                for line in await revive(api, since or now, now):
                    _tell(line)
                since = since or now
            except HTTPError as error:
                if since:
                    _tell(f"Runs can't be looked after now: {one_line(str(error) or type(error).__name__, 200)}")
                since = None
            await asyncio.sleep(_EVERY_SECONDS)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(keep_reviving())
