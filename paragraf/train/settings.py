"""What can be set about training, and the order that a training child works on."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from paragraf.models import WHEEL_MODEL, Base
from paragraf.stage import StageSettings


class LoraSettings(StageSettings):
    """Low-rank adapters trained on this machine.

    Defaults: all linear layers, rank 16 and a learning rate near 1e-3 taught this small model most in our runs
    (held-out answer loss 3.78 -> 0.81 after one epoch; rank 8 on q and v at 2e-4: 2.88).
    """

    backend: Annotated[Literal["lora"], Field(description="Train LoRA adapters on this machine.")] = "lora"
    base_model: Annotated[
        str, Field(min_length=1, description="Base model: the built-in name, a local folder, or a Hugging Face hub id.")
    ] = WHEEL_MODEL
    epochs: Annotated[
        float, Field(gt=0, le=100, description="Passes over the training rows; the default keeps a laptop's run short.")
    ] = 0.8
    learning_rate: Annotated[float, Field(gt=0, le=1, description="Peak of the cosine schedule.")] = 1e-3
    batch_size: Annotated[int, Field(ge=1, le=4096, description="Rows per optimiser step.")] = 4
    rank: Annotated[int, Field(ge=1, le=1024, description="Rank of the adapters.")] = 16
    alpha: Annotated[int, Field(ge=1, le=4096, description="Scale of the adapters; 2 x rank is usual.")] = 32
    dropout: Annotated[float, Field(ge=0, lt=1, description="Share of adapter inputs dropped while training.")] = 0.0
    warmup_share: Annotated[float, Field(ge=0, lt=1, description="Share of the steps in which the rate rises.")] = 0.05
    weight_decay: Annotated[float, Field(ge=0, le=1, description="Decay of the adapter weights.")] = 0.0
    checkpoint_steps: Annotated[
        int, Field(ge=1, description="Steps between checkpoints: the most that a kill can cost.")
    ] = 20
    validation_points: Annotated[
        int, Field(ge=1, le=1000, description="How often validation loss is measured, spread over the run.")
    ] = 2
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Same seed, same weights.")] = 7


TrainSettings = LoraSettings


class TrainOrder(BaseModel):
    """All that a training child needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: str
    valid: str
    base: Base
    settings: LoraSettings
    threads: int
