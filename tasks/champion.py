"""Run champion: the model that answers now, by its alias in the registry."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel, ConfigDict

from paragraf.ask import VERSION, find_model
from paragraf.errors import Damaged, MissingInput
from paragraf.models import Model
from tasks.fetch import fetch
from tasks.registry import champion_number
from tasks.tracking import client


class Reigning(BaseModel):
    """The champion: its version, and its model, or why that can't be had here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    model: Model | None
    missing: str = ""


@task(cache_policy=NO_CACHE)
def champion() -> Reigning | None:
    """The version that bears the alias, if there is one, and its model, from this workspace or else from MLflow."""
    found = reigning()
    if found and found.missing:
        get_run_logger().warning(
            "The champion, version %s, can't be had here; it is left out: %s", found.version, found.missing
        )
    return found


def reigning() -> Reigning | None:
    """The same outside a run."""
    number = champion_number(client())
    if not number:
        return None
    try:
        return Reigning(version=number, model=find_model(fetch(f"{VERSION}{number}")))
    except (MissingInput, Damaged) as error:
        return Reigning(version=number, model=None, missing=str(error))
