"""Model: a job that has succeeded in; the model that it made, with all that is known of it, sealed in a folder, out."""

import json
from itertools import islice
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from paragraf.diagnose.training_log import HISTORY
from paragraf.errors import JobFailed, Refused
from paragraf.jobs import Entry
from paragraf.models import REMOTE, Address, Model
from paragraf.publish import publish
from paragraf.remote.cost import Cost
from paragraf.remote.endpoint import MOST, Endpoint
from paragraf.remote.following import Seen
from paragraf.remote.measurements import entries_of_result
from paragraf.remote.orders import RemoteOrder
from paragraf.workspace import home

if TYPE_CHECKING:
    from pathlib import Path

    from openai import OpenAI


class Checkpoint(BaseModel):
    """A state of the training that can be asked like a model of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    step: int
    validation_loss: float | None = None


class RemoteModel(BaseModel):
    """What is known of a model that was trained at an endpoint; no key.

    Attributes:
        address: where it answers, and its name there.
        base: the name of its base model.
        checkpoints: states on the way, in the order of their steps.
        cost: in tokens and money, before and after.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address
    profile: str
    base: str
    job: str
    last: str
    trained_tokens: int | None
    checkpoints: tuple[Checkpoint, ...]
    cost: Cost

    def numbers(self) -> dict[str, float]:
        """What a tracking server is told."""
        found = {
            "expected_tokens_least": self.cost.least_tokens,
            "expected_tokens_most": self.cost.most_tokens,
            "trained_tokens": self.trained_tokens,
            "cost": self.cost.money(self.trained_tokens),
        }
        return {name: float(value) for name, value in found.items() if value is not None}


def read_remote(model: Model) -> RemoteModel | None:
    """What is known of a model that answers elsewhere; None for one on this machine."""
    if model.base.elsewhere is None:
        return None
    return RemoteModel.model_validate_json((model.folder() / REMOTE).read_bytes())


def folder_of(order: RemoteOrder) -> "Path":
    """Where the order's model is, or will be."""
    return home() / "models" / f"openai-{order.short()}"


def collect(endpoint: Endpoint, order: RemoteOrder, ended: Seen, cost: Cost, entries: list[Entry]) -> RemoteModel:
    """Write down the model that a job made, with the measurements of its events and of its result file.

    Raises:
        JobFailed: the job names no model.
    """
    if not ended.model:
        raise JobFailed(f"{endpoint.address}: job {ended.job} succeeded and names no model; ask the provider.")
    checkpoints = _checkpoints(endpoint, ended.job)
    measured = [*entries_of_result(_result(endpoint, ended)), *(entry for entry in entries if "step" in entry)]
    chosen = _best(checkpoints) if order.settings.keep == "best" else None
    found = RemoteModel(
        address=Address(base_url=endpoint.address, model=chosen or ended.model),
        profile=order.settings.profile,
        base=order.settings.model,
        job=ended.job,
        last=ended.model,
        trained_tokens=ended.trained_tokens,
        checkpoints=tuple(checkpoints),
        cost=cost.after(ended.trained_tokens),
    )
    with publish(folder_of(order)) as folder:
        (folder / REMOTE).write_text(found.model_dump_json(indent=1), "utf-8")
        (folder / HISTORY).write_text("".join(json.dumps(dict(entry)) + "\n" for entry in measured), "utf-8")
    return found


def _best(checkpoints: list[Checkpoint]) -> str | None:
    """The checkpoint with the least validation loss, of equals the last one; None where none was measured."""
    measured = [(one.validation_loss, -one.step, one.model) for one in checkpoints if one.validation_loss is not None]
    return min(measured)[2] if measured else None


def _checkpoints(endpoint: Endpoint, job: str) -> list[Checkpoint]:
    def look(client: "OpenAI") -> list[Checkpoint]:
        listed = client.fine_tuning.jobs.checkpoints.list(job, limit=100)
        return [
            Checkpoint(
                model=one.fine_tuned_model_checkpoint,
                step=one.step_number,
                validation_loss=one.metrics.full_valid_loss or one.metrics.valid_loss,
            )
            for one in islice(listed, MOST)
        ]

    try:
        return sorted(endpoint.ask("listing the checkpoints", look), key=lambda one: one.step)
    except Refused:  # many endpoints keep none and know no such call
        return []


def _result(endpoint: Endpoint, ended: Seen) -> bytes:
    """The first result file; nothing where there is none (any more)."""
    if not ended.result_files:
        return b""
    name = ended.result_files[0]
    try:
        return endpoint.ask("reading the result file", lambda client: client.files.content(name).read())
    except Refused:
        return b""
