"""Deployments: what `deployments/prefect.yaml` wants of a deployment in; the server's made so out, switches kept.

What a person turned off in the Prefect pages (a schedule, an automation, a whole deployment) stays off.
"""

from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyOptions, DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.events import DeploymentEventTrigger
from prefect.exceptions import ObjectNotFound
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema
from pydantic import BaseModel, ConfigDict

from tasks.automations import Change, put_automation


class Clock(BaseModel):
    """When runs start by themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str
    active: bool
    cron: str
    timezone: str

    def schedule(self) -> CronSchedule:
        return CronSchedule(cron=self.cron, timezone=self.timezone)


class Pool(BaseModel):
    """Whose workers run it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    work_queue_name: str = "default"


class Wanted(BaseModel):
    """A deployment as the file describes it, with the part of Prefect's format that is used here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    entrypoint: str
    description: str
    tags: list[str]
    work_pool: Pool
    parameters: dict[str, Any] = {}
    schedules: list[Clock] = []
    triggers: list[DeploymentEventTrigger] = []
    concurrency_limit: ConcurrencyLimitConfig | None = None


class Put(NamedTuple):
    """A deployment that is there now; what had to be done to it and to its automations, by name."""

    name: str
    id: UUID
    change: Change
    automations: dict[str, Change]


def read_wanted(file: Path) -> list[Wanted]:
    """The deployments of a file in Prefect's format."""
    from ruamel.yaml import YAML

    told = YAML(typ="safe", pure=True).load(file.read_text("utf-8"))
    return [Wanted.model_validate(one) for one in told["deployments"]]


async def put_deployment(api: PrefectClient, wanted: Wanted) -> Put:
    """Make the deployment, or change it, or leave it, if it is as it should be."""
    flow: Flow[..., Any] = load_flow_from_entrypoint(wanted.entrypoint, use_placeholder_flow=False)
    schema = parameter_schema(flow).model_dump(exclude_unset=True)
    name = f"{flow.name}/{wanted.name}"
    found = await _found(api, name)
    change: Change = "new" if found is None else "changed" if _told(found) != _asked(wanted, schema) else "there"
    if found is None or change == "changed":
        limit = wanted.concurrency_limit
        made = await api.create_deployment(
            await api.create_flow_from_name(flow.name),
            wanted.name,
            schedules=_schedules(wanted, found),
            concurrency_limit=limit.limit if limit else None,
            concurrency_options=ConcurrencyOptions(collision_strategy=limit.collision_strategy) if limit else None,
            parameters=wanted.parameters,
            description=wanted.description,
            work_queue_name=wanted.work_pool.work_queue_name,
            work_pool_name=wanted.work_pool.name,
            tags=wanted.tags,
            entrypoint=wanted.entrypoint,
            parameter_openapi_schema=schema,
            paused=found.paused if found else None,
            pull_steps=[],
            enforce_parameter_schema=True,
        )
    else:
        made = found.id
    return Put(name, made, change, {one.name or "": await _automate(api, made, one) for one in wanted.triggers})


async def _automate(api: PrefectClient, deployment: UUID, trigger: DeploymentEventTrigger) -> Change:
    trigger.set_deployment_id(deployment)
    return await put_automation(api, trigger.as_automation())


async def _found(api: PrefectClient, name: str) -> DeploymentResponse | None:
    try:
        return await api.read_deployment_by_name(name)
    except ObjectNotFound:
        return None


def _schedules(wanted: Wanted, found: DeploymentResponse | None) -> list[DeploymentScheduleCreate]:
    """Those that are wanted; one that is there already stays on or off as it is."""
    known = {one.slug: one.active for one in found.schedules} if found else {}
    return [
        DeploymentScheduleCreate(schedule=one.schedule(), slug=one.slug, active=known.get(one.slug, one.active))
        for one in wanted.schedules
    ]


def _asked(wanted: Wanted, schema: dict[str, Any]) -> dict[str, Any]:
    limit = wanted.concurrency_limit
    return {
        "entrypoint": wanted.entrypoint,
        "description": wanted.description,
        "tags": sorted(wanted.tags),
        "pool": (wanted.work_pool.name, wanted.work_pool.work_queue_name),
        "parameters": wanted.parameters,
        "schema": schema,
        "schedules": sorted((one.slug, one.schedule().model_dump_json()) for one in wanted.schedules),
        "limit": (limit.limit, limit.collision_strategy) if limit else None,
    }


def _told(found: DeploymentResponse) -> dict[str, Any]:
    limit, options = found.global_concurrency_limit, found.concurrency_options
    return {
        "entrypoint": found.entrypoint,
        "description": found.description,
        "tags": sorted(found.tags),
        "pool": (found.work_pool_name, found.work_queue_name),
        "parameters": found.parameters,
        "schema": found.parameter_openapi_schema,
        "schedules": sorted(map(_told_schedule, found.schedules)),
        "limit": (limit.limit, options.collision_strategy) if limit and options else None,
    }


def _told_schedule(one: DeploymentSchedule) -> tuple[str, str]:
    return one.slug or "", one.schedule.model_dump_json()
