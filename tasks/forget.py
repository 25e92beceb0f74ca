"""Run forget: the model versions that rest on forgotten rows marked, where rows came from, and a retraining queued."""

import os
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from paragraf.forget import Pending
from paragraf.settings import Settings
from tasks.registry import LEARNED_FORGOTTEN, REGISTERED_NAME
from tasks.tracking import client, find_runs, has_store

if TYPE_CHECKING:
    from mlflow.entities import Run as MlflowRun

LEARNED, ASKED = LEARNED_FORGOTTEN, "forgotten_test_rows"
_PART_TAGS = {"train": LEARNED, "valid": LEARNED, "test": ASKED}
_PREFERRED = ("monthly", "finetune")  # deployments of the whole way, in this order
_LOCAL = ("", "file", "sqlite")


def mark(told: Pending) -> tuple[list[str], list[str]]:
    """Tag each run that learned from the rows or was measured with them, and its versions; gives these versions.

    The tags are `forgotten_rows` (of train and valid) and `forgotten_test_rows`. What each forgetting adds stands in a
    tag of its own, so that one that is done twice counts once. The second list names stores that are not of this
    workspace and keep what they have.
    """
    if not has_store():
        return [], _unreached([])
    store = client()
    versions = store.search_model_versions(f"name = '{REGISTERED_NAME}'")
    runs = {run.info.run_id: run for run in find_runs("")}
    runs |= {one.run_id: store.get_run(one.run_id) for one in versions if one.run_id and one.run_id not in runs}
    counts = {name: found for name, run in runs.items() if (found := _counts(run, told.holders))}
    for run, found in counts.items():
        for name, value in _tags(runs[run].data.tags, told.name, found).items():
            store.set_tag(run, name, value)
    marked = []
    for version in versions:
        tags = _tags(version.tags, told.name, counts.get(str(version.run_id), {}))
        for name, value in tags.items():
            store.set_model_version_tag(REGISTERED_NAME, str(version.version), name, value)
        marked += [f"{REGISTERED_NAME} {version.version}"] if tags else []
    return sorted(marked), _unreached(sorted(counts))


def sources() -> list[str]:
    """What the runs of this workspace read their rows from, the newest first."""
    runs = find_runs("") if has_store() else []
    return [source for run in runs if (source := run.data.params.get("load.source"))]


def retraining_command() -> str:
    """The command line that trains again as the newest whole run did."""
    runs = find_runs("") if has_store() else []
    run = next((run for run in runs if "-finetune-" in (run.info.run_name or "")), None)
    usual = Settings().flat()
    given = {name: value for name, value in (run.data.params if run else {}).items() if name in usual}
    flags = [_flag(name, value) for name, value in sorted(given.items()) if value != usual[name]]
    return " ".join(["paragraf finetune", *(flag for flag in flags if flag)])


async def queue_retraining() -> str:
    """Start a run of a deployment of `finetune`; gives its name, or nothing where there is no such deployment.

    Prefect is imported here: the databases are cleared before its server is started, and it reads its address once.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName

    async with get_client() as api:
        found = await api.read_deployments(flow_filter=FlowFilter(name=FlowFilterName(any_=["finetune"])))
        if not found:
            return ""
        order = {name: place for place, name in enumerate(_PREFERRED)}
        chosen = min(found, key=lambda one: (order.get(one.name, len(order)), one.name))
        run = await api.create_flow_run_from_deployment(chosen.id, tags=["forget"])
        return f"finetune/{chosen.name}: {run.name}"


def _counts(run: "MlflowRun", holders: Mapping[str, int]) -> dict[str, int]:
    """Tag -> how many of the forgotten rows, and of those made from them, a run had there."""
    found: dict[str, int] = {}
    for used in run.inputs.dataset_inputs if run.inputs else []:
        tag = _PART_TAGS.get(used.dataset.name)
        digest = used.dataset.digest.removeprefix("sha256:")  # MLflow holds its beginning
        rows = max((count for whole, count in holders.items() if digest and whole.startswith(digest)), default=0)
        if tag and rows:
            found[tag] = found.get(tag, 0) + rows
    return found


def _tags(known: Mapping[str, str], forgetting: str, found: Mapping[str, int]) -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag, rows in found.items():
        own = f"{tag}.{forgetting}"
        others = [int(value) for name, value in known.items() if name.startswith(f"{tag}.") and name != own]
        tags |= {own: str(rows), tag: str(rows + sum(others))}
    return tags


def _unreached(runs: list[str]) -> list[str]:
    found = []
    tracking = urlsplit(os.environ["MLFLOW_TRACKING_URI"])
    if tracking.scheme not in _LOCAL:
        found.append(f"MLflow at {tracking.hostname}: artifacts of the runs {', '.join(runs) or 'none'}")
    if "PREFECT_API_URL" in os.environ:
        found.append(f"Prefect at {urlsplit(os.environ['PREFECT_API_URL']).hostname}: its logs and artifacts")
    return found


def _flag(name: str, value: str) -> str:
    """A setting as a flag; one that is no plain value is left to who types it."""
    flag = name.replace("_", "-")
    if value in ("True", "False"):
        return f"--{flag}" if value == "True" else f"--no-{flag}"
    return f"--{flag} {shlex.quote(value)}" if not value.startswith(("(", "[", "{")) and value != "None" else ""
