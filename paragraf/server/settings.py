"""What can be set about the server of the OpenAI protocol."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from paragraf.settings import Settings
from paragraf.stage import StageSettings
from paragraf.train.settings import LoraSettings


class ServeSettings(StageSettings):
    """How this machine serves the OpenAI protocol; it listens on 127.0.0.1 alone."""

    port: Annotated[int, Field(ge=1, le=65535, description="Port to listen on.")] = 8766
    models: Annotated[
        dict[str, str],
        Field(
            description="More names under which base models are served, as gpt-4o-mini=smollm2-135m-instruct, so that "
            "a script needs no change; the base model of the training settings is served under its own name."
        ),
    ] = {}  # noqa: RUF012  # pydantic copies it
    max_file_mb: Annotated[
        int, Field(ge=1, le=8192, description="Largest file that is taken, in MB; the protocol's own limit is 512.")
    ] = 512
    requests_per_minute: Annotated[
        int, Field(ge=1, description="Requests of one key in a minute; more are answered with 429.")
    ] = 6000
    batch_size: Annotated[int, Field(ge=1, le=1024, description="Answers of a model that are written at once.")] = 32
    precision: Annotated[
        Literal["bf16", "fp32"],
        Field(
            description="Numbers of the base models. In bf16 near-ties between two words can fall otherwise among "
            "other requests than alone; in fp32 answers are the same, with twice the memory, and slower."
        ),
    ] = "bf16"
    max_waiting: Annotated[int, Field(ge=1, description="Chat requests that may wait; more are answered with 503.")] = (
        512
    )
    answer_tokens: Annotated[
        int, Field(ge=1, le=131072, description="Longest answer in tokens where a request does not say it.")
    ] = 512


class ServerSettings(Settings):
    """All settings of the server: its own, and those of a run, of which it takes the training and the longest row."""

    serve: Annotated[ServeSettings, Field(title="Serve")] = ServeSettings()

    @model_validator(mode="after")
    def _trains_adapters(self) -> Self:
        if not isinstance(self.train, LoraSettings):
            raise ValueError("train.backend must be lora: adapters share one base model in memory")
        return self

    def training(self) -> LoraSettings:
        """What a job's own hyperparameters are put on top of."""
        assert isinstance(self.train, LoraSettings)  # noqa: S101  # validated above
        return self.train
