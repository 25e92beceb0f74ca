"""What can be set about the language model that writes variants of training rows."""

import json
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from paragraf.models import WHEEL_MODEL
from paragraf.protocol.address import safe_url
from paragraf.stage import StageSettings


class NoGenerator(StageSettings):
    """No language model: techniques that need one are skipped."""

    kind: Annotated[Literal["none"], Field(description="Skip the techniques that need a language model.")] = "none"


class OpenAISettings(StageSettings):
    """Any endpoint that speaks the OpenAI protocol: OpenAI, Foundry, llama.cpp's server, vLLM, Ollama."""

    kind: Annotated[
        Literal["openai"], Field(description="Ask an endpoint of the OpenAI protocol; its key is in OPENAI_API_KEY.")
    ] = "openai"
    model: Annotated[str, Field(min_length=1, description="Model name as the endpoint knows it.")]
    base_url: Annotated[
        str, AfterValidator(safe_url), Field(description="Address of the endpoint, up to and with /v1.")
    ] = "https://api.openai.com/v1"
    concurrency: Annotated[int, Field(ge=1, le=256, description="Calls under way at once, at most.")] = 4
    max_retries: Annotated[
        int, Field(ge=0, le=20, description="How often a call is tried again after a rate limit or a fault.")
    ] = 5
    timeout_seconds: Annotated[float, Field(gt=0, le=3600, description="Silence after which a call is given up.")] = 60
    max_answer_tokens: Annotated[
        int, Field(ge=16, le=65_536, description="Longest answer in tokens; one that is cut off is not used.")
    ] = 1024
    temperature: Annotated[float, Field(ge=0, le=2, description="0 is the likeliest wording; higher varies more.")] = (
        0.7
    )
    input_price: Annotated[
        float, Field(ge=0, description="Price of a million tokens sent; 0 for a server of your own.")
    ] = 0.0
    output_price: Annotated[
        float, Field(ge=0, description="Price of a million tokens written; 0 for a server of your own.")
    ] = 0.0
    max_cost: Annotated[
        float, Field(ge=0, description="Most that one run may cost, in the currency of the prices.")
    ] = 1.0
    max_total_tokens: Annotated[
        int, Field(ge=0, description="Most tokens that one run may use, sent and written together.")
    ] = 2_000_000

    def maker(self) -> str:
        """What an answer depends on beside its request, as JSON."""
        names = ("base_url", "model", "max_answer_tokens", "temperature")
        return json.dumps(self.model_dump(include=set(names)), sort_keys=True)


class LocalSettings(StageSettings):
    """A Hugging Face model on this machine, opened like any base model."""

    kind: Annotated[Literal["local"], Field(description="Run a model on this machine.")] = "local"
    base_model: Annotated[
        str,
        Field(
            min_length=1,
            description="Built-in name, local folder or hub id; the built-in one is too small to write good variants.",
        ),
    ] = WHEEL_MODEL
    max_answer_tokens: Annotated[
        int, Field(ge=16, le=8192, description="Longest answer in tokens; one that is cut off is not used.")
    ] = 512
    batch_size: Annotated[int, Field(ge=1, le=512, description="Answers written at once.")] = 8


GeneratorSettings = NoGenerator | OpenAISettings | LocalSettings
