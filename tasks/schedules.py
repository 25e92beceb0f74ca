"""Schedules: which deployments of this server train by the clock, and when the next run of each begins."""

import asyncio
from collections.abc import Collection
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags, FlowFilter, FlowFilterName
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from pydantic import BaseModel, ConfigDict

TAG = "paragraf"  # of all our deployments, and so of their runs; whatever else is on a server has its own manners


class Schedules(BaseModel):
    """Names of deployments with a schedule that is on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: list[str]


@task(cache_policy=NO_CACHE)
def schedules(flow: str) -> Schedules:
    """Ask the server that runs are told to."""
    return Schedules(names=asyncio.run(_names(flow)))


async def next_runs(api: PrefectClient, names: Collection[str], now: datetime) -> list[tuple[str, datetime | None]]:
    """Of each deployment (flow/name) with a schedule when it begins next, the nearest first; None where that is off."""
    found = [(name, one) for name, one in await _ours(api) if name in names and one.schedules]
    told = [(name, await _next(one, now)) for name, one in found]
    return sorted(told, key=lambda one: (one[1] is None, str(one[1]), one[0]))


async def strangers(api: PrefectClient, names: Collection[str]) -> list[str]:
    """Deployments that bear our tag, as ones of an earlier version do, and are none of these."""
    return sorted(name for name, _ in await _ours(api) if name not in names)


async def _names(flow: str) -> list[str]:
    async with get_client() as api:
        found = await api.read_deployments(flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])))
    return sorted(one.name for one in found if not one.paused and any(schedule.active for schedule in one.schedules))


async def _ours(api: PrefectClient) -> list[tuple[str, DeploymentResponse]]:
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    found = await api.read_deployments(deployment_filter=tagged)
    flows = {one.flow_id: (await api.read_flow(one.flow_id)).name for one in found}
    return [(f"{flows[one.flow_id]}/{one.name}", one) for one in found]


async def _next(deployment: DeploymentResponse, now: datetime) -> datetime | None:
    on = [] if deployment.paused else [one for one in deployment.schedules if one.active]
    return min([date for one in on for date in await _dates(one, now)], default=None)


async def _dates(one: DeploymentSchedule, now: datetime) -> list[datetime]:
    """The next date of a schedule, counted as the server counts it."""
    from prefect.server.schemas.core import DeploymentSchedule as Counted

    counted = Counted.model_validate({"schedule": one.schedule.model_dump(), "active": True})
    return list(await counted.schedule.get_dates(1, now))
