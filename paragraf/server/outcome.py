"""Outcome: what comes of a job, written down so that doing it twice changes nothing."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from paragraf.history import Point, planned_steps, points_of, read_entries, read_points
from paragraf.models import Model
from paragraf.publish import verify
from paragraf.server.files import Files
from paragraf.server.job import Checkpoint, Event, Job, Level
from paragraf.server.measurements import Metrics, point_metrics, result_file, sentence
from paragraf.server.served import Tuned
from paragraf.server.state import Shelf, State, new_id, now
from paragraf.train.checkpoints import kept_states
from paragraf.workspace import home, relative

_OWNER = "paragraf"


class Outcome:
    """Keeps events, checkpoints, result files and models of jobs."""

    def __init__(self, state: State, files: Files) -> None:
        self._state = state
        self._files = files

    def events(self, job: str) -> Shelf[Event]:
        return Shelf(self._state, f"event of {job}", Event)

    def checkpoints(self, job: str) -> Shelf[Checkpoint]:
        return Shelf(self._state, f"checkpoint of {job}", Checkpoint)

    def tell(self, job: str, message: str, level: Level = "info", once: str | None = None) -> None:
        """An event; one that can happen but once has a name for it."""
        name = _fixed("ftevent-", job, once) if once else new_id("ftevent-")
        self.events(job).add(Event(id=name, created_at=now(), level=level, message=message))

    def measured(self, job: str, step: int, metrics: Metrics) -> None:
        """The metrics of a step, which is told of once, also if a resumed training comes to it again."""
        event = Event(
            id=_fixed("ftevent-", job, f"step {step}"),
            created_at=now(),
            message=sentence(step, metrics),
            type="metrics",
            data=dict(metrics),
        )
        self.events(job).add(event)

    def tell_so_far(self, job: str, journal: Path) -> None:
        """What a training that is gone on with measured before, should a killed server not have told it."""
        entries = read_entries(journal)
        self._tell_points(job, points_of(entries), planned_steps(entries) or 0)

    def _tell_points(self, job: str, points: Sequence[Point], of: int) -> None:
        with self._state.writing():
            for point in points:
                if point.step:
                    self.measured(job, point.step, point_metrics(point, of))

    def succeed(self, jobs: Shelf[Job], job: Job, model: Model) -> None:
        """Everything that a finished training leaves; the job's own change is the last."""
        points = read_points(model.folder() / "history.jsonl")
        of = max((point.step for point in points), default=0)
        name = f"ft:{job.model}:{_OWNER}:{job.suffix}:{job.id.removeprefix('ftjob-')[:8]}"
        result = _fixed("file-", job.id, "result")
        self._files.keep([result_file(points)], "step_metrics.csv", "fine-tune-results", result)
        tokens = round(float(job.hyperparameters.n_epochs) * job.chats.tokens["train"]) if job.chats else 0
        with self._state.writing():
            changed = jobs.change(
                job.id,
                within=("running",),
                status="succeeded",
                fine_tuned_model=name,
                result_files=(result,),
                trained_tokens=tokens,
                finished_at=now(),
                estimated_finish=None,
            )
            if changed is None:  # cancelled in its last moment
                return
            self._tell_points(job.id, points, of)
            self._keep_checkpoints(job, model, name, of)
            self._serve(name, model, job)
            self.tell(job.id, f"New fine-tuned model created: {name}", once="model")
            self.tell(job.id, "The job has successfully completed", once="succeeded")

    def _serve(self, name: str, model: Model, job: Job) -> None:
        tuned = Tuned(id=name, created=now(), owned_by=_OWNER, model=model, job=job.id)
        Shelf(self._state, "model", Tuned).add(tuned)

    def _keep_checkpoints(self, job: Job, model: Model, name: str, of: int) -> None:
        """The states that were the best when they were measured; the last of them is the model."""
        work = home() / "training" / model.folder().name.partition("-")[2]
        for point, folder in kept_states(work):
            served = f"{name}:ckpt-step-{point.step}"
            state = model.model_copy(update={"path": relative(folder), "digest": verify(folder)})
            checkpoint = Checkpoint(
                id=_fixed("ftckpt_", job.id, f"checkpoint {point.step}"),
                created_at=now(),
                fine_tuned_model_checkpoint=served,
                fine_tuning_job_id=job.id,
                metrics=_named(point_metrics(point, of)),
                step_number=point.step,
            )
            self.checkpoints(job.id).add(checkpoint)
            self._serve(served, state, job)


def _named(metrics: Metrics) -> Metrics:
    """Of the metrics those that a checkpoint shows."""
    return {name: metrics[name] for name in ("step", "train_loss", "valid_loss", "full_valid_loss") if name in metrics}


def _fixed(prefix: str, *facts: str) -> str:
    """An id that is the same whenever the same thing is told."""
    return f"{prefix}{hashlib.sha256('|'.join(facts).encode()).hexdigest()[:24]}"
