"""Job: what a client asks to be trained, what the server tells of it, and the settings that are trained with."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from paragraf.format import Chats
from paragraf.models import Model
from paragraf.server.refusals import Refused
from paragraf.server.state import Thing
from paragraf.train.settings import LoraSettings

AUTO_EPOCHS = 3  # what the protocol's own service takes for most files
Level = Literal["info", "warn", "error"]
Status = Literal["validating_files", "queued", "running", "paused", "succeeded", "failed", "cancelled"]
LIVE: frozenset[Status] = frozenset({"validating_files", "queued", "running", "paused"})
MOST_PAIRS, LONGEST_NAME, LONGEST_VALUE = 16, 64, 512  # of metadata

Auto = Literal["auto"]
Epochs = Annotated[int, Field(ge=1, le=50)]
BatchSize = Annotated[int, Field(ge=1, le=256)]
Multiplier = Annotated[float, Field(gt=0, le=1000)]
Metadata = dict[str, str]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Hyperparameters(_Form):
    """As a client writes them; auto leaves it to this machine."""

    n_epochs: Epochs | Auto = "auto"
    batch_size: BatchSize | Auto = "auto"
    learning_rate_multiplier: Multiplier | Auto = "auto"


class Supervised(_Form):
    hyperparameters: Hyperparameters | None = None


class Method(_Form):
    """How to train; only supervised is offered here."""

    type: Literal["supervised", "dpo", "reinforcement"]
    supervised: Supervised | None = None
    dpo: dict[str, Any] | None = None
    reinforcement: dict[str, Any] | None = None


class JobRequest(_Form):
    """The body that creates a job."""

    model: Annotated[str, Field(min_length=1, max_length=300)]
    training_file: Annotated[str, Field(min_length=1, max_length=200)]
    validation_file: Annotated[str, Field(max_length=200)] | None = None
    suffix: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    metadata: Metadata | None = None
    method: Method | None = None
    hyperparameters: Hyperparameters | None = None
    integrations: list[dict[str, Any]] | None = None

    def asked(self) -> Hyperparameters:
        """The hyperparameters, wherever they stand; raises Refused for what is not offered."""
        if self.integrations:
            raise Refused(400, "Integrations are not offered here.", param="integrations", code="unsupported_parameter")
        if self.method and self.method.type != "supervised":
            message = f"The method {self.method.type} is not offered on this server; it trains with supervised."
            raise Refused(400, message, param="method.type", code="unsupported_method")
        own = self.method.supervised.hyperparameters if self.method and self.method.supervised else None
        return own or self.hyperparameters or Hyperparameters()


class JobError(_Form):
    """Why a job failed."""

    code: str
    message: str
    param: str | None = None


class Job(Thing):
    """A job as the protocol shows it, and what its work needs."""

    inside: ClassVar[frozenset[str]] = frozenset({"suffix", "training", "validation", "chats", "tuned"})
    shows_null: ClassVar[bool] = True

    object: Literal["fine_tuning.job"] = "fine_tuning.job"
    created_at: int
    error: JobError | None = None
    estimated_finish: int | None = None
    fine_tuned_model: str | None = None
    finished_at: int | None = None
    hyperparameters: Hyperparameters
    integrations: tuple[dict[str, Any], ...] = ()
    metadata: Metadata | None = None
    model: str
    organization_id: str = "org-paragraf"
    result_files: tuple[str, ...] = ()
    seed: int
    status: Status = "validating_files"
    trained_tokens: int | None = None
    training_file: str
    validation_file: str | None = None

    suffix: str = ""
    training: str  # digests of the files, which may be deleted while a job waits
    validation: str | None = None
    chats: Chats | None = None
    tuned: Model | None = None

    def shown(self) -> dict[str, Any]:
        shown = Thing.shown(self)
        method = {"type": "supervised", "supervised": {"hyperparameters": shown["hyperparameters"]}}
        return {**shown, "method": method}


class Event(Thing):
    """Something that happened to a job."""

    object: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"
    created_at: int
    level: Level = "info"
    message: str
    type: Literal["message", "metrics"] = "message"
    data: dict[str, Any] | None = None


class Checkpoint(Thing):
    """A state of a training that was kept, and can be asked like the model itself."""

    object: Literal["fine_tuning.job.checkpoint"] = "fine_tuning.job.checkpoint"
    created_at: int
    fine_tuned_model_checkpoint: str
    fine_tuning_job_id: str
    metrics: dict[str, float]
    step_number: int


def checked_metadata(pairs: Metadata | None) -> Metadata | None:
    """Metadata within the limits of the protocol, which its document only tells in prose; raises Refused."""
    for name, value in (pairs or {}).items():
        if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
            message = f"metadata: names have up to {LONGEST_NAME} characters, values up to {LONGEST_VALUE}."
            raise Refused(400, message, param="metadata", code="invalid_value")
    if len(pairs or {}) > MOST_PAIRS:
        raise Refused(400, f"metadata: at most {MOST_PAIRS} pairs.", param="metadata", code="invalid_value")
    return pairs


def resolved(asked: Hyperparameters, settings: LoraSettings, rows: int) -> Hyperparameters:
    """What auto means on this machine: 3 epochs, the batch of the training settings, its learning rate times 1."""
    batch = settings.batch_size if asked.batch_size == "auto" else asked.batch_size
    return Hyperparameters(
        n_epochs=AUTO_EPOCHS if asked.n_epochs == "auto" else asked.n_epochs,
        batch_size=max(1, min(batch, rows, 256)),
        learning_rate_multiplier=1.0 if asked.learning_rate_multiplier == "auto" else asked.learning_rate_multiplier,
    )


def training_settings(job: Job, settings: LoraSettings) -> LoraSettings:
    """The settings of a job whose hyperparameters are resolved: quality is measured after each epoch, at least."""
    asked = job.hyperparameters
    epochs, rate = float(asked.n_epochs), float(asked.learning_rate_multiplier) * settings.learning_rate
    points = max(settings.monitor.points, int(epochs))
    return LoraSettings.model_validate(
        {
            **settings.model_dump(),
            "epochs": epochs,
            "batch_size": asked.batch_size,
            "learning_rate": min(1.0, rate),
            "seed": job.seed,
            "monitor": {**settings.monitor.model_dump(), "points": points},
        }
    )
