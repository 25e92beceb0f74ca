"""Jobs: an order in, the one job at the endpoint that carries it out, whoever asked for it and however often, out."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from paragraf.errors import NotThere
from paragraf.remote.endpoint import MOST, Endpoint
from paragraf.remote.files import ensure_file
from paragraf.remote.once import Patience, ensure
from paragraf.remote.orders import RemoteOrder, State
from paragraf.remote.profiles import profile_of
from paragraf.remote.settings import DpoMethod, OpenAITraining

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.fine_tuning import FineTuningJob

MARK = "paragraf_run"  # the metadata by which a job is known again
FAILED = frozenset({"failed", "cancelled", "canceled", "expired"})  # the second spelling is Azure's


def ensure_job(endpoint: Endpoint, order: RemoteOrder, patience: Patience) -> str:
    """The id of the order's job, on disk before this returns; two runs at once make one job.

    A job that failed or was cancelled is not taken up again: whoever runs again wants a new one.

    Raises:
        Refused: the endpoint takes no such job.
        Unavailable: the endpoint does not answer as it should; the next run looks for the job first.
    """
    with _alone(order):
        state = order.read_state()
        if state.job and _goes_on(endpoint, state.job):
            return state.job
        state = _with_files(endpoint, order, patience)
        job = ensure(
            lambda: _find(endpoint, order.key),
            lambda: endpoint.ask_once("creating the job", lambda client: _create(client, order, state)),
            patience,
        )
        order.write_state(state.model_copy(update={"job": job}))
        return job


def cancel_job(endpoint: Endpoint, job: str) -> str:
    """Ask for a job to be cancelled; gives its status then."""
    return endpoint.ask("cancelling the job", lambda client: str(client.fine_tuning.jobs.cancel(job).status))


@contextmanager
def _alone(order: RemoteOrder) -> Iterator[None]:
    """One process at a time; the kernel frees the lock, however its holder dies."""
    order.lock().parent.mkdir(parents=True, exist_ok=True)
    with order.lock().open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _goes_on(endpoint: Endpoint, job: str) -> bool:
    """Whether a known job runs or has succeeded; one that the endpoint does not know (any more) does not."""
    try:
        found = endpoint.ask("looking at the job", lambda client: client.fine_tuning.jobs.retrieve(job))
    except NotThere as fault:
        raise NotThere(
            f"{fault} The job {job} was made with another key or project, or deleted; to train anew,"
            " change --train.suffix or --train.seed."
        ) from None
    return found.status not in FAILED


def _with_files(endpoint: Endpoint, order: RemoteOrder, patience: Patience) -> State:
    profile, validation = profile_of(order.settings), order.validation_file()
    state = State(
        address=endpoint.address,
        training_file=ensure_file(endpoint, order.training_file(), profile, patience),
        validation_file=ensure_file(endpoint, validation, profile, patience) if validation else "",
    )
    order.write_state(state)
    return state


def _find(endpoint: Endpoint, key: str) -> str | None:
    """The job that bears the key and has not failed; looked at one by one, since some servers ignore the filter."""

    def is_ours(job: "FineTuningJob") -> bool:
        return (job.metadata or {}).get(MARK) == key and job.status not in FAILED

    def look(client: "OpenAI") -> str | None:
        listed = islice(client.fine_tuning.jobs.list(limit=100, metadata={MARK: key}), MOST)
        return next((job.id for job in listed if is_ours(job)), None)

    return endpoint.ask("looking for the job", look)


def _create(client: "OpenAI", order: RemoteOrder, state: State) -> str:
    settings = order.settings
    given: dict[str, Any] = {"suffix": settings.suffix} if settings.suffix else {}
    if state.validation_file:
        given["validation_file"] = state.validation_file
    job = client.fine_tuning.jobs.create(
        model=settings.model,
        training_file=state.training_file,
        seed=settings.seed,
        metadata={MARK: order.key},
        method=cast(Any, _method(settings)),
        extra_body=dict(profile_of(settings).extras_of(settings.model)) or None,
        **given,
    )
    if not job.id:
        raise ValueError("the job has no id")
    return job.id


def _method(settings: OpenAITraining) -> dict[str, object]:
    chosen: dict[str, object] = {
        "n_epochs": settings.n_epochs,
        "batch_size": settings.batch_size,
        "learning_rate_multiplier": settings.learning_rate_multiplier,
    }
    if isinstance(settings.method, DpoMethod):
        chosen["beta"] = settings.method.beta
    kind = settings.method.kind
    return {"type": kind, kind: {"hyperparameters": chosen}}
