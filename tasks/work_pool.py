"""Work pool: its kind in; the pool on the server, made with our values for that kind, out."""

from pathlib import Path
from typing import Any, Literal

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectNotFound
from prefect.workers.utilities import get_default_base_job_template_for_infrastructure_type
from pydantic import BaseModel, ConfigDict

from paragraf.errors import BadSettings
from tasks.automations import Change

Kind = Literal["process", "docker", "kubernetes"]

POOL = "paragraf"


class Values(BaseModel):
    """Ours for the template of a kind: defaults of its variables, and what is laid over the job itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variables: dict[str, Any] = {}
    job_configuration: dict[str, Any] = {}

    def over(self, template: dict[str, Any]) -> dict[str, Any]:
        """The template with these values.

        Raises:
            BadSettings: it knows no such variable.
        """
        properties = dict(template["variables"]["properties"])
        for name, value in self.variables.items():
            if name not in properties:
                raise BadSettings(f"{name!r} is no variable of this kind of work pool; it has {', '.join(properties)}.")
            properties[name] = {**properties[name], "default": value}
        variables = {**template["variables"], "properties": properties}
        return {
            "job_configuration": _laid_over(template["job_configuration"], self.job_configuration),
            "variables": variables,
        }


def read_values(file: Path) -> Values:
    """Our values for a kind of pool; a kind without a file has none."""
    from ruamel.yaml import YAML

    return (
        Values.model_validate(YAML(typ="safe", pure=True).load(file.read_text("utf-8"))) if file.is_file() else Values()
    )


async def put_pool(api: PrefectClient, kind: Kind, values: Values) -> Change:
    """Make the pool; one that is there is left as it is, for its template may have been changed in the Prefect pages.

    Raises:
        BadSettings: there is one of another kind, or the server knows no template of this kind.
    """
    try:
        found = await api.read_work_pool(POOL)
    except ObjectNotFound:
        template = await get_default_base_job_template_for_infrastructure_type(kind)
        if not template:
            raise BadSettings(f"the Prefect server knows no work pools of the kind {kind!r}.") from None
        await api.create_work_pool(WorkPoolCreate(name=POOL, type=kind, base_job_template=values.over(template)))
        return "new"
    if found.type != kind:
        raise BadSettings(
            f"the work pool {POOL!r} is of the kind {found.type!r} already; name that with --type, or delete the pool."
        )
    return "there"


def _laid_over(below: Any, above: Any) -> Any:
    """Mappings merged, lists of equal length too; anything else is replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{name: _laid_over(below.get(name), value) for name, value in above.items()}}
    if isinstance(below, list) and isinstance(above, list) and len(below) == len(above):
        return [_laid_over(one, other) for one, other in zip(below, above, strict=True)]
    return above
