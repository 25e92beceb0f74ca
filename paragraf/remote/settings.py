"""What can be set about a training at an endpoint of the OpenAI protocol."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from paragraf.models import WHEEL_MODEL
from paragraf.protocol.address import safe_url
from paragraf.stage import StageSettings

ProfileName = Literal["local", "openai", "foundry", "nebius", "custom"]
_AutoOr = Literal["auto"]


class SupervisedMethod(StageSettings):
    """Learning from the right answers of the training rows."""

    kind: Annotated[Literal["supervised"], Field(description="Learn from the training rows' answers.")] = "supervised"


class DpoMethod(StageSettings):
    """Learning from pairs of answers, of which one is preferred."""

    kind: Annotated[Literal["dpo"], Field(description="Learn from pairs of a better and a worse answer.")]
    preferences: Annotated[
        str,
        Field(
            min_length=1,
            description="JSONL file of the pairs, with input, preferred_output and non_preferred_output.",
        ),
    ]
    beta: Annotated[
        Annotated[float, Field(gt=0, le=2)] | _AutoOr,
        Field(description="How closely the model stays with its base; higher is closer."),
    ] = "auto"


class OpenAITraining(StageSettings):
    """A training at an endpoint of the OpenAI protocol: a server of your own, Foundry, Nebius, OpenAI, any address."""

    backend: Annotated[
        Literal["openai"], Field(description="Train at an endpoint of the OpenAI protocol; key: OPENAI_API_KEY.")
    ]
    profile: Annotated[
        ProfileName,
        Field(description="Whose endpoint it is; local is `paragraf serve`, custom is any with a base_url."),
    ] = "local"
    base_url: Annotated[
        str, AfterValidator(lambda url: url and safe_url(url)), Field(description="Address up to and with /v1.")
    ] = ""
    model: Annotated[str, Field(min_length=1, description="Base model as the endpoint knows it.")] = WHEEL_MODEL
    tokenizer: Annotated[
        str,
        Field(
            min_length=1,
            description="Model here whose tokenizer measures the rows: built-in name, local folder or hub id.",
        ),
    ] = WHEEL_MODEL
    method: Annotated[
        SupervisedMethod | DpoMethod, Field(description="What is learned from: answers, or pairs of answers.")
    ] = SupervisedMethod()
    n_epochs: Annotated[
        Annotated[int, Field(ge=1, le=50)] | _AutoOr, Field(description="Passes over the rows, or auto.")
    ] = "auto"
    batch_size: Annotated[
        Annotated[int, Field(ge=1, le=256)] | _AutoOr, Field(description="Rows per optimiser step, or auto.")
    ] = "auto"
    learning_rate_multiplier: Annotated[
        Annotated[float, Field(gt=0)] | _AutoOr, Field(description="Times the endpoint's own rate, or auto.")
    ] = "auto"
    suffix: Annotated[str, Field(max_length=64, pattern=r"^[\w-]*$", description="Part of the new model's name.")] = (
        "paragraf"
    )
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, description="Same seed, same weights, if the endpoint can.")] = 7
    keep: Annotated[
        Literal["best", "last"],
        Field(description="The model that is kept: the checkpoint with the least validation loss, or the last state."),
    ] = "best"
    poll_seconds: Annotated[float, Field(ge=0.05, le=3600, description="Time between two looks at the job.")] = 10.0
    deadline_hours: Annotated[
        float, Field(gt=0, le=720, description="Hours after which the run ends; the job goes on, a later run follows.")
    ] = 24.0
    timeout_seconds: Annotated[float, Field(gt=0, le=3600, description="Silence after which a call is given up.")] = 60
    cancel_on_interrupt: Annotated[
        bool, Field(description="Cancel the job when the run is interrupted; otherwise the next run follows it on.")
    ] = False
    prices: Annotated[
        str, Field(description="YAML file with your prices, in the form of paragraf/data/prices.yaml; empty is that.")
    ] = ""

    @model_validator(mode="after")
    def _has_an_address(self) -> Self:
        if self.profile in ("custom", "foundry") and not self.base_url:
            raise ValueError(f"the profile {self.profile} needs a base_url (--train.base-url)")
        return self

    def job_facts(self) -> dict[str, object]:
        """What the trained model depends on, beside the rows."""
        names = {"profile", "base_url", "model", "method", "n_epochs", "batch_size", "learning_rate_multiplier"}
        return self.model_dump(mode="json", include=names | {"suffix", "seed"})
