"""What can be set about training, and the order that a training child works on."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from paragraf.chat import PLAIN, Framing
from paragraf.errors import BadSettings
from paragraf.models import WHEEL_MODEL, Base, Precision
from paragraf.remote.settings import OpenAITraining
from paragraf.stage import StageSettings
from paragraf.task_type import TaskType
from paragraf.workspace import home


class MonitorSettings(StageSettings):
    """How quality is watched while a model learns: on validation rows and own prompts, never on test rows."""

    points: Annotated[int, Field(ge=1, le=1000, description="How often quality is measured, spread over the run.")] = 2
    rows: Annotated[int, Field(ge=1, description="Validation rows whose loss is measured, at most.")] = 12
    prompts: Annotated[
        int, Field(ge=0, le=256, description="Validation questions that are answered in full at each point.")
    ] = 4
    max_new_tokens: Annotated[int, Field(ge=8, le=4096, description="Longest of these answers in tokens.")] = 64
    retention: Annotated[
        bool,
        Field(description="Measure at each point what the model still knows beside law."),
    ] = True
    max_rise: Annotated[
        float,
        Field(gt=0, description="Degradation: perplexity this share above its best so far (0.1 is 10 %)."),
    ] = 0.1
    on_degradation: Annotated[
        Literal["warn", "stop"], Field(description="Warn and go on, or stop the training there.")
    ] = "warn"
    keep: Annotated[
        Literal["best", "last"],
        Field(description="The model that is kept: of the point with the best citations, then loss; or the last one."),
    ] = "best"
    notify: Annotated[
        str,
        Field(description="Prefect block that is told of degradation and divergence, as custom-webhook/alerts."),
    ] = ""


class _Training(StageSettings):
    """What every way of training on this machine has in common."""

    base_model: Annotated[
        str, Field(min_length=1, description="Base model: the built-in name, a local folder, or a Hugging Face hub id.")
    ] = WHEEL_MODEL
    epochs: Annotated[
        float, Field(gt=0, le=100, description="Passes over the training rows; the default keeps a laptop's run short.")
    ] = 0.6
    batch_size: Annotated[int, Field(ge=1, le=4096, description="Rows per optimiser step, on all devices.")] = 4
    micro_batch: Annotated[
        int,
        Field(
            ge=0,
            le=4096,
            description="Rows worked on at once by a device, for its memory; 0 takes the whole batch. "
            "The rest of a batch is accumulated.",
        ),
    ] = 0
    warmup_share: Annotated[float, Field(ge=0, lt=1, description="Share of the steps in which the rate rises.")] = 0.05
    max_gradient_norm: Annotated[float, Field(gt=0, description="Longer gradients are cut to this norm.")] = 1.0
    gradient_checkpointing: Annotated[
        bool, Field(description="Compute activations twice instead of keeping them: a third slower, far less memory.")
    ] = False
    compile: Annotated[
        bool, Field(description="Compile the layers first (needs a C++ compiler); pays from some thousand rows on.")
    ] = False
    accelerate: Annotated[
        str,
        Field(
            description="File with which `accelerate launch` uses several devices or machines; empty is one process."
        ),
    ] = ""
    task_weights: Annotated[
        dict[TaskType, Annotated[float, Field(ge=0, le=1000)]],
        Field(description="How often rows of a task are drawn, against 1 for those not named; empty draws each once."),
    ] = {}  # noqa: RUF012  # pydantic copies it
    checkpoint_steps: Annotated[
        int, Field(ge=1, description="Steps between checkpoints: the most that a kill can cost.")
    ] = 20
    monitor: Annotated[MonitorSettings, Field(description="How quality is watched while the model learns.")] = (
        MonitorSettings()
    )
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Same seed, same weights.")] = 7


class LoraSettings(_Training):
    """Low-rank adapters trained on this machine.

    Defaults: all linear layers, rank 16 and a learning rate near 1e-3 taught this small model most in our runs
    (held-out answer loss 3.78 -> 0.81 after one epoch; rank 8 on q and v at 2e-4: 2.88).
    """

    backend: Annotated[Literal["lora"], Field(description="Train LoRA adapters on this machine.")] = "lora"
    learning_rate: Annotated[float, Field(gt=0, le=1, description="Peak of the cosine schedule.")] = 1e-3
    weight_decay: Annotated[float, Field(ge=0, le=1, description="Decay of the trained weights.")] = 0.0
    rank: Annotated[int, Field(ge=1, le=1024, description="Rank of the adapters.")] = 16
    alpha: Annotated[int, Field(ge=1, le=4096, description="Scale of the adapters; 2 x rank is usual.")] = 32
    dropout: Annotated[float, Field(ge=0, lt=1, description="Share of adapter inputs dropped while training.")] = 0.0
    variant: Annotated[
        Literal["lora", "rslora", "dora"],
        Field(description="Plain adapters, rank-stabilised ones (for ranks above 64), or weight-decomposed (slower)."),
    ] = "lora"
    precision: Annotated[
        Precision,
        Field(description="Numbers of the base model: bf16, or packed into 8 or 4 bits (QLoRA, paragraf[qlora])."),
    ] = "bf16"
    top_layers: Annotated[
        int,
        Field(ge=0, le=1024, description="Adapters on the last so many layers alone: faster, learns less; 0: all."),
    ] = 0
    start_from: Annotated[
        str,
        Field(
            description="Folder of a fine-tuned model of the same base (models/lora-... of the workspace) whose "
            "adapters are trained on, of the rank, scale and layers that they have; empty begins anew."
        ),
    ] = ""

    def start(self) -> Path | None:
        """The folder of the model that the training begins with, if it begins with one."""
        return home() / self.start_from if self.start_from else None


class FullSettings(_Training):
    """All weights of a small model trained on this machine."""

    backend: Annotated[Literal["full"], Field(description="Train all weights of the base model; for small models.")] = (
        "full"
    )
    learning_rate: Annotated[float, Field(gt=0, le=1, description="Peak of the cosine schedule.")] = 1e-4
    weight_decay: Annotated[float, Field(ge=0, le=1, description="Decay of the trained weights.")] = 0.01


LocalTraining = LoraSettings | FullSettings
TrainSettings = LocalTraining | OpenAITraining


def trained_here(settings: TrainSettings, what: str) -> LocalTraining:
    """The settings of a training on this machine.

    Raises:
        BadSettings: they are of one elsewhere, of which `what` knows nothing.
    """
    if isinstance(settings, OpenAITraining):
        raise BadSettings(f"{what} is about trainings on this machine; leave out --train.backend openai.")
    return settings


class TrainOrder(BaseModel):
    """All that a training child needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: str
    valid: str
    base: Base
    settings: LocalTraining
    threads: int
    framing: Framing = PLAIN
    share: float = 1.0  # of the run's steps, after which it pauses
