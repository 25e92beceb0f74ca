"""Foreman: checks the files of jobs and trains one job at a time; after a kill of the server it goes on."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

from paragraf.devices import device_held
from paragraf.errors import Busy, Diverged, ParagrafError
from paragraf.format import Chats
from paragraf.jobs import JOURNAL, Entry
from paragraf.models import Base, Model, open_tokenizer
from paragraf.processes import end_awaited_children
from paragraf.server.files import Files
from paragraf.server.job import LIVE, Checkpoint, Event, Job, JobError, Status, resolved, training_settings
from paragraf.server.measurements import Merging, Metrics
from paragraf.server.outcome import Outcome
from paragraf.server.refusals import trace_of
from paragraf.server.rows import FileFault, chats_of
from paragraf.server.state import Shelf, State, now
from paragraf.train import LoraSettings, train, training_folder

_BUSY_SECONDS = 30  # a child of a server that was killed is gone by then
_END_SECONDS = 20  # for a training to end; a file that is being looked at is looked at anew by the next server
_STOP: frozenset[Status] = frozenset({"cancelled", "paused"})

logger = logging.getLogger(__name__)


class _NotWanted(Exception):
    """A job that waits for the device was cancelled or paused, or the server ends."""


class Foreman:
    """The queue, and the threads that work on it: one looks at files, one trains, since there is one device."""

    def __init__(
        self, state: State, files: Files, bases: Mapping[str, Base], settings: LoraSettings, max_tokens: int
    ) -> None:
        self.jobs = Shelf(state, "job", Job)
        self.settings = settings
        self._state = state
        self._files = files
        self._bases = bases
        self._max_tokens = max_tokens
        self._outcome = Outcome(state, files)
        self._woken = threading.Condition()
        self._training: str | None = None
        self._ends = False
        self._threads = [
            threading.Thread(target=self._work, args=(status, work), name=f"jobs-{status}", daemon=True)
            for status, work in (("validating_files", self._examine), ("queued", self._train))
        ]

    def start(self) -> None:
        """Go on where the last server stopped."""
        for job in self.jobs.all():
            if job.status == "running":
                self._turn(job.id, ("running",), "queued", "The server was started again; the job goes on")
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the training that runs; the next server goes on with it."""
        with self._woken:
            self._ends = True
            self._woken.notify_all()
        end = time.monotonic() + _END_SECONDS
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < end:
            end_awaited_children()
            time.sleep(0.05)

    def events(self, job: str) -> Shelf[Event]:
        return self._outcome.events(job)

    def checkpoints(self, job: str) -> Shelf[Checkpoint]:
        return self._outcome.checkpoints(job)

    def take(self, job: Job) -> Job:
        """Queue a new job; of one that is there already it tells how it stands."""
        with self._state.writing():
            known = self.jobs.get(job.id)
            if known is None:
                self.jobs.add(job)
                self._outcome.tell(job.id, f"Created fine-tuning job: {job.id}")
        self._wake()
        return known or job

    def cancel(self, name: str) -> Job | None:
        """End a job for good; None if it has ended."""
        job = self._turn(name, LIVE, "cancelled", "Fine-tuning job cancelled", finished_at=now())
        self._halt(name)
        return job

    def pause(self, name: str) -> Job | None:
        """Stop a job at its last checkpoint; None if it neither runs nor waits."""
        job = self._turn(name, ("queued", "running"), "paused", "Fine-tuning job paused")
        self._halt(name)
        return job

    def resume(self, name: str) -> Job | None:
        """Queue a paused job; None if it is not paused."""
        job = self._turn(name, ("paused",), "queued", "Fine-tuning job resumed")
        self._wake()
        return job

    def _turn(self, name: str, within: Collection[str], status: Status, message: str, **fields: object) -> Job | None:
        with self._state.writing():
            job = self.jobs.change(name, within=within, status=status, **fields)
            if job:
                self._outcome.tell(name, message)
        return job

    def _halt(self, name: str) -> None:
        """End the child of a job; one that is only being started is waited for."""
        while self._training == name:
            end_awaited_children()
            time.sleep(0.05)

    def _wake(self) -> None:
        with self._woken:
            self._woken.notify_all()

    def _work(self, status: Status, work: Callable[[Job], None]) -> None:
        """Do some work on all jobs of a status, the oldest first, until the server ends."""
        while not self._ends:
            job = next((job for job in self.jobs.all() if job.status == status), None)
            if job is None:
                with self._woken:
                    self._woken.wait(1.0)
                continue
            try:
                work(job)
            except Exception as error:  # noqa: BLE001  # a bug of ours must not end the queue
                logger.error("Job %s failed: %s", job.id, trace_of(error))
                message = f"a fault of this server ({type(error).__name__}); its log says more"
                self._fail(job.id, JobError(code="server_error", message=message))

    def _examine(self, job: Job) -> None:
        self._outcome.tell(job.id, f"Validating training file: {job.training_file}", once="validating")
        base = self._bases.get(job.model)
        try:
            if base is None:
                raise FileFault("model_not_found", f"The model {job.model!r} is not served any more", "model")
            chats = self._chats(job, base)
        except FileFault as fault:
            self._fail(job.id, JobError(code=fault.code, message=fault.message, param=fault.param))
            return
        if not job.validation:
            held = f"No validation file: {chats.rows['valid']} example(s) were held back to measure the loss"
            self._outcome.tell(job.id, held, once="held back")
        known = resolved(job.hyperparameters, self.settings, chats.rows["train"])
        message = "Files validated, moving job to queued state"
        self._turn(job.id, ("validating_files",), "queued", message, chats=chats, hyperparameters=known)
        self._wake()

    def _chats(self, job: Job, base: Base) -> Chats:
        files = [self._files.path(digest) for digest in (job.training, job.validation) if digest]
        for path, param in zip(files, ("training_file", "validation_file"), strict=False):
            if not path.is_file():
                raise FileFault("file_not_found", "The file was deleted before the job began", param)
        validation: Path | None = files[1] if len(files) > 1 else None
        return chats_of(files[0], validation, open_tokenizer(base), self._max_tokens)

    def _train(self, job: Job) -> None:
        self._training = job.id
        try:
            with device_held(f"job {job.id}", partial(self._tell_of_wait, job.id), partial(self._check_wait, job.id)):
                started = self._turn(job.id, ("queued",), "running", "Fine-tuning job started")
                if started and started.chats:
                    self._run(started, started.chats)
        except _NotWanted:
            return
        finally:
            self._training = None

    def _tell_of_wait(self, name: str, message: str) -> None:
        logger.info("Job %s: %s", name, message)
        self._outcome.tell(name, "Waiting for another training on this machine to end", once="waiting")

    def _check_wait(self, name: str) -> None:
        job = self.jobs.get(name)
        if self._ends or job is None or job.status != "queued":
            raise _NotWanted

    def _run(self, job: Job, chats: Chats) -> None:
        def tell(step: int, metrics: Metrics) -> None:
            self._outcome.measured(job.id, step, metrics)

        merging = Merging(tell)

        def on_entry(entry: Entry) -> None:
            merging(entry)
            left = entry.get("seconds_left")
            if isinstance(left, float) and "loss" in entry:
                self.jobs.change(job.id, within=("running",), estimated_finish=now() + round(left))

        base, settings = self._bases[job.model], training_settings(job, self.settings)
        self._outcome.tell_so_far(job.id, training_folder(chats, base, settings) / JOURNAL)
        try:
            model = _unless_busy(lambda: train(chats, base, settings, on_entry))
        except ParagrafError as error:
            stopped = self.jobs.get(job.id)
            if self._ends or stopped is None or stopped.status in _STOP:
                return
            code = "training_diverged" if isinstance(error, Diverged) else "training_failed"
            self._fail(job.id, JobError(code=code, message=_without_paths(error)))
            return
        self._outcome.succeed(self.jobs, job, model)

    def _fail(self, name: str, error: JobError) -> None:
        with self._state.writing():
            if self.jobs.change(name, within=LIVE, status="failed", error=error, finished_at=now()):
                self._outcome.tell(name, f"Fine-tuning job failed: {error.message}", level="error")


def _unless_busy(work: Callable[[], Model]) -> Model:
    """Some work, begun anew while the child of a killed server is still there."""
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            return work()
        except Busy:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def _without_paths(error: ParagrafError) -> str:
    """What a client may read of an error: the place of the log is not their business."""
    words = str(error).split(": ", 1)
    return words[1] if words[0].startswith("/") and len(words) > 1 else str(error)
