"""Following: a job's id in, what it measures as it goes, and the job when it has ended, out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from paragraf.errors import JobFailed, NotThere, Unavailable
from paragraf.jobs import Entry
from paragraf.remote.endpoint import LOCALLY, MOST, Endpoint
from paragraf.remote.jobs import FAILED
from paragraf.remote.measurements import entry_of
from paragraf.remote.once import Patience

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.fine_tuning import FineTuningJobEvent

_ADVICE = {
    "unsafe_file": f"its moderation refused the rows, as it may with criminal law; {LOCALLY}",
    "invalid_n_examples": "give the split more rows",
    "invalid_training_file": "see `paragraf prepare` for what is wrong with the rows",
    "invalid_validation_file": "see `paragraf prepare` for what is wrong with the rows",
    "exceeded_quota": "raise the limit at the provider, or train fewer rows",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A job as it was seen last, in words that may be shown."""

    job: str
    status: str
    model: str | None
    trained_tokens: int | None
    result_files: tuple[str, ...]
    code: str
    reason: str


@dataclass
class Follower:
    """Looks at one job until it ends; `on_entry` is told every event once, in order.

    An unknown status means that the job goes on.
    """

    endpoint: Endpoint
    job: str
    on_entry: Callable[[Entry], None]
    patience: Patience
    _seen: set[str] = field(default_factory=set)
    _errors: list[str] = field(default_factory=list)
    _status: str = ""

    def follow(self) -> Seen:
        """The job when it has succeeded.

        Raises:
            JobFailed: it ended without a model.
            Unavailable: the deadline passed or the endpoint was silent for long; the job goes on.
        """
        began, misses = self.patience.clock(), 0
        while True:
            try:
                job = self._look()
            except Unavailable as fault:
                misses += 1
                if misses > self.patience.misses:
                    raise
                self.patience.wait(misses, fault)
                continue
            misses = 0
            if job.status == "succeeded":
                return job
            if job.status in FAILED:
                raise JobFailed(self._why(job))
            if self.patience.clock() - began > self.patience.deadline_seconds:
                raise Unavailable(
                    f"{self.endpoint.address}: job {self.job} is still {job.status} after the run's deadline; "
                    "it goes on, run again to follow it."
                )
            self.patience.sleep(self.patience.poll_seconds)

    def _look(self) -> Seen:
        job = self.endpoint.ask("looking at the job", self._read)
        for event in self._new_events():
            self._seen.add(event.id)
            if event.level == "error":
                self._errors.append(self.endpoint.shown(str(event.message)))
            self.on_entry(entry_of(event, self.endpoint.shown))
        if not job.status:
            raise Unavailable(f"{self.endpoint.address}: job {self.job} has no status; run again to go on.")
        if job.status != self._status:
            self._status = job.status
            self.on_entry({"what": "status", "status": job.status, "job": self.job})
        return job

    def _read(self, client: "OpenAI") -> Seen:
        job, shown = client.fine_tuning.jobs.retrieve(self.job), self.endpoint.shown
        error = job.error
        said = " ".join(filter(None, (error.code, error.param, error.message))) if error else ""
        return Seen(
            job=self.job,
            status=job.status,
            model=job.fine_tuned_model,
            trained_tokens=job.trained_tokens,
            result_files=tuple(job.result_files or ()),
            code=shown(error.code or "") if error else "",
            reason=shown(said),
        )

    def _new_events(self) -> "list[FineTuningJobEvent]":
        """Events that were not told yet, the oldest first; an endpoint that keeps none has none."""

        def look(client: "OpenAI") -> "list[FineTuningJobEvent]":
            found = []
            for event in islice(client.fine_tuning.jobs.list_events(self.job, limit=100), MOST):  # the newest first
                if event.id in self._seen:
                    break
                found.append(event)
            return found

        try:
            return list(reversed(self.endpoint.ask("reading the job's events", look)))
        except NotThere:
            return []

    def _why(self, job: Seen) -> str:
        """What the endpoint says of a job that failed: in the job, or else in its events."""
        said = job.reason or "; ".join(self._errors) or "it does not say why"
        advice = _ADVICE.get(job.code, "")
        return f"{self.endpoint.address}: job {self.job} {job.status}: {said}{f'; {advice}' if advice else ''}."
