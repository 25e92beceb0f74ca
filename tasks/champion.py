"""Run champion: the model that answers now, by its alias in the registry."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from paragraf.events import read_events
from paragraf.models import Model
from paragraf.publish import is_whole
from paragraf.workspace import at_rest
from tasks.register import CHAMPION
from tasks.tracking import REGISTERED_NAME, client

__all__ = ["CHAMPION", "champion", "champion_model"]


@task(cache_policy=NO_CACHE)
def champion() -> Model | None:
    """The version that bears the alias, if there is one and its files are still in this workspace."""
    model, version = champion_model()
    if version and model is None:
        get_run_logger().warning("The champion, version %s, is not in this workspace; it is left out.", version)
    return model


def champion_model() -> tuple[Model | None, str]:
    """The same outside a run: the model, if its files are here, and the version that bears the alias ("" for none)."""
    from mlflow.exceptions import MlflowException

    try:
        found = client().get_model_version_by_alias(REGISTERED_NAME, CHAMPION)
    except MlflowException:
        return None, ""
    for event in reversed(read_events("model_ready")):
        model = Model.model_validate_json(str(event["model"]))
        if str(event["version"]) == str(found.version) and is_whole(at_rest(model.path)):
            return model, str(found.version)
    return None, str(found.version)
