"""Jobs: the calls that create trainings, follow them, and stop them."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from paragraf.models import Base
from paragraf.server.files import Files
from paragraf.server.foreman import Foreman
from paragraf.server.job import Checkpoint, Event, Job, JobRequest, checked_metadata
from paragraf.server.refusals import Refused, no_model, not_found
from paragraf.server.routes import Call, listed, named
from paragraf.server.state import new_id, now

_NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z_-]+")


class Jobs:
    """The trainings of this server, in the order in which they were asked for."""

    def __init__(self, foreman: Foreman, files: Files, bases: Mapping[str, Base]) -> None:
        self._foreman = foreman
        self._files = files
        self._bases = bases

    def calls(self) -> list[Call]:
        job = "/v1/fine_tuning/jobs/{name}"
        return [
            Call("POST", "/v1/fine_tuning/jobs", self.create, "Train a model on a file.", JobRequest, Job),
            Call("GET", "/v1/fine_tuning/jobs", self.browse, "List the jobs, by metadata[name]=value if given."),
            Call("GET", job, self.retrieve, "How a job stands.", gives=Job),
            Call("POST", f"{job}/cancel", self.cancel, "End a job for good.", gives=Job),
            Call("POST", f"{job}/pause", self.pause, "Stop a job where it is; its device is free.", gives=Job),
            Call("POST", f"{job}/resume", self.resume, "Queue a paused job again.", gives=Job),
            Call("GET", f"{job}/events", self.events, "What happened to a job, the newest first.", gives=Event),
            Call("GET", f"{job}/checkpoints", self.checkpoints, "States of a job that were kept.", gives=Checkpoint),
        ]

    def create(self, request: Request, asked: JobRequest) -> Job:
        """A new job; the same `Idempotency-Key` again gives the job that it made."""
        hyperparameters = asked.asked()
        if asked.model not in self._bases:
            raise no_model(asked.model)
        digests = [self._digest(asked.training_file, "training_file")]
        if asked.validation_file:
            digests.append(self._digest(asked.validation_file, "validation_file"))
        settings = self._foreman.settings
        job = Job(
            id=_id_of(request.headers.get("idempotency-key")),
            created_at=now(),
            hyperparameters=hyperparameters,
            metadata=checked_metadata(asked.metadata),
            model=asked.model,
            seed=settings.seed if asked.seed is None else asked.seed,
            training_file=asked.training_file,
            validation_file=asked.validation_file,
            suffix=_NOT_IN_A_NAME.sub("-", asked.suffix or "").strip("-"),
            training=digests[0],
            validation=digests[1] if len(digests) > 1 else None,
        )
        return self._foreman.take(job)

    def browse(self, request: Request) -> dict[str, Any]:
        wanted = {
            name[9:-1]: value
            for name, value in request.query_params.items()
            if name.startswith("metadata[") and name.endswith("]")
        }
        if not wanted:
            return listed(request, self._foreman.jobs, 100)
        return listed(request, self._foreman.jobs, 100, lambda job: wanted.items() <= (job.metadata or {}).items())

    def retrieve(self, request: Request) -> Job:
        return self._found(request)

    def cancel(self, request: Request) -> Job:
        return self._turned(request, self._foreman.cancel(self._found(request).id), "cancelled")

    def pause(self, request: Request) -> Job:
        return self._turned(request, self._foreman.pause(self._found(request).id), "paused")

    def resume(self, request: Request) -> Job:
        return self._turned(request, self._foreman.resume(self._found(request).id), "resumed")

    def events(self, request: Request) -> dict[str, Any]:
        return listed(request, self._foreman.events(self._found(request).id), 100)

    def checkpoints(self, request: Request) -> dict[str, Any]:
        return listed(request, self._foreman.checkpoints(self._found(request).id), 100)

    def _digest(self, name: str, param: str) -> str:
        file = self._files.find(name)
        if file is None:
            raise Refused(400, f"The file {name[:80]!r} does not exist.", param=param, code="file_not_found")
        if file.purpose != "fine-tune":
            message = f"The file was uploaded for {file.purpose}; upload it with the purpose fine-tune."
            raise Refused(400, message, param=param, code="invalid_file_purpose")
        return file.digest

    def _found(self, request: Request) -> Job:
        job = self._foreman.jobs.get(named(request))
        if job is None:
            raise not_found("fine-tuning job", named(request))
        return job

    def _turned(self, request: Request, job: Job | None, how: str) -> Job:
        if job is None:
            status = self._found(request).status
            raise Refused(400, f"A job that is {status} cannot be {how}.", code="invalid_status")
        return job


def _id_of(key: str | None) -> str:
    return f"ftjob-{hashlib.sha256(key.encode()).hexdigest()[:24]}" if key else new_id("ftjob-")
