"""Run schedules: which deployments of this server train by the clock."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from pydantic import BaseModel, ConfigDict


class Schedules(BaseModel):
    """Names of deployments with a schedule that is on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: list[str]


@task(cache_policy=NO_CACHE)
def schedules(flow: str) -> Schedules:
    """Ask the server that runs are told to."""
    return Schedules(names=asyncio.run(_names(flow)))


async def _names(flow: str) -> list[str]:
    async with get_client() as api:
        found = await api.read_deployments(flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])))
    return sorted(one.name for one in found if not one.paused and any(schedule.active for schedule in one.schedules))
